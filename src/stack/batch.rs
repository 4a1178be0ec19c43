//! How long points wait in the collector's last batch, held against what a stop may cost.

use crate::diagnostic::{Diagnostic, Sourced};
use crate::profile::go_seconds;

/// What a planned stop loses at most by default, in seconds of exports.
const PROMISED: f64 = 1.0;

/// From a scrape to the signal that ends the collector, in seconds.
const HASTE: f64 = 0.25;

/// Tells of a batch that makes a planned stop cost more than a second of exports.
pub(super) fn too_long(timeout: &Sourced<String>) -> Option<Diagnostic> {
    let seconds = go_seconds(&timeout.value)?;
    if seconds + HASTE <= PROMISED {
        return None;
    }
    let message = format!("points wait for {} before they can be scraped", timeout.value);
    let cause = "what waits is lost when the collector stops, also when it is restarted as planned";
    let hint =
        "the default of `profile::otel_collector::batch_timeout` is 200ms, and costs as much";
    let note = Diagnostic::note(message).code("stack::long-batch").at(&timeout.origin);
    Some(note.cause(cause).hint(hint))
}

#[cfg(test)]
mod tests {
    use crate::stack::build::tests::{build, told};

    #[test]
    fn a_batch_that_costs_more_than_a_second_is_told() {
        let told = |timeout: &str| {
            let stack = build(&format!("profile::otel_collector::batch_timeout: {timeout}"), &[]);
            told(&stack).contains("points wait for")
        };
        assert!(told("1s") && told("1m") && told(".8s"));
        assert!(!told("200ms") && !told("750ms"));
    }
}
