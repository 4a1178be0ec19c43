//! The time now, and the zone whose days count.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The time now, and the zone whose days count.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Now.
    pub now: Timestamp,
    /// The zone whose midnights begin days.
    pub zone: TimeZone,
}

impl Clock {
    /// The zone's name, `Europe/Berlin`; of one without a name, the offset of a moment.
    #[must_use]
    pub fn zone_name(&self, at: Timestamp) -> String {
        match self.zone.iana_name() {
            Some(name) => name.to_owned(),
            None => self.shown(at, "UTC%:z"),
        }
    }

    /// A moment as a clock of the zone shows it: `2026-11-01 14:05`.
    #[must_use]
    pub fn minute(&self, at: Timestamp) -> String {
        self.shown(at, "%Y-%m-%d %H:%M")
    }

    /// The day of a moment: `2026-11-01`.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> String {
        self.shown(at, "%Y-%m-%d")
    }

    /// A moment with the offset of the zone, by RFC 3339.
    #[must_use]
    pub fn rfc3339(&self, at: Timestamp) -> String {
        self.shown(at, "%Y-%m-%dT%H:%M:%S%:z")
    }

    fn shown(&self, at: Timestamp, format: &str) -> String {
        at.to_zoned(self.zone.clone()).strftime(format).to_string()
    }
}
