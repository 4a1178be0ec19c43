//! How long Prometheus keeps samples, held against what the rules remember.

use super::RULE_MEMORY_DAYS;
use crate::diagnostic::Diagnostic;
use crate::profile::{Mode, PrometheusSettings, milliseconds};

/// The memory of the recording rules, in milliseconds.
const MEMORY: u64 = RULE_MEMORY_DAYS as u64 * 86_400_000;

/// Warns of a retention that forgets before the rules do.
pub fn too_short(settings: &PrometheusSettings) -> Option<Diagnostic> {
    let retention = &settings.retention;
    if settings.mode.value == Mode::None || milliseconds(&retention.value)? >= MEMORY {
        return None;
    }
    let message = format!(
        "Prometheus forgets after {} what the recording rules remember for {RULE_MEMORY_DAYS}d",
        retention.value
    );
    let warning = Diagnostic::warning(message).code("stack::short-retention").at(&retention.origin);
    let cause = "a collector that runs on, unscraped for as long, is counted a second time";
    let hint = format!("set `otelctl::prometheus::retention` to {RULE_MEMORY_DAYS}d or more");
    Some(warning.cause(cause).hint(hint))
}

#[cfg(test)]
mod tests {
    use crate::stack::build::tests::{build, told};

    #[test]
    fn what_forgets_before_the_rules_is_told() {
        let told = |retention: &str| {
            let stack = build(&format!("otelctl::prometheus::retention: {retention}"), &[]);
            told(&stack).contains("Prometheus forgets after")
        };
        assert!(told("15d") && told("34d23h"));
        assert!(!told("5w") && !told("1y"));
    }
}
