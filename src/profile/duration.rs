//! Durations in Prometheus's and in Go's notation, and sizes in Docker's.

use super::expect::{Mistake, Read};
use crate::hiera::{Node, Value};

/// Reads a Prometheus duration such as `400d` or `1h30m`: whole numbers, units
/// from the largest to the smallest, each once. Zero is refused.
pub fn prometheus(node: &Node) -> Read<String> {
    read(node, "a duration such as `15s`, `1h30m` or `400d`", is_prometheus)
}

/// Reads a Go duration such as `200ms` or `1.5s`. Zero is refused.
pub fn go(node: &Node) -> Read<String> {
    read(node, "a duration such as `200ms`, `1s` or `1m30s`", is_go)
}

/// Reads a size of json-file log rotation such as `10m`.
pub fn log_size(node: &Node) -> Read<String> {
    read(node, "a size such as `512k`, `10m` or `1g`", |text| {
        text.strip_suffix(['k', 'm', 'g']).is_some_and(is_positive)
    })
}

fn read(node: &Node, expected: &str, holds: impl Fn(&str) -> bool) -> Read<String> {
    match &node.value {
        Value::Text(text) if holds(text) => Ok(text.clone()),
        Value::Text(_) => Mistake::invalid(node, expected).only(),
        Value::Integer(_) | Value::Float(_) => {
            Mistake::wrong_type(node, expected).hint("add the unit").only()
        }
        _ => Mistake::wrong_type(node, expected).only(),
    }
}

fn is_positive(digits: &str) -> bool {
    digits.len() <= 9
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.parse::<u64>().is_ok_and(|n| n > 0)
}

/// Splits `1h30m` into its numbers and units.
fn parts(mut text: &str) -> Option<Vec<(&str, &str)>> {
    let mut parts = Vec::new();
    while !text.is_empty() {
        let number_end = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, rest) = text.split_at(number_end);
        let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let (unit, rest) = rest.split_at(unit_end);
        parts.push((number, unit));
        text = rest;
    }
    (!parts.is_empty() && parts.len() <= 7).then_some(parts)
}

/// Prometheus's units of time, the longest first, in milliseconds.
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// The milliseconds of a Prometheus duration.
#[must_use]
pub fn milliseconds(text: &str) -> Option<u64> {
    parts(text)?.into_iter().try_fold(0_u64, |sum, (number, unit)| {
        let (_, factor) = UNITS.iter().find(|(known, _)| *known == unit)?;
        sum.checked_add(number.parse::<u64>().ok()?.checked_mul(*factor)?)
    })
}

fn is_prometheus(text: &str) -> bool {
    let Some(parts) = parts(text) else { return false };
    let ranks: Option<Vec<usize>> =
        parts.iter().map(|(_, unit)| UNITS.iter().position(|(known, _)| known == unit)).collect();
    let whole = |number: &str| {
        (1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
    };
    ranks.is_some_and(|ranks| ranks.is_sorted_by(|a, b| a < b))
        && parts.iter().all(|(number, _)| whole(number))
        && parts.iter().any(|(number, _)| is_positive(number))
}

/// Go's units of time, in seconds.
const GO_UNITS: [(&str, f64); 7] = [
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
];

/// The seconds of a Go duration.
#[must_use]
pub fn go_seconds(text: &str) -> Option<f64> {
    parts(text)?.into_iter().try_fold(0.0, |sum, (number, unit)| {
        let (_, factor) = GO_UNITS.iter().find(|(known, _)| *known == unit)?;
        Some(sum + number.parse::<f64>().ok()? * factor)
    })
}

fn is_go(text: &str) -> bool {
    let is_unit = |unit: &str| GO_UNITS.iter().any(|(known, _)| *known == unit);
    let number = |number: &str| {
        number.len() <= 9
            && number.bytes().any(|b| b.is_ascii_digit())
            && number.matches('.').count() <= 1
    };
    parts(text).is_some_and(|parts| {
        parts.iter().all(|(digits, unit)| number(digits) && is_unit(unit))
            && parts.iter().any(|(digits, _)| digits.bytes().any(|b| (b'1'..=b'9').contains(&b)))
    })
}

#[cfg(test)]
mod tests {
    use super::{go_seconds, is_go, is_prometheus, milliseconds};

    #[test]
    fn durations_add_up() {
        assert_eq!(milliseconds("1d12h"), Some(36 * 3_600_000));
        assert_eq!(milliseconds("5m30s7ms"), Some(330_007));
        assert_eq!(milliseconds("15"), None);
        assert_eq!(go_seconds("1m1.5s"), Some(61.5));
        assert_eq!(go_seconds("15"), None);
    }

    #[test]
    fn knows_prometheus_durations() {
        for good in ["15s", "1h30m", "400d", "1y2w3d4h5m6s7ms", "0h1s"] {
            assert!(is_prometheus(good), "{good}");
        }
        for bad in
            ["", "15", "s", "1.5s", "30m1h", "1s1s", "0s", "-1s", "1us", "1 s", "99999999999s"]
        {
            assert!(!is_prometheus(bad), "{bad}");
        }
    }

    #[test]
    fn knows_go_durations() {
        for good in ["1s", "200ms", "1.5h", ".5s", "1m30s", "5µs"] {
            assert!(is_go(good), "{good}");
        }
        for bad in ["", "1", "1d", "0s", "0.0s", "1..5s", ".s", "-1s", "s1"] {
            assert!(!is_go(bad), "{bad}");
        }
    }
}
