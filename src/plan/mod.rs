//! What would change, as pure data: changes, their order, limits, approval.
//!
//! May not know clients or async code. Providers' `diff` functions make the
//! [`Change`]s; only [`Plan::approve`] makes an [`Approved`] plan, and `apply`
//! takes nothing else.

mod approval;
mod change;
mod stage;

pub use approval::{Approved, Limits};
pub use change::{Action, Change, FieldDiff, Risk, Shown};
pub use stage::Stage;

use crate::diagnostic::Diagnostic;

/// Everything that would change, in the order in which it is done.
#[derive(Clone, Debug)]
pub struct Plan<O> {
    /// The stack's name.
    pub stack: String,
    changes: Vec<Change<O>>,
    trials: Vec<Change<O>>,
    /// What the user should know beside the changes.
    pub notes: Vec<Diagnostic>,
    /// What the user should know when the changes are made.
    pub afterwards: Vec<Diagnostic>,
}

impl<O> Plan<O> {
    /// Puts changes into the order of [`Stage`]; deletions come last, in reverse. Trials are
    /// no changes: they come before all but the images.
    #[must_use]
    pub fn new(stack: String, mut changes: Vec<Change<O>>, notes: Vec<Diagnostic>) -> Self {
        changes.sort_by_key(Change::order);
        let (trials, changes) =
            changes.into_iter().partition(|change| change.stage == Stage::Trial);
        Self { stack, changes, trials, notes, afterwards: Vec::new() }
    }

    /// Adds what the user should know when the changes are made.
    #[must_use]
    pub fn afterwards(mut self, afterwards: Vec<Diagnostic>) -> Self {
        self.afterwards = afterwards;
        self
    }

    /// The changes in the order in which they are done.
    #[must_use]
    pub fn changes(&self) -> &[Change<O>] {
        &self.changes
    }

    /// What is tried before anything is touched.
    #[must_use]
    pub fn trials(&self) -> &[Change<O>] {
        &self.trials
    }

    /// Says that nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(address: &str, action: Action, stage: Stage) -> Change<()> {
        Change::new(address, action, stage, ())
    }

    #[test]
    fn deletions_come_last_and_the_firewall_goes_last_of_all() {
        let plan = Plan::new(
            "otel".into(),
            vec![
                change("grafana/annotation", Action::Create, Stage::Mark),
                change("nft/table", Action::Delete, Stage::Firewall),
                change("docker/container/old", Action::Delete, Stage::Container),
                change("docker/container/new", Action::Create, Stage::Container),
                change("file/compose", Action::Create, Stage::File),
                change("docker/network/old", Action::Delete, Stage::Network),
            ],
            Vec::new(),
        );
        let order: Vec<&str> = plan.changes().iter().map(|c| c.address.as_str()).collect();
        assert_eq!(
            order,
            [
                "file/compose",
                "docker/container/new",
                "docker/container/old",
                "docker/network/old",
                "nft/table",
                "grafana/annotation"
            ]
        );
    }
}
