//! A command that cannot go on, with everything there is to say about it.

use super::{Diagnostic, Kind, Severity};
use std::fmt;

/// Why a command cannot go on: at least one error, all that could be found in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// Makes `Err` of a list that holds an error, and `Ok` of any other.
    ///
    /// # Errors
    /// The whole list, when at least one entry is an error.
    pub fn check(diagnostics: Vec<Diagnostic>) -> Result<Vec<Diagnostic>, Self> {
        if diagnostics.iter().any(|d| d.severity == Severity::Error) {
            Err(Self { diagnostics })
        } else {
            Ok(diagnostics)
        }
    }

    /// Gathers what stands in the way; at least one of them is an error.
    #[must_use]
    pub const fn of(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics }
    }

    /// Everything to tell, in order.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The kind of the first error, which decides the exit code.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.diagnostics
            .iter()
            .find(|d| d.severity == Severity::Error)
            .map_or(Kind::Bug, |d| d.kind)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic] }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            f.write_str(&diagnostic.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
