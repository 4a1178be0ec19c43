//! Every decision about Docker: a pure comparison, without any call.

mod container;
mod network;
mod obstacle;
mod orphan;
mod replacement;
mod scraped;
mod secret;
mod volume;

pub use orphan::remains;

#[cfg(test)]
pub(super) mod scene;
#[cfg(test)]
mod tests;

use super::{Desired, Observed, Operation};
use crate::diagnostic::Diagnostic;
use crate::plan::{Action, Change, Stage};
use std::collections::BTreeSet;

/// Compares what is desired with what there is.
///
/// # Errors
/// Everything that stands in the way and is not ours, all at once.
pub fn diff(
    desired: &Desired,
    observed: &Observed,
) -> Result<Vec<Change<Operation>>, Vec<Diagnostic>> {
    let mut comparison = Comparison {
        desired,
        observed,
        changes: Vec::new(),
        errors: Vec::new(),
        retired: BTreeSet::new(),
    };
    if let Some(file) = &desired.compose {
        comparison.images(file);
        let network = comparison.network(file);
        comparison.volumes(file);
        comparison.containers(file, &network);
    }
    comparison.orphans();
    if comparison.errors.is_empty() { Ok(comparison.changes) } else { Err(comparison.errors) }
}

/// A comparison under way.
struct Comparison<'a> {
    desired: &'a Desired,
    observed: &'a Observed,
    changes: Vec<Change<Operation>>,
    errors: Vec<Diagnostic>,
    /// Ids of containers and networks that a replacement already removes.
    retired: BTreeSet<String>,
}

impl Comparison<'_> {
    fn images(&mut self, file: &crate::artifact::compose::ComposeFile) {
        let references: BTreeSet<&String> =
            file.services.values().map(|service| &service.image).collect();
        for reference in references {
            if !self.observed.images.contains_key(reference) {
                let operation = Operation::PullImage { reference: reference.clone() };
                self.changes.push(
                    Change::new(
                        format!("docker/image/{reference}"),
                        Action::Create,
                        Stage::Image,
                        operation,
                    )
                    .because("it is not on this host"),
                );
            }
        }
    }

    fn is_ours(&self, stack: Option<&str>) -> bool {
        stack == Some(self.desired.stack.as_str())
    }
}
