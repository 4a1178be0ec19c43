//! Docker: images, the network, volumes and containers of one stack.
//!
//! [`Reader`] takes one snapshot, [`diff`] compares it with the rendered
//! compose file without any call, [`Writer`] executes one decided operation.
//! Ownership is the label `io.otelctl.stack`; whatever lacks it is refused.
//! May not know the profile, templates, other providers or how to print.

mod archive;
mod beyond;
mod client;
mod configuration;
mod diff;
mod failure;
mod health;
mod inspect;
mod labels;
mod lifecycle;
mod log;
mod moment;
mod observed;
mod operation;
mod promtool;
mod pull;
mod reader;
mod replace;
mod request;
mod runtime;
mod spec;
mod trial;
mod writer;

pub use client::DEFAULT_HOST;
pub use configuration::Configuration;
pub use diff::{diff, remains};
pub use log::{LogLine, LogRequest, Take};
pub use observed::{Container, Image, Network, Observed, Published, State, Summary, Volume};
pub use operation::{Operation, PreviousFile, PutBack, RetiredContainer, RetiredNetwork};
pub use promtool::Blocks;
pub use reader::Reader;
pub use runtime::Runtime;
pub use spec::{ContainerSpec, NetworkSpec, VolumeSpec};
pub use trial::{Attempt, Trial, TrialFile, trials};
pub use writer::Writer;

use crate::artifact::compose::ComposeFile;
use crate::provider::Scraper;
use std::path::PathBuf;
use std::time::SystemTime;

/// What Docker should hold for one stack.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The stack's name, the value of the label `io.otelctl.stack`.
    pub stack: String,
    /// The compose project's name.
    pub project: String,
    /// `otel_dir`, where the compose file stands.
    pub directory: String,
    /// The rendered compose file; none: everything of the stack goes.
    pub compose: Option<ComposeFile>,
    /// The files that the same plan changes, as they are: a container that comes
    /// back after a failed swap must find its own again.
    pub previous: Vec<PreviousFile>,
    /// The files that a container which mounts them reads once, at its start.
    pub read_once: Vec<ReadOnce>,
    /// The container whose counters a Prometheus scrapes; none: no Prometheus is known.
    pub scraped: Option<Scraped>,
    /// Whether volumes that are not desired go too, with their data.
    pub remove_volumes: bool,
}

/// A container whose counters are scraped: what it has counted since then goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scraped {
    /// The container's name.
    pub container: String,
    /// Who scrapes it; an error says why nobody does at present.
    pub by: Result<Scraper, String>,
}

/// A file that is read once, and when it was written: its content is nobody's business here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOnce {
    /// The absolute path.
    pub path: PathBuf,
    /// When; none: by the plan itself, before any container changes.
    pub written: Option<SystemTime>,
}
