//! Limits that a plan must keep before it may run.

use super::{Change, Plan, Risk};
use crate::diagnostic::{Diagnostic, Kind};

/// What a run may do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Whether data may be lost for good (`destroy --volumes`).
    pub allow_destructive: bool,
}

/// A plan that keeps its limits; only [`Plan::approve`] makes one.
#[derive(Debug)]
pub struct Approved<O> {
    plan: Plan<O>,
}

impl<O> Plan<O> {
    /// Lets a plan run, if it keeps the limits.
    ///
    /// # Errors
    /// Names every destructive change when those are not allowed.
    pub fn approve(self, limits: Limits) -> Result<Approved<O>, Diagnostic> {
        let refused: Vec<&str> = self
            .changes()
            .iter()
            .filter(|change| change.risk == Risk::Destructive && !limits.allow_destructive)
            .map(|change| change.address.as_str())
            .collect();
        if refused.is_empty() {
            return Ok(Approved { plan: self });
        }
        let mut error = Diagnostic::error(Kind::Refused, "the plan would destroy data")
            .code("plan::destructive");
        for address in refused {
            error = error.cause(format!("`{address}` would be lost for good"));
        }
        Err(error.hint("add `--volumes` when that is what you want"))
    }
}

impl<O> Approved<O> {
    /// The changes in the order in which they are done.
    #[must_use]
    pub fn changes(&self) -> &[Change<O>] {
        self.plan.changes()
    }

    /// What is tried before anything is touched.
    #[must_use]
    pub fn trials(&self) -> &[Change<O>] {
        self.plan.trials()
    }

    /// The plan that was approved.
    #[must_use]
    pub const fn plan(&self) -> &Plan<O> {
        &self.plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Action, Stage};

    #[test]
    fn destructive_changes_need_their_own_permission() {
        let plan = || {
            let lost = Change::new("docker/volume/data", Action::Delete, Stage::Network, ())
                .risk(Risk::Destructive);
            Plan::new("otel".into(), vec![lost], Vec::new())
        };
        let refused = plan().approve(Limits::default()).expect_err("must be refused");
        assert_eq!(refused.kind, Kind::Refused);
        assert!(plan().approve(Limits { allow_destructive: true }).is_ok());
    }
}
