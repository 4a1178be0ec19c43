//! Trials: what a plan is about to bring is tried in containers that go at once.
//!
//! A trial publishes no port, mounts nothing of the host and no volume: its files are sent
//! into the container, secrets as placeholders. It carries the label of the stack, so that
//! one which a killed run left behind is removed by the next. [`trials`] decides, without
//! any call, what is worth trying; a trial that fails has changed nothing.

mod decide;
mod run;

#[cfg(test)]
mod tests;

pub use decide::trials;

use crate::artifact::compose::Service;

/// One trial, fully decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The stack's name, for the label.
    pub stack: String,
    /// The name of the container.
    pub name: String,
    /// The service that is to run; its ports and mounts are left out.
    pub service: Service,
    /// The files that it finds where the service mounts them.
    pub files: Vec<TrialFile>,
    /// What is tried.
    pub attempt: Attempt,
}

/// A file for a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialFile {
    /// The absolute path in the container.
    pub path: String,
    /// The whole content.
    pub bytes: Vec<u8>,
}

/// What is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The collector judges its configuration, and starts nothing.
    Validate,
    /// The collector starts, and has to answer.
    Start {
        /// The network that it joins, to be asked; none: it has to go on running.
        network: Option<String>,
        /// Port and path of the health URL; none: it has to go on running.
        health: Option<(u16, String)>,
    },
    /// Prometheus's `promtool` judges its configuration and rules.
    Promtool {
        /// The path of the configuration in the container.
        file: String,
    },
}
