//! A snapshot of the user's configuration and of what their Prometheus answers.

use crate::artifact::prometheus::{Interval, ScrapeJob};
use crate::provider::prometheus::{LoadedGroup, Target};
use crate::system::Running;
use crate::system::disk::Attributes;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Everything that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The configuration; none when there is no such file.
    pub file: Option<ConfigFile>,
    /// What answers at the URL.
    pub server: Server,
    /// The process behind the URL; none when it is not on this host, or reads another file.
    pub process: Option<Process>,
    /// The `promtool` that knows this Prometheus's files; none when there is none.
    pub promtool: Option<PathBuf>,
}

/// The user's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    /// The file itself, all symbolic links followed.
    pub path: PathBuf,
    /// Its content.
    pub text: Text,
    /// Its mode and owners.
    pub attributes: Attributes,
    /// A killed run has left a half-made file beside it.
    pub unfinished: bool,
}

/// The bytes of somebody else's file, which may hold a password: never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(pub Vec<u8>);

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.0.len())
    }
}

/// What answers at the URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Server {
    /// Nobody listens there.
    Absent,
    /// A Prometheus.
    Answers(Box<Answers>),
}

/// What a Prometheus says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Its version, such as `2.42.0+ds`.
    pub version: String,
    /// Its flag `config.file`.
    pub config_file: PathBuf,
    /// Whether `POST /-/reload` works.
    pub lifecycle: bool,
    /// How long it keeps samples; none when a size alone or nothing it says decides.
    pub retention: Option<Interval>,
    /// What it has loaded.
    pub loaded: Loaded,
}

/// What a Prometheus has loaded, as far as the stack goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// `rule_files`, as it prints them.
    pub rule_files: Vec<String>,
    /// `scrape_config_files`, as it prints them.
    pub scrape_files: Vec<String>,
    /// The job of the stack's name in `scrape_configs`.
    pub job: Option<ScrapeJob>,
    /// Its rule groups, of all files.
    pub groups: Vec<LoadedGroup>,
    /// The active targets of the stack's job.
    pub targets: Vec<Target>,
    /// How it prints desired expressions that look unlike every loaded one.
    pub reprinted: BTreeMap<String, String>,
    /// Whether it took its files when it last read them.
    pub took_files: bool,
}

/// The process of a Prometheus on this host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// The process.
    pub running: Running,
    /// Its service, when systemd runs and the service can be reloaded.
    pub reloadable: Option<String>,
}
