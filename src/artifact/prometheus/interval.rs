//! A duration as Prometheus writes it, comparable however it is written.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// A whole number of milliseconds, written such as `15s` or `1m30s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Interval {
    milliseconds: u64,
}

/// The units of Prometheus's durations in milliseconds, the longest first; a
/// unit marked `true` is only printed when it leaves nothing over.
const UNITS: [(&str, u64, bool); 7] = [
    ("y", 365 * 86_400_000, true),
    ("w", 7 * 86_400_000, true),
    ("d", 86_400_000, false),
    ("h", 3_600_000, false),
    ("m", 60_000, false),
    ("s", 1_000, false),
    ("ms", 1, false),
];

impl Interval {
    /// One minute: Prometheus's default for scrapes and rule evaluations.
    pub const MINUTE: Self = Self { milliseconds: 60_000 };

    /// Reads `1m30s`: whole numbers, each with its unit, the longest unit first.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "0" {
            return Some(Self { milliseconds: 0 });
        }
        let mut rest = text;
        let mut units = UNITS.iter();
        let mut milliseconds = 0_u64;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let (number, tail) = rest.split_at_checked(digits)?;
            let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
            let (unit, tail) = tail.split_at_checked(letters)?;
            // The iterator goes on where it stopped, so each unit comes once and in order.
            let (_, factor, _) = units.find(|(name, ..)| *name == unit)?;
            let amount = number.parse::<u64>().ok()?.checked_mul(*factor)?;
            milliseconds = milliseconds.checked_add(amount)?;
            rest = tail;
        }
        (!text.is_empty()).then_some(Self { milliseconds })
    }

    /// Makes an interval of the seconds that Prometheus's API gives.
    #[must_use]
    pub fn from_seconds(seconds: f64) -> Option<Self> {
        let duration = Duration::try_from_secs_f64(seconds).ok()?;
        Some(Self { milliseconds: u64::try_from(duration.as_millis()).ok()? })
    }

    /// The same length of time for a clock.
    #[must_use]
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.milliseconds)
    }
}

impl TryFrom<String> for Interval {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is no duration such as `15s`"))
    }
}

impl From<Interval> for String {
    fn from(interval: Interval) -> Self {
        interval.to_string()
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.milliseconds;
        if rest == 0 {
            return f.write_str("0s");
        }
        for (unit, factor, exact) in UNITS {
            if rest < factor || (exact && !rest.is_multiple_of(factor)) {
                continue;
            }
            write!(f, "{}{unit}", rest / factor)?;
            rest %= factor;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;

    #[test]
    fn prints_as_prometheus_prints() {
        for (written, printed) in [
            ("60s", "1m"),
            ("15s", "15s"),
            ("90s", "1m30s"),
            ("1h30m", "1h30m"),
            ("86400s", "1d"),
            ("14d", "2w"),
            ("8d", "8d"),
            ("1500ms", "1s500ms"),
            ("0s", "0s"),
        ] {
            let interval = Interval::parse(written).expect(written);
            assert_eq!(interval.to_string(), printed);
            assert_eq!(Interval::parse(printed), Some(interval));
        }
        assert_eq!(Interval::from_seconds(60.0), Interval::parse("1m"));
    }

    #[test]
    fn refuses_what_prometheus_refuses() {
        for bad in ["", "15", "s", "1.5s", "15 s", "1s1m", "1m1m", "-1s", "99999999999999999999s"] {
            assert_eq!(Interval::parse(bad), None, "{bad}");
        }
    }
}
