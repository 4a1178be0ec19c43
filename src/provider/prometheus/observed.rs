//! A snapshot of what a Prometheus answers.

use crate::artifact::prometheus::{Interval, LoadedConfig, Rule};
use std::collections::BTreeMap;

/// What was found at the URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observed {
    /// Nothing listens there; at a first apply the container comes in the same plan.
    NotRunning,
    /// It listens and is not ready yet, while it reads its own storage.
    Starting,
    /// It does not answer in time, or not as a Prometheus does; why.
    Unreadable(String),
    /// It answers.
    Loaded(Box<Loaded>),
}

/// What a running Prometheus has loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Its configuration.
    pub config: LoadedConfig,
    /// Its rule groups, of all files.
    pub groups: Vec<LoadedGroup>,
    /// Its active targets.
    pub targets: Vec<Target>,
    /// How long it keeps samples; none when it does not say.
    pub retention: Option<Interval>,
    /// How this Prometheus prints desired expressions that look unlike every
    /// loaded one, so that `sum(x) by (y)` is known to be `sum by (y) (x)`.
    pub reprinted: BTreeMap<String, String>,
}

/// A loaded rule group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedGroup {
    /// The file it was read from, as Prometheus names it.
    pub file: String,
    /// Its name.
    pub name: String,
    /// How often it is evaluated.
    pub interval: Option<Interval>,
    /// Its rules, in order.
    pub rules: Vec<Rule>,
}

/// An active target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The scrape job it belongs to.
    pub job: String,
    /// The URL that is scraped.
    pub url: String,
    /// How often it is scraped, if the version says so.
    pub interval: Option<Interval>,
    /// How its last scrape went.
    pub health: Health,
    /// What went wrong in the last scrape; empty when nothing did.
    pub last_error: String,
}

/// How a target's last scrape went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It succeeded.
    Up,
    /// It failed.
    Down,
    /// There was none yet.
    Unknown,
}
