//! What a user should know about the release of the collector that the profile pins.
//!
//! How its configuration is written is `render`'s; here stands what no
//! configuration cures. Each fact names its source.

use crate::diagnostic::{Diagnostic, Kind, Sourced};
use crate::profile::Version;

/// The first release that was proved to count exactly.
const OLDEST: Version = Version::new(0, 91, 0);
/// The last one.
const NEWEST: Version = Version::new(0, 155, 0);
/// Between them, those that were proved by recordings and load (`docs/results/collectors.md`).
const BETWEEN: [Version; 2] = [Version::new(0, 98, 0), Version::new(0, 122, 0)];

/// The setting that a hint names.
const IMAGE: &str = "profile::otel_collector::otel_collector_image";

/// A way in which releases before one lose what they refuse.
struct Refusal {
    /// The first release that does not.
    cured: Version,
    /// How they answer.
    answer: &'static str,
}

/// How the OTLP receiver answers what the memory limiter refuses, by its sources:
/// `internal/*/otlp.go` has no code of its own in 0.92.0 and `codes.Unavailable`
/// in 0.93.0; `writeError` of `otlphttp.go` writes 500 in 0.97.0 and the code's
/// own status, 503, in 0.98.0. Measured: 0.91.0 and 0.155.0 with the real client,
/// which sends again after 503 and UNAVAILABLE only.
const REFUSALS: [Refusal; 2] = [
    Refusal { cured: Version::new(0, 93, 0), answer: "500 over HTTP and UNKNOWN over gRPC" },
    Refusal { cured: Version::new(0, 98, 0), answer: "500 over HTTP" },
];

/// Looks at a release.
pub(super) fn notes(version: &Sourced<Version>, setting: &str) -> Vec<Diagnostic> {
    let release = version.value;
    if release < OLDEST {
        let message = format!(
            "the collector {release} is older than {OLDEST}, the first that counts exactly"
        );
        let error = Diagnostic::error(Kind::Profile, message).code("stack::old-collector");
        let hint = format!("pin a tag from {OLDEST} to {NEWEST} in `{IMAGE}`");
        return vec![error.at(&version.origin).hint(hint)];
    }
    let refusal = REFUSALS.iter().find(|refusal| release < refusal.cured).map(|refusal| {
        let message = format!(
            "short of memory, the collector {release} answers {}: clients do not send again",
            refusal.answer
        );
        let cured = REFUSALS.iter().map(|refusal| refusal.cured).max().unwrap_or(NEWEST);
        let note = Diagnostic::note(message).code("stack::refusals-are-lost");
        let hint = format!("from {cured} on they do; {NEWEST} is proved: pin it in `{IMAGE}`");
        note.at(&version.origin).hint(hint)
    });
    let proved = release == OLDEST || release == NEWEST || BETWEEN.contains(&release);
    let unproved = (!proved).then(|| {
        let message = if release > NEWEST {
            format!("the collector {release} is newer than {NEWEST}, the last that was proved")
        } else {
            let between: Vec<String> = BETWEEN.iter().map(Version::to_string).collect();
            let between = between.join(", ");
            format!("the collectors {OLDEST}, {between} and {NEWEST} were proved, not {release}")
        };
        let note = Diagnostic::note(message).code("stack::unproved-collector");
        let hint = format!("run `otelctl verify` after `apply`; `{setting}` says the release");
        note.at(&version.origin).hint(hint)
    });
    refusal.into_iter().chain(unproved).collect()
}

#[cfg(test)]
mod tests {
    use super::notes;
    use crate::diagnostic::{Severity, Sourced};
    use crate::profile::Version;

    fn told(minor: u64) -> Vec<(Severity, &'static str, String)> {
        let version = Sourced::default_value(Version::new(0, minor, 0));
        let notes = notes(&version, "k").into_iter();
        notes.map(|note| (note.severity, note.code.unwrap_or_default(), note.message)).collect()
    }

    #[test]
    fn each_release_has_its_notes() {
        let codes = |minor| told(minor).iter().map(|(_, code, _)| *code).collect::<Vec<_>>();
        assert_eq!(codes(90), ["stack::old-collector"]);
        assert_eq!(told(90)[0].0, Severity::Error);
        assert_eq!(codes(91), ["stack::refusals-are-lost"]);
        assert_eq!(codes(97), ["stack::refusals-are-lost", "stack::unproved-collector"]);
        assert_eq!(codes(98), [""; 0]);
        assert_eq!(codes(122), [""; 0]);
        assert_eq!(codes(123), ["stack::unproved-collector"]);
        assert_eq!(codes(155), [""; 0]);
        assert_eq!(codes(156), ["stack::unproved-collector"]);
    }

    #[test]
    fn what_is_lost_depends_on_the_protocol() {
        assert!(told(92)[0].2.contains("UNKNOWN over gRPC"));
        assert!(!told(93)[0].2.contains("gRPC"));
    }
}
