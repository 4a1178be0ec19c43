//! What is wrong with a client's environment, and what comes of it.
//!
//! Owns the table of rules. Each states one measured fact about the CLI; each
//! has rows in the table of tests.

mod certificate;
mod endpoint;
mod header;
mod identity;
mod layer;
mod place;
mod protocol;
mod route;
mod scene;
mod switch;
#[cfg(test)]
mod tests;

pub use endpoint::{Endpoint, Scheme};
pub use route::Route;

use super::{Effective, Signal};
use crate::diagnostic::{Diagnostic, Severity};
use crate::stack::Stack;
use scene::Scene;

/// Something to tell, and the signals that it is about.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The signals that do not arrive, if it is an error.
    pub signals: Vec<Signal>,
    /// What to tell.
    pub diagnostic: Diagnostic,
}

/// What an environment comes to.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// How signals go to a receiver, one entry for those that go the same way.
    pub routes: Vec<Route>,
    /// All that is to be told.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    /// The first reason for which a signal does not arrive.
    #[must_use]
    pub fn obstacle(&self, signal: Signal) -> Option<&Diagnostic> {
        let of_signal = |finding: &&Finding| {
            finding.diagnostic.severity == Severity::Error && finding.signals.contains(&signal)
        };
        self.findings.iter().find(of_signal).map(|finding| &finding.diagnostic)
    }
}

/// One rule: looks at a scene and tells what it finds.
type Rule = fn(&Scene<'_>) -> Vec<Finding>;

/// Every rule, with the codes that it tells, in the order in which they are told.
const RULES: [(&[&str], Rule); 13] = [
    (&["client::disabled"], switch::enabled),
    (&["client::exporter"], switch::exporters),
    (&["client::traces"], switch::traces),
    (&["client::interval"], switch::intervals),
    (&["client::protocol-unknown", "client::protocol-unset"], protocol::protocol),
    (&["client::endpoint-unset", "client::endpoint-scheme", "client::endpoint-url"], place::url),
    (&["client::port"], place::port),
    (&["client::endpoint-path"], place::path),
    (&["client::stack"], place::stack),
    (
        &["client::service-name", "client::service-version", "client::attributes"],
        identity::identity,
    ),
    (&["client::headers", "client::headers-helper"], header::headers),
    (&["client::certificate"], certificate::certificates),
    (&["client::ignored", "client::overridden", "client::misspelt"], layer::layers),
];

/// Judges an environment; with a stack, also against what that one offers.
#[must_use]
pub fn diagnose(effective: &Effective, stack: Option<&Stack>) -> Diagnosis {
    let scene = Scene::new(effective, stack);
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|(_, rule)| rule(&scene)).collect();
    findings.extend(effective.warnings.iter().map(|warning| scene.about_all(warning.clone())));
    Diagnosis { routes: scene.routes, findings }
}
