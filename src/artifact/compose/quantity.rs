//! Memory, durations and restart policies as compose writes them.

use std::fmt;

/// An amount of memory; the text is kept, since docker-compose hashes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Bytes.
    pub bytes: u64,
    /// As written: `640m`.
    pub text: String,
}

impl Memory {
    /// Reads `640m`; units are powers of 1024.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let (_, unit) = text.split_at_checked(digits.len())?;
        let factor = match unit {
            "b" => 1,
            "k" | "kb" => 1 << 10,
            "m" | "mb" => 1 << 20,
            "g" | "gb" => 1 << 30,
            _ => return None,
        };
        let bytes = digits.parse::<u64>().ok()?.checked_mul(factor)?;
        // Docker refuses less than 6 MiB, and its field is signed.
        (bytes >= 6 << 20 && i64::try_from(bytes).is_ok())
            .then(|| Self { bytes, text: text.to_owned() })
    }
}

/// A duration; the text is kept, since docker-compose hashes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    /// Seconds.
    pub seconds: u32,
    /// As written: `1m30s`.
    pub text: String,
}

impl Duration {
    /// Reads `10s`, `1m30s`, `1h`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut seconds = 0_u32;
        let mut number = String::new();
        let mut last = u32::MAX;
        for c in text.chars() {
            let unit = match c {
                '0'..='9' => {
                    number.push(c);
                    continue;
                }
                'h' => 3600,
                'm' => 60,
                's' => 1,
                _ => return None,
            };
            if unit >= last {
                return None;
            }
            last = unit;
            seconds = seconds.checked_add(number.parse::<u32>().ok()?.checked_mul(unit)?)?;
            number.clear();
        }
        (number.is_empty() && last != u32::MAX).then(|| Self { seconds, text: text.to_owned() })
    }
}

/// When Docker restarts a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Never.
    No,
    /// Always, even after it was stopped by hand, once Docker starts.
    Always,
    /// Always, unless it was stopped by hand.
    UnlessStopped,
    /// When it exits with an error, at most so many times (0: without end).
    OnFailure(u32),
}

impl Restart {
    /// Reads compose's short form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "no" => Some(Self::No),
            "always" => Some(Self::Always),
            "unless-stopped" => Some(Self::UnlessStopped),
            "on-failure" => Some(Self::OnFailure(0)),
            _ => text.strip_prefix("on-failure:")?.parse().ok().map(Self::OnFailure),
        }
    }

    /// Docker's name of the policy.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Always => "always",
            Self::UnlessStopped => "unless-stopped",
            Self::OnFailure(_) => "on-failure",
        }
    }

    /// How often, if the policy counts (0: without end).
    #[must_use]
    pub const fn retries(self) -> u32 {
        match self {
            Self::OnFailure(retries) => retries,
            Self::No | Self::Always | Self::UnlessStopped => 0,
        }
    }
}

impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self.retries() {
            0 => Ok(()),
            retries => write!(f, ":{retries}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Memory, Restart};

    #[test]
    fn quantities() {
        assert_eq!(Memory::parse("640m").map(|m| m.bytes), Some(671_088_640));
        for bad in ["640", "1k", "m", "1.5g", "640M", "-1m", "99999999999999999999g"] {
            assert_eq!(Memory::parse(bad), None, "{bad}");
        }
        assert_eq!(Duration::parse("1m30s").map(|d| d.seconds), Some(90));
        for bad in ["", "10", "s", "1s1m", "1s1s", "1 s"] {
            assert_eq!(Duration::parse(bad), None, "{bad}");
        }
        assert_eq!(Restart::parse("on-failure:3"), Some(Restart::OnFailure(3)));
        assert_eq!(Restart::parse("sometimes"), None);
    }
}
