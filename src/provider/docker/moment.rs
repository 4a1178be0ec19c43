//! When something was, by Docker's timestamps (RFC 3339, UTC).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Returns how long ago a timestamp was; nothing for one in the future, or no timestamp.
pub(super) fn age(timestamp: &str) -> Option<Duration> {
    SystemTime::now().duration_since(time(timestamp)?).ok()
}

/// Returns the moment of a timestamp; nothing for one before 1970, or no timestamp.
pub(super) fn time(timestamp: &str) -> Option<SystemTime> {
    let fraction = timestamp.split_once('.').map_or("0", |(_, rest)| rest.trim_end_matches('Z'));
    let nanoseconds = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    UNIX_EPOCH.checked_add(Duration::new(seconds(timestamp)?, nanoseconds))
}

/// Seconds since 1970 of `2026-11-22T15:09:45.911948989Z`, the fraction left out.
pub(super) fn seconds(timestamp: &str) -> Option<u64> {
    let (date, time) = timestamp.strip_suffix('Z')?.split_once('T')?;
    let numbers = |text: &str, by: char| -> Option<Vec<u64>> {
        text.split(by).map(|part| part.parse().ok()).collect()
    };
    let time = time.split('.').next()?;
    let (&[year, month, day], &[hour, minute, second]) =
        (numbers(date, '-')?.as_slice(), numbers(time, ':')?.as_slice())
    else {
        return None;
    };
    // A year that begins in March has its odd day at its end.
    let (year, month) =
        if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    let since_1970 = days.checked_sub(719_469)?;
    Some(since_1970 * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::{age, seconds, time};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn counts_as_the_calendar_does() {
        for (timestamp, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:00:00.5Z", Some(951_825_600)),
            ("2026-11-22T15:09:45.911948989Z", Some(1_795_360_185)),
            ("0001-01-01T00:00:00Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(seconds(timestamp), expected, "{timestamp}");
        }
        let exact = |timestamp| time(timestamp)?.duration_since(UNIX_EPOCH).ok();
        assert_eq!(exact("1970-01-01T00:00:01.5Z"), Some(Duration::from_millis(1500)));
        assert_eq!(exact("1970-01-01T00:00:01Z"), Some(Duration::from_secs(1)));
        assert_eq!(exact("1970-01-01T00:00:00.911948989Z"), Some(Duration::new(0, 911_948_989)));
        assert_eq!(exact("1970-01-01T00:00:00.xZ"), None);
        assert!(age("1970-01-01T00:00:00Z").is_some_and(|age| age.as_secs() > 1_700_000_000));
        assert_eq!(age("9999-01-01T00:00:00Z"), None);
    }
}
