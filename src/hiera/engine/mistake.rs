//! How the engine words what goes wrong.

use super::Outcome;
use crate::diagnostic::{Diagnostic, Failure, Kind, Location, Origin};
use std::path::Path;
use std::sync::Arc;

/// Starts an error in somebody's data or configuration.
pub fn mistake(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Kind::Profile, message).code(code)
}

/// Starts an error that stands at a place.
pub fn mistake_at(
    code: &'static str,
    message: impl Into<String>,
    location: &Location,
) -> Diagnostic {
    mistake(code, message).at(&Origin::File(location.clone()))
}

/// Ends the lookup with one error.
pub fn fail<T>(diagnostic: Diagnostic) -> Outcome<T> {
    Err(Box::new(Failure::from(diagnostic)))
}

/// The first place of a file.
pub fn start_of(path: &Path, layer: &Arc<str>) -> Location {
    Location { layer: layer.clone(), file: path.to_string_lossy().into(), line: 1, column: 1 }
}

/// Adds to every error which key was being looked up.
pub fn while_looking_up<T>(outcome: Outcome<T>, key: &str) -> Outcome<T> {
    outcome.map_err(|failure| {
        let told = |diagnostic: &Diagnostic| {
            let cause = format!("while looking up `{key}`");
            let mut diagnostic = diagnostic.clone();
            if diagnostic.causes.len() < 8 && diagnostic.causes.last() != Some(&cause) {
                diagnostic.causes.push(cause);
            }
            diagnostic
        };
        Box::new(Failure::of(failure.diagnostics().iter().map(told).collect()))
    })
}
