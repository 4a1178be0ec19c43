//! Whether a Prometheus can take samples of its past, and in blocks of which length.

use super::import::seconds;

const HOUR: i64 = 3_600_000;

/// The shortest block, in milliseconds: what Prometheus writes first.
const SHORTEST: i64 = 2 * HOUR;

/// The longest that Prometheus makes by itself, of what the settings here allow.
const LONGEST: i64 = 162 * HOUR;

/// The first release that reads blocks which overlap.
const OLDEST: (u32, u32) = (2, 39);

/// What Prometheus says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    /// Its version: `3.5.0`.
    pub version: String,
    /// Where its blocks lie, in its container.
    pub folder: String,
    /// How long it keeps samples, in milliseconds; none: as long as there is room.
    pub retention: Option<i64>,
    /// Whether it also forgets when there is no room: where that was, nobody can tell.
    pub is_sized: bool,
    /// The earliest time that is still in memory and in no block, in milliseconds since 1970.
    pub head: i64,
}

/// Why nothing can be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is too old to have blocks that overlap.
    Version,
    /// The time is still in memory: blocks would have Prometheus forget that at its next
    /// start. It will be in a block at about this time, in seconds since 1970.
    Recent(i64),
}

impl Storage {
    /// The length of blocks, in milliseconds: as Prometheus makes them from others, but no
    /// longer than a tenth of what it keeps, for it forgets whole blocks.
    #[must_use]
    pub fn block(&self) -> i64 {
        let limit = self.retention.map_or(LONGEST, |retention| (retention / 10).min(LONGEST));
        let mut block = SHORTEST;
        while block * 3 <= limit {
            block *= 3;
        }
        block
    }

    /// Says whether samples up to a time, in milliseconds since 1970, may be imported.
    ///
    /// # Errors
    /// Why not.
    pub fn takes(&self, last: i64) -> Result<(), Unfit> {
        let mut parts = self.version.split('.').map_while(|part| part.parse::<u32>().ok());
        let version = (parts.next().unwrap_or(u32::MAX), parts.next().unwrap_or_default());
        if version < OLDEST {
            return Err(Unfit::Version);
        }
        if last < self.head {
            return Ok(());
        }
        // Memory becomes a block once it holds three hours; blocks end at even hours.
        let after = |time: i64| (time.div_euclid(SHORTEST) + 1) * SHORTEST;
        let ready = if last < after(self.head) { self.head + 3 * HOUR } else { after(last) + HOUR };
        #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970 fit")]
        Err(Unfit::Recent(seconds(ready).ceil() as i64 + 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storage(version: &str, retention: i64) -> Storage {
        let retention = (retention > 0).then_some(retention * 24 * HOUR);
        Storage {
            version: version.into(),
            folder: "/p".into(),
            retention,
            is_sized: false,
            head: 10 * HOUR,
        }
    }

    #[test]
    fn blocks_are_as_long_as_the_retention_allows() {
        assert_eq!(storage("3.5.0", 400).block(), 162 * HOUR);
        assert_eq!(storage("3.5.0", 0).block(), 162 * HOUR);
        assert_eq!(storage("3.5.0", 15).block(), 18 * HOUR);
        assert_eq!(storage("3.5.0", 1).block(), 2 * HOUR);
    }

    #[test]
    fn memory_is_left_alone() {
        let storage = |version| storage(version, 400);
        assert_eq!(storage("3.5.0").takes(10 * HOUR - 1), Ok(()));
        assert_eq!(storage("2.42.0+ds").takes(0), Ok(()));
        assert_eq!(storage("2.38.0").takes(0), Err(Unfit::Version));
        let at = |hours: i64| Err(Unfit::Recent(hours * 3600 + 60));
        assert_eq!(storage("3.5.0").takes(10 * HOUR), at(13));
        assert_eq!(storage("3.5.0").takes(13 * HOUR), at(15));
    }
}
