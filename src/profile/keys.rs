//! The keys of a profile, and what becomes of a key that is not one of them.
//!
//! `profile::otel_collector::` and `otelctl::` are closed; other namespaces
//! belong to the user.

use super::expect::nearest;
use super::key::KEYS;
use crate::diagnostic::{Diagnostic, Kind, Origin};
use crate::hiera::Entry;

/// The key outside every namespace.
pub const MANAGE: &str = "manage_otel_collector";
/// The user's firewall rules.
pub const RULES: &str = "profile::firewall::custom_rules";

/// The namespaces in which every key is otelctl's.
pub const CLOSED: [&str; 2] = ["profile::otel_collector::", "otelctl::"];

/// The names of every key that this version reads.
pub fn known() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|key| key.name)
}

/// What stands in the design and comes with a later version.
const LATER: [&str; 2] = ["otelctl::auth::", "otelctl::tls::"];

/// Judges one key of the file; none when there is nothing to say about it.
pub fn judge(entry: &Entry) -> Option<Diagnostic> {
    let key = entry.key.as_str();
    let origin = Origin::File(entry.location.clone());
    let later =
        |prefix: &&str| key == *prefix || (prefix.ends_with("::") && key.starts_with(*prefix));
    if LATER.iter().any(later) {
        let message = format!("`{key}` is not supported by this version");
        let error = Diagnostic::error(Kind::Profile, message).code("profile::unsupported");
        return Some(error.at(&origin).hint("remove the key"));
    }
    if known().any(|known| known == key) {
        return None;
    }
    let meant = meant(key);
    let diagnostic = if CLOSED.iter().any(|namespace| key.starts_with(namespace)) {
        Diagnostic::error(Kind::Profile, format!("unknown key `{key}`"))
            .code("profile::unknown-key")
    } else {
        // Other namespaces are the user's own, but a slip of the pen is not.
        meant.as_ref()?;
        Diagnostic::warning(format!("`{key}` is not read")).code("profile::unread-key")
    };
    let diagnostic = diagnostic.at(&origin);
    Some(match meant {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    })
}

/// Says which key was probably meant.
pub fn meant(key: &str) -> Option<String> {
    let group = format!("{key}::");
    if let Some(first) = known().find(|known| known.starts_with(&group)) {
        return Some(format!("write each setting as a key of its own, such as `{first}`"));
    }
    let last = key.rsplit("::").next().unwrap_or(key);
    let closed = CLOSED.iter().any(|namespace| key.starts_with(namespace));
    let same_name = || known().find(|known| known.ends_with(&format!("::{last}")));
    nearest(key, known())
        .or_else(|| if closed { same_name() } else { None })
        .map(|known| format!("did you mean `{known}`?"))
}

#[cfg(test)]
mod tests {
    use super::{judge, known};
    use crate::diagnostic::{Location, Severity};
    use crate::hiera::{Entry, Node, Value};

    fn entry(key: &str) -> Entry {
        let location =
            Location { layer: "profile".into(), file: "p.yaml".into(), line: 1, column: 1 };
        let node = Node::new(Value::Null, location.clone());
        Entry { key: key.to_owned(), location, node }
    }

    #[test]
    fn closed_namespaces_refuse_and_others_are_left_alone() {
        let told = |key: &str| judge(&entry(key)).map(|d| (d.severity, d.hint));
        let meant = |key: &str| Some(format!("did you mean `{key}`?"));
        for (key, expected) in [
            (
                "profile::otel_collector::otel_grpc_prot",
                Some((Severity::Error, meant("profile::otel_collector::otel_grpc_port"))),
            ),
            ("otelctl::batch_timeout", Some((Severity::Error, meant("profile::otel_collector::batch_timeout")))),
            ("otelctl::zzz", Some((Severity::Error, None))),
            (
                "otelctl::prometheus",
                Some((
                    Severity::Error,
                    Some("write each setting as a key of its own, such as `otelctl::prometheus::mode`".into()),
                )),
            ),
            ("otelctl::auth::token", Some((Severity::Error, Some("remove the key".into())))),
            ("manage_otel_colector", Some((Severity::Warning, meant("manage_otel_collector")))),
            ("profile::nginx::port", None),
            ("profile::prometheus::port", None),
            ("classes", None),
        ] {
            assert_eq!(told(key), expected, "{key}");
        }
        for key in known() {
            assert_eq!(told(key), None, "{key}");
        }
    }
}
