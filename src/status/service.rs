//! One service of a stack.

use std::fmt;
use std::time::Duration;

/// One service of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The compose service: `otel-collector`, `prometheus`, `grafana`.
    pub name: String,
    /// Whether the profile asks for it.
    pub wanted: bool,
    /// Its container's name; none where there is no container.
    pub container: Option<String>,
    /// How it is.
    pub state: State,
    /// How long it has been so.
    pub age: Option<Duration>,
    /// How often Docker has started it again.
    pub restarts: i64,
    /// The image as the profile names it.
    pub image: String,
    /// The version that runs, as the service itself says or as the image is named.
    pub version: Option<String>,
}

/// How a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It runs and answers.
    Healthy,
    /// It runs and does not answer.
    Unhealthy,
    /// It ends again and again.
    Restarting,
    /// It is paused.
    Paused,
    /// It has ended with this code, or never ran.
    Stopped(Option<i64>),
    /// There is no container.
    Absent,
}

impl State {
    /// Says that it works.
    #[must_use]
    pub const fn is_well(self) -> bool {
        matches!(self, Self::Healthy)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Healthy => f.pad("healthy"),
            Self::Unhealthy => f.pad("unhealthy"),
            Self::Restarting => f.pad("restarting"),
            Self::Paused => f.pad("paused"),
            Self::Stopped(Some(code)) if *code != 0 => f.pad(&format!("exited {code}")),
            Self::Stopped(_) => f.pad("stopped"),
            Self::Absent => f.pad("absent"),
        }
    }
}
