//! The systems that otelctl changes: one module each, none knows another.
//!
//! Each provider has the same three parts. A *reader* observes once, into a
//! snapshot; `diff` compares that with what is desired, without any call; a
//! *writer* executes one operation and decides nothing.

pub mod docker;
pub mod files;
pub mod firewall;
pub mod grafana;
pub mod prometheus;
pub mod secrets;
pub mod service;

mod readers;
mod trials;
mod wanted;

pub use prometheus::Scraper;
pub use readers::{Observed, Readers};
pub use wanted::{Decision, Wanted};

use crate::diagnostic::Diagnostic;

/// Receives one short line at a time about work that takes long (`pulling … 40 %`).
pub type Progress<'a> = &'a (dyn Fn(&str) + 'a);

/// Reads the state of one system. A reader has no way to write.
pub trait Observe {
    /// What the observation is about.
    type Desired;
    /// A snapshot that answers every question `diff` has.
    type Observed;

    /// Takes the snapshot.
    fn observe(
        &self,
        desired: &Self::Desired,
    ) -> impl Future<Output = Result<Self::Observed, Diagnostic>>;
}

/// Changes one system.
pub trait Execute {
    /// One call, fully decided.
    type Operation;

    /// Runs one operation.
    fn execute(
        &self,
        operation: &Self::Operation,
        progress: Progress<'_>,
    ) -> impl Future<Output = Result<(), Diagnostic>>;
}

/// One operation of any provider.
#[derive(Clone, Debug)]
pub enum Operation {
    /// A file or folder.
    File(files::Operation),
    /// A Docker object.
    Docker(docker::Operation),
    /// A secret file.
    Secret(secrets::Operation),
    /// The stack's nft table.
    Firewall(firewall::Operation),
    /// What Prometheus has loaded.
    Prometheus(prometheus::Operation),
    /// A unit of systemd.
    Service(service::Operation),
    /// What Grafana holds.
    Grafana(grafana::Operation),
    /// The user's own Prometheus.
    ExternalPrometheus(prometheus::external::Operation),
}
