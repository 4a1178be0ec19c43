//! What the user's own Prometheus answers badly, in words, with exit code and cure.

use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::prometheus::api::{CallError, Reason};
use reqwest::StatusCode;

/// Says that a call gave no usable answer.
///
/// 401 and 403 are a matter of permission (77); everything else (no answer,
/// half of one, garbage, any other status) means that there is no Prometheus
/// to be reached at this URL now (69).
pub(in crate::provider::prometheus) fn unusable(
    error: &CallError,
    message: String,
    url: &str,
) -> Diagnostic {
    let (kind, hint) = match &error.reason {
        Reason::Status { status: StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, .. } => {
            let keys = "`otelctl::prometheus::username` and `otelctl::prometheus::password`";
            (Kind::Permission, format!("correct {keys}"))
        }
        Reason::Status { status: StatusCode::TOO_MANY_REQUESTS, .. } => {
            (Kind::Unreachable, "try again when it has less to do".to_owned())
        }
        Reason::Status { status, .. } if status.is_server_error() => {
            (Kind::Unreachable, format!("see the log of the Prometheus at `{url}`"))
        }
        Reason::Status { .. } | Reason::Garbage(_) => (
            Kind::Unreachable,
            format!("set `otelctl::prometheus::url` to a Prometheus; `{url}` is something else"),
        ),
        Reason::NoAnswer(_) | Reason::BrokenOff(_) => (
            Kind::Unreachable,
            format!("start the Prometheus at `{url}`, or correct `otelctl::prometheus::url`"),
        ),
    };
    let told = Diagnostic::error(kind, message).code("prometheus::answer");
    caused_by(told, error).hint(hint)
}

/// Adds a call's failure as causes, without what an answer quotes.
pub(super) fn caused_by(diagnostic: Diagnostic, error: &CallError) -> Diagnostic {
    let mut told = diagnostic.caused_by(error);
    for cause in &mut told.causes {
        // The call's own URL stands in backticks, too, and is no secret.
        if cause.starts_with("Prometheus answers") {
            *cause = without_values(cause);
        }
    }
    told
}

/// Takes the values out of a message about somebody else's configuration.
///
/// A YAML error quotes the text that it cannot read, a bad URL its password.
pub(super) fn without_values(text: &str) -> String {
    let mut parts = text.split('`');
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        clean.push('`');
        clean.push_str(if index % 2 == 0 { "…" } else { part });
    }
    let word = |word: &str| match (word.find("://"), word.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            let (head, tail) = (word.get(..scheme + 3), word.get(at..));
            format!("{}…{}", head.unwrap_or_default(), tail.unwrap_or_default())
        }
        _ => word.to_owned(),
    };
    clean.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::without_values;

    #[test]
    fn values_of_somebody_else_are_left_out() {
        for (text, clean) in [
            (
                "line 3: cannot unmarshal !!str `hunter2...` into config.plain",
                "line 3: cannot unmarshal !!str `…` into config.plain",
            ),
            ("bad URL \"http://me:hunter2@host/x\" here", "bad URL \"http://…@host/x\" here"),
            ("line 7: field passwort not found", "line 7: field passwort not found"),
            ("open `hunter2", "open `…"),
        ] {
            assert_eq!(without_values(text), clean);
        }
    }
}
