//! A collector version, comparable.

use std::fmt;

/// A release such as `0.91.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// First number.
    pub major: u64,
    /// Second number.
    pub minor: u64,
    /// Third number.
    pub patch: u64,
}

impl Version {
    /// Joins three numbers.
    #[must_use]
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self { major, minor, patch }
    }

    /// Reads `0.91.0`, `v0.91.0` or a tag such as `0.91.0-amd64`; nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let core = text.split(['-', '+']).next()?;
        let mut numbers = core.split('.').map(|part| part.parse::<u64>().ok());
        let version = Self::new(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn reads_tags_and_refuses_what_is_no_version() {
        assert_eq!(Version::parse("0.91.0"), Some(Version::new(0, 91, 0)));
        assert_eq!(Version::parse("v0.155.0-amd64"), Some(Version::new(0, 155, 0)));
        for bad in ["latest", "0.91", "0.91.0.1", "", "a.b.c"] {
            assert_eq!(Version::parse(bad), None, "{bad}");
        }
        assert!(Version::new(0, 91, 0) < Version::new(0, 155, 0));
    }
}
