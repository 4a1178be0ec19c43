//! One named check and how it went.

use crate::diagnostic::Diagnostic;

/// One named check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The hop it is about: `health`, `receiver grpc`, `receiver http`, `exporter`, `prometheus`.
    pub name: &'static str,
    /// How it went.
    pub outcome: Outcome,
}

/// How a check went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should; what was seen, in a few words.
    Passed {
        /// What was seen, such as `7 counters grew by what was sent`.
        detail: String,
    },
    /// Not as it should.
    Failed(Diagnostic),
    /// An earlier hop failed.
    NotReached,
}

impl Outcome {
    /// Says that all is well.
    #[must_use]
    pub const fn is_passed(&self) -> bool {
        matches!(self, Self::Passed { .. })
    }
}

impl Check {
    pub(super) fn passed(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, outcome: Outcome::Passed { detail: detail.into() } }
    }

    pub(super) const fn failed(name: &'static str, diagnostic: Diagnostic) -> Self {
        Self { name, outcome: Outcome::Failed(diagnostic) }
    }

    pub(super) const fn not_reached(name: &'static str) -> Self {
        Self { name, outcome: Outcome::NotReached }
    }
}
