//! A call that gave no usable answer: what it means, and how it is told.
//!
//! | answer | kind, exit code |
//! |---|---|
//! | none, half of one, too late, not Grafana's, a redirect, 404 where Grafana has something | `Unreachable`, 69 |
//! | 429 or 503 beyond the patience | `Unreachable`, 69 |
//! | 401, 403 | `Permission`, 77 |
//! | 406, 409, 412 | `Refused`, 73 |
//! | any other status | `Failed`, 1 |

use super::connection::Door;
use crate::diagnostic::{Diagnostic, Kind, innermost};
use reqwest::{Method, StatusCode};
use std::error::Error;
use std::io::ErrorKind;

/// A call that gave no usable answer.
#[derive(Debug, thiserror::Error)]
#[error("cannot {method} `{url}`")]
pub(super) struct CallError {
    pub(super) method: Method,
    pub(super) url: String,
    #[source]
    pub(super) reason: Reason,
}

/// Why a call gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Reason {
    /// No whole HTTP answer came.
    #[error("{}", innermost(.0))]
    NoAnswer(reqwest::Error),
    /// The answer is a refusal; `message` is what Grafana says of it.
    #[error("Grafana answers {status}{}", said(.message))]
    Status { status: StatusCode, message: String },
    /// The answer is not what the API promises.
    #[error("the answer is not that of a Grafana: {0}")]
    Garbage(String),
}

fn said(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

impl CallError {
    /// The status that refused the call.
    pub(super) const fn status(&self) -> Option<StatusCode> {
        match &self.reason {
            Reason::Status { status, .. } => Some(*status),
            Reason::NoAnswer(_) | Reason::Garbage(_) => None,
        }
    }

    /// The object does not exist.
    pub(super) fn is_missing(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Nobody is there, nobody is ready, or it is no Grafana.
    pub(super) fn is_not_there(&self) -> bool {
        match &self.reason {
            Reason::NoAnswer(_) | Reason::Garbage(_) => true,
            Reason::Status { status, .. } => {
                status.is_redirection() || *status == StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    /// Whether the call did its work is not known: its answer never came, or makes no sense.
    pub(super) fn is_lost(&self) -> bool {
        match &self.reason {
            Reason::NoAnswer(error) => !refused(error),
            Reason::Garbage(_) => true,
            Reason::Status { status, .. } => status.is_redirection() || status.is_server_error(),
        }
    }

    /// Somebody else wrote, or has what was to be made.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self.status(), Some(StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED))
    }

    /// What Grafana says of its refusal.
    pub(super) fn message(&self) -> &str {
        match &self.reason {
            Reason::Status { message, .. } => message,
            Reason::NoAnswer(_) | Reason::Garbage(_) => "",
        }
    }

    /// What helps where no usable answer came.
    fn cure(&self, door: &Door) -> String {
        // The TLS library has no type for it that the client would pass on.
        let untrusted = matches!(&self.reason, Reason::NoAnswer(error)
            if innermost(error).contains("certificate"));
        if untrusted {
            return "name who signed its certificate in `otelctl::grafana::ca_file`".to_owned();
        }
        door.look()
    }

    /// Says it to the user, under a message of what could not be done.
    pub(super) fn diagnostic(&self, message: impl Into<String>, door: &Door) -> Diagnostic {
        let Some(status) = self.status() else {
            return Diagnostic::error(Kind::Unreachable, message)
                .code("grafana::unreachable")
                .caused_by(self)
                .at(&door.url_origin)
                .hint(self.cure(door));
        };
        let (kind, code, hint) = match status {
            StatusCode::UNAUTHORIZED => {
                let error = Diagnostic::error(Kind::Permission, message).code("grafana::access");
                return error.caused_by(self).at(&door.origin).hint(door.new_key());
            }
            StatusCode::FORBIDDEN => {
                let error = Diagnostic::error(Kind::Permission, message).code("grafana::access");
                return error.caused_by(self).at(&door.origin).hint(door.more_rights());
            }
            StatusCode::NOT_ACCEPTABLE | StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => {
                (Kind::Refused, "grafana::refused", "see `otelctl plan`".to_owned())
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                (Kind::Unreachable, "grafana::busy", format!("wait a while, or {}", door.look()))
            }
            // Objects that are missing are no errors; this is a path that every Grafana has.
            _ if status.is_redirection()
                || (status == StatusCode::NOT_FOUND && self.method == Method::GET) =>
            {
                let hint = format!("give {} the address that answers the API itself", door.url_key);
                (Kind::Unreachable, "grafana::unreachable", hint)
            }
            _ => (Kind::Failed, "grafana::failed", door.look()),
        };
        Diagnostic::error(kind, message).code(code).caused_by(self).at(&door.url_origin).hint(hint)
    }
}

/// Nobody listens, so nothing was sent.
fn refused(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return io.kind() == ErrorKind::ConnectionRefused;
        }
        next = error.source();
    }
    error.is_builder()
}
