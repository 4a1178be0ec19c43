//! The operations on the user's own Prometheus, fully decided.

use super::{Desired, Layout, Text};
use crate::system::Running;
use crate::system::disk::Attributes;
use std::path::PathBuf;

/// One call of the writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Changes the configuration and has it read.
    Configure(Box<Configure>),
    /// Removes the half-made file that a killed run left.
    RemoveUnfinished {
        /// The configuration beside which it lies.
        path: PathBuf,
    },
}

/// How a Prometheus is told to read its files again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reload {
    /// By `POST /-/reload`.
    Endpoint,
    /// By `systemctl reload` of this service.
    Service(String),
    /// By SIGHUP to this process.
    Signal(Running),
}

/// A change of the configuration, from the check to the loaded state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configure {
    /// What must be loaded in the end.
    pub desired: Desired,
    /// The way the job is put there.
    pub layout: Layout,
    /// Whether the rules are ours to load; otherwise another stack's are.
    pub rules: bool,
    /// The configuration, all symbolic links followed.
    pub path: PathBuf,
    /// Its mode and owners, which stay.
    pub attributes: Attributes,
    /// What it holds, for as long as nobody else writes it.
    pub before: Text,
    /// What it shall hold; none: it is right.
    pub after: Option<Text>,
    /// What is put back when Prometheus refuses; none: nothing.
    pub fallback: Option<Text>,
    /// The `promtool` that checks it first.
    pub promtool: Option<PathBuf>,
    /// How it is read again; none: Prometheus does not run.
    pub reload: Option<Reload>,
    /// Whether Prometheus took its files when it last read them.
    pub took_files: bool,
}
