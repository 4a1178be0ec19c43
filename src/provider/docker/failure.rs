//! Turns an error of the client library into a diagnostic with its causes.

use crate::diagnostic::{Diagnostic, Kind};
use bollard::errors::Error;

/// Says what could not be done, which call failed, and what Docker said.
pub(super) fn failed(what: impl Into<String>, call: &str, error: &Error) -> Diagnostic {
    match error {
        Error::DockerResponseServerError { status_code, message } => {
            Diagnostic::error(Kind::Failed, what)
                .cause(format!("Docker answered {status_code} for {call}"))
                .cause(message.trim())
        }
        Error::DockerStreamError { error } => Diagnostic::error(Kind::Failed, what)
            .cause(format!("Docker broke off {call}"))
            .cause(error.trim()),
        Error::RequestTimeoutError => Diagnostic::error(Kind::Unreachable, what)
            .cause(format!("Docker did not answer {call} in time")),
        other => Diagnostic::error(Kind::Unreachable, what)
            .cause(format!("Docker gave no readable answer for {call}"))
            .caused_by(other),
    }
}

/// Says whether an error only means that the object does not exist.
pub(super) const fn is_absent(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 404, .. })
}

/// Lets a missing object be `None`.
pub(super) fn present<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}
