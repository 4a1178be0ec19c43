//! How long Prometheus keeps samples, held against what the rules remember.

use crate::diagnostic::Diagnostic;
use crate::profile::{Mode, PrometheusSettings};

/// The memory of the recording rules, in milliseconds: 35 days.
const MEMORY: u64 = 35 * 86_400_000;

/// Prometheus's units of time in milliseconds, the longest words first.
const UNITS: [(&str, u64); 7] = [
    ("ms", 1),
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
];

/// Warns of a retention that forgets before the rules do.
pub fn too_short(settings: &PrometheusSettings) -> Option<Diagnostic> {
    let retention = &settings.retention;
    if settings.mode.value == Mode::None || milliseconds(&retention.value)? >= MEMORY {
        return None;
    }
    let message = format!(
        "Prometheus forgets after {} what the recording rules remember for 35d",
        retention.value
    );
    let warning = Diagnostic::warning(message).code("stack::short-retention").at(&retention.origin);
    let cause = "a collector that runs on, unscraped for as long, is counted a second time";
    Some(warning.cause(cause).hint("set `otelctl::prometheus::retention` to 35d or more"))
}

/// Reads a duration that the profile has checked.
fn milliseconds(mut text: &str) -> Option<u64> {
    let mut sum: u64 = 0;
    while !text.is_empty() {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = text.split_at_checked(digits)?;
        let (unit, factor) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
        sum = sum.checked_add(number.parse::<u64>().ok()?.checked_mul(*factor)?)?;
        text = rest.strip_prefix(unit)?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::milliseconds;
    use crate::stack::build::tests::{build, told};

    #[test]
    fn durations_add_up() {
        assert_eq!(milliseconds("1d12h"), Some(36 * 3_600_000));
        assert_eq!(milliseconds("5m30s7ms"), Some(330_007));
        assert_eq!(milliseconds("15"), None);
    }

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
