//! The units that should be installed.

use crate::artifact::{Artifact, path};
use crate::stack::Stack;

/// The units of one stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// The units that should be installed, enabled and active.
    pub units: Vec<Unit>,
    /// Every unit that any profile of this stack asks for; those not desired go.
    pub known: Vec<String>,
    /// Addresses of foreign units that the user lets otelctl replace.
    pub adopt: Vec<String>,
    /// Where the rendered units stand, for messages.
    pub rendered: String,
    /// The rendered ruleset, which must be loaded at boot; none: no firewall of ours.
    pub ruleset: Option<String>,
}

/// One unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its name: `otel-collector.service`.
    pub name: String,
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Whether it calls the command `docker`.
    pub calls_docker: bool,
}

impl Desired {
    /// Reads what the artifacts ask for; without artifacts, nothing is to be left.
    #[must_use]
    pub fn of(stack: &Stack, artifacts: &[Artifact], adopt: &[String]) -> Self {
        let names = [
            (path::FIREWALL_UNIT, &stack.units.firewall, false),
            (path::COLLECTOR_UNIT, &stack.units.collector, true),
        ];
        let bytes = |path: &str| {
            let found = artifacts.iter().find(|artifact| artifact.path == path);
            found.map(|artifact| artifact.bytes.to_vec())
        };
        let unit = |(path, name, calls_docker): &(&str, &String, bool)| {
            let (name, calls_docker) = ((*name).clone(), *calls_docker);
            bytes(path).map(|bytes| Unit { name, bytes, calls_docker })
        };
        let directory = &stack.directory.value;
        Self {
            units: names.iter().filter_map(unit).collect(),
            known: names.iter().map(|(_, name, _)| (*name).clone()).collect(),
            adopt: adopt.to_vec(),
            rendered: format!("{directory}/systemd"),
            ruleset: bytes(path::FIREWALL).map(|_| format!("{directory}/{}", path::FIREWALL)),
        }
    }
}
