//! One thing to tell the user.

use super::{Kind, Origin};

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Works, though probably not as meant.
    Warning,
    /// Stops the command.
    Error,
}

/// One thing to tell the user: the thing, where, its causes, and a cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Decides the exit code of an error.
    pub kind: Kind,
    /// A stable name such as `profile::unknown-key`, for searching the docs.
    pub code: Option<&'static str>,
    /// A lower-case fragment in the present tense, without a full stop.
    pub message: String,
    /// Where it stands.
    pub origin: Origin,
    /// The chain of causes, the nearest first.
    pub causes: Vec<String>,
    /// A command or an edit that cures it.
    pub hint: Option<String>,
}

impl Diagnostic {
    fn new(severity: Severity, kind: Kind, message: impl Into<String>) -> Self {
        Self {
            severity,
            kind,
            code: None,
            message: message.into(),
            origin: Origin::Default,
            causes: Vec::new(),
            hint: None,
        }
    }

    /// Starts an error.
    pub fn error(kind: Kind, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, kind, message)
    }

    /// Starts a warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, Kind::Failed, message)
    }

    /// Starts a note.
    pub fn note(message: impl Into<String>) -> Self {
        Self::new(Severity::Note, Kind::Failed, message)
    }

    /// Gives the stable name.
    #[must_use]
    pub const fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Gives the place.
    #[must_use]
    pub fn at(mut self, origin: &Origin) -> Self {
        self.origin = origin.clone();
        self
    }

    /// Adds one cause.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Adds an error and all its sources as causes.
    #[must_use]
    pub fn caused_by(mut self, error: &dyn std::error::Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            let text = error.to_string();
            // Many libraries repeat their source in their own text.
            if self.causes.last().is_none_or(|last| !last.ends_with(&text)) {
                self.causes.push(text);
            }
            next = error.source();
        }
        self
    }

    /// Gives the cure.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The last source of an error: what lies between is often a library's own business.
#[must_use]
pub fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}
