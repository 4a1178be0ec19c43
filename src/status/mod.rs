//! What runs of a stack right now, as plain data: `status` gathers it, `report`
//! shows it.
//!
//! Owns the judgement whether all that should run does. May not know clients.

mod service;

pub use service::{Service, State};

use crate::diagnostic::Diagnostic;
use crate::stack::{Metric, Port};

/// Everything that `status` shows.
#[derive(Clone, Debug)]
pub struct Status {
    /// The stack's name.
    pub stack: String,
    /// `otel_dir`.
    pub directory: String,
    /// What should run, and whatever else of the stack does.
    pub services: Vec<Service>,
    /// The ports that the stack publishes.
    pub ports: Vec<Port>,
    /// The counters' totals, without `verify`'s sessions; none: the exporter does not answer.
    pub counters: Option<Vec<(Metric, f64)>>,
    /// The nft table.
    pub firewall: Table,
    /// The units of systemd.
    pub units: Units,
    /// What `plan` would say.
    pub drift: Drift,
}

/// The nft table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Table {
    /// The profile leaves the firewall to somebody else.
    Unmanaged,
    /// It is loaded; its name.
    Loaded(String),
    /// It is not there, and the published ports are unfiltered; its name.
    Missing(String),
    /// It cannot be read.
    Unknown(Diagnostic),
}

/// The units of systemd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Units {
    /// Name, `ActiveState`, `UnitFileState` of each.
    Known(Vec<Unit>),
    /// There are none here, and why.
    None(String),
    /// systemd cannot be asked.
    Unknown(Diagnostic),
}

/// One unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// `active`, `inactive`, `failed`, …
    pub active: String,
    /// `enabled`, `disabled`, …; empty where it is not installed.
    pub enabled: String,
}

/// What `plan` would say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drift {
    /// So many changes are pending.
    Pending(usize),
    /// There is no plan, and why.
    Unknown(Diagnostic),
}

impl Status {
    /// Says whether all that should run does: every service answers, and the
    /// table is loaded where the firewall is otelctl's.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let services =
            self.services.iter().all(|service| !service.wanted || service.state.is_well());
        services && !matches!(self.firewall, Table::Missing(_))
    }
}

#[cfg(test)]
mod tests;
