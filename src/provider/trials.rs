//! What is tried before a plan touches anything, decided from all of its changes.

use super::{Observed, Operation, Wanted, docker, files, firewall};
use crate::plan::Change;

/// Decides the trials of a plan that consists of `changes`.
pub(super) fn trials(
    wanted: &Wanted,
    docker: &docker::Desired,
    observed: &Observed,
    changes: &[Change<Operation>],
) -> Vec<Change<Operation>> {
    let written = changes.iter().filter_map(|change| match &change.operation {
        Operation::File(files::Operation::Write { path, .. }) => Some(path.clone()),
        _ => None,
    });
    let artifacts = &wanted.files.artifacts;
    let containers = docker::trials(docker, &observed.docker, artifacts, &written.collect());
    let tables = changes.iter().filter_map(|change| match &change.operation {
        Operation::Firewall(operation) => firewall::trial(operation),
        _ => None,
    });
    let tables = tables.map(|trial| trial.map(Operation::Firewall));
    // What costs least comes first.
    tables.chain(containers.into_iter().map(|trial| trial.map(Operation::Docker))).collect()
}
