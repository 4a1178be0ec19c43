//! The time that is asked for, in whole minutes.

use super::Clock;
use crate::diagnostic::{Diagnostic, Kind};
use jiff::civil::{Date, DateTime};
use jiff::{Span as Calendar, Timestamp, Zoned};

const MINUTE: i64 = 60;

/// A time in whole minutes: after `from`, up to and with `to`.
///
/// The rules write at the end of a minute what it added, so that a sample of
/// midnight belongs to the day that ends there. They are evaluated at an offset within
/// the minute: what was used up to a minute before midnight may fall on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
}

/// The words of the command line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// `7d`: so many days, today included.
    pub range: Option<&'a str>,
    /// Where it begins.
    pub from: Option<&'a str>,
    /// Where it ends.
    pub to: Option<&'a str>,
}

impl Asked<'_> {
    /// Says whether there is a word.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.range.is_some() || self.from.is_some() || self.to.is_some()
    }
}

/// What is asked for without a word.
const RANGE: &str = "7d";

impl Span {
    /// Reads the words of the command line.
    ///
    /// # Errors
    /// Each word that is no time, and a time that ends before it begins.
    pub fn read(asked: Asked<'_>, clock: &Clock) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let mut keep = |read: Result<Timestamp, Diagnostic>| {
            read.map_err(|error| errors.push(error)).unwrap_or(clock.now)
        };
        let to = asked.to.map_or(clock.now, |word| keep(moment(word, "--to", End::Last, clock)));
        // Nothing has been counted beyond this minute.
        let to = ceiling(to.min(clock.now));
        let from = match asked.from {
            Some(word) => keep(moment(word, "--from", End::First, clock)),
            None => keep(before(to, asked.range.unwrap_or(RANGE), clock)),
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        let span = Self { from: floor(from), to };
        if span.from < span.to {
            return Ok(span);
        }
        let message = "the time ends before it begins, or has not begun yet";
        let (from, to) = (clock.minute(span.from), clock.minute(span.to));
        Err(vec![usage(message).cause(format!("it would be from {from} to {to}"))])
    }

    /// How long it is, in seconds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.to.as_second() - self.from.as_second()
    }
}

fn usage(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Kind::Usage, message).code("usage::time")
}

fn floor(at: Timestamp) -> Timestamp {
    let second = at.as_second();
    Timestamp::from_second(second - second.rem_euclid(MINUTE)).unwrap_or(at)
}

fn ceiling(at: Timestamp) -> Timestamp {
    let down = floor(at);
    if down == at {
        return at;
    }
    Timestamp::from_second(down.as_second() + MINUTE).unwrap_or(at)
}

/// Which moment of a day a date stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

/// Reads a moment: a date, a local time, or one with its offset.
fn moment(word: &str, option: &str, end: End, clock: &Clock) -> Result<Timestamp, Diagnostic> {
    let wrong = || {
        usage(format!("`{option} {word}` is no time")).hint(
            "write `2026-11-01`, `2026-11-01T14:05`, `2026-11-01T14:05:00Z`, `today` or `now`",
        )
    };
    let today = clock.now.to_zoned(clock.zone.clone()).date();
    let day = match word {
        "now" => return Ok(clock.now),
        "today" => Some(today),
        "yesterday" => today.yesterday().ok(),
        // The parser of dates would take a time of day, too, and forget it.
        date if date.len() == "2026-11-01".len() => date.parse::<Date>().ok(),
        _ => None,
    };
    if let Some(day) = day {
        let day = if end == End::Last { day.tomorrow() } else { Ok(day) };
        let midnight = day.and_then(|day| day.to_zoned(clock.zone.clone()));
        return midnight.map(|midnight| midnight.timestamp()).map_err(|_| wrong());
    }
    if let Ok(exact) = word.parse::<Timestamp>() {
        return Ok(exact);
    }
    let local = word.parse::<DateTime>().map_err(|_| wrong())?;
    let local = local.to_zoned(clock.zone.clone()).map_err(|_| wrong())?;
    Ok(local.timestamp())
}

/// Where a range begins: days and weeks at a midnight, today included; hours and minutes exactly.
fn before(to: Timestamp, range: &str, clock: &Clock) -> Result<Timestamp, Diagnostic> {
    let wrong = || {
        usage(format!("`--range {range}` is no length of time"))
            .hint("write a number and a unit: `30m`, `12h`, `7d`, `4w`")
    };
    let unit = range.chars().last().ok_or_else(wrong)?;
    let number = range.strip_suffix(unit).and_then(|number| number.parse::<i64>().ok());
    let number = number.filter(|number| *number > 0).ok_or_else(wrong)?;
    let back = |days: Option<i64>| -> Option<Timestamp> {
        // The last day of a time that ends at midnight is the one before.
        let last = Timestamp::from_second(to.as_second() - 1).ok()?.to_zoned(clock.zone.clone());
        let days = Calendar::new().try_days(days? - 1).ok()?;
        let first: Zoned = last.start_of_day().ok()?.checked_sub(days).ok()?;
        Some(first.start_of_day().ok()?.timestamp())
    };
    let exact =
        |seconds: Option<i64>| Timestamp::from_second(to.as_second().checked_sub(seconds?)?).ok();
    let from = match unit {
        'm' => exact(number.checked_mul(60)),
        'h' => exact(number.checked_mul(3600)),
        'd' => back(Some(number)),
        'w' => back(number.checked_mul(7)),
        _ => None,
    };
    from.ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    /// Germany's rule, so that the test needs no data of the system.
    fn clock(now: &str) -> Clock {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        Clock { now: now.parse().unwrap(), zone }
    }

    fn read(asked: Asked<'_>, now: &str) -> (String, String) {
        let clock = clock(now);
        let span = Span::read(asked, &clock).unwrap();
        (clock.rfc3339(span.from), clock.rfc3339(span.to))
    }

    #[test]
    fn a_week_is_seven_days_of_the_zone_today_included() {
        let (from, to) = read(Asked::default(), "2026-11-07T14:41:30Z");
        assert_eq!(from, "2026-11-01T00:00:00+01:00");
        assert_eq!(to, "2026-11-07T15:42:00+01:00");
        // The clocks went back in between: seven days and an hour.
        let asked = Asked { range: Some("1w"), to: Some("2026-10-25"), ..Asked::default() };
        let (from, to) = read(asked, "2026-11-07T14:41:30Z");
        assert_eq!(from, "2026-10-19T00:00:00+02:00");
        assert_eq!(to, "2026-10-26T00:00:00+01:00");
    }

    #[test]
    fn hours_and_minutes_are_exact() {
        let asked = Asked { range: Some("90m"), ..Asked::default() };
        let (from, to) = read(asked, "2026-10-25T01:30:00Z");
        assert_eq!(from, "2026-10-25T02:00:00+02:00");
        assert_eq!(to, "2026-10-25T02:30:00+01:00");
    }

    #[test]
    fn dates_stand_for_whole_days_and_the_future_for_nothing() {
        let asked = Asked { from: Some("2026-11-02"), to: Some("2026-11-03"), range: None };
        let (from, to) = read(asked, "2026-11-07T14:41:30Z");
        assert_eq!(from, "2026-11-02T00:00:00+01:00");
        assert_eq!(to, "2026-11-04T00:00:00+01:00");
        let asked = Asked { from: Some("yesterday"), to: Some("today"), range: None };
        let (from, to) = read(asked, "2026-11-07T14:41:30Z");
        assert_eq!(from, "2026-11-06T00:00:00+01:00");
        assert_eq!(to, "2026-11-07T15:42:00+01:00");
        let asked =
            Asked { from: Some("2026-11-02T10:15:30Z"), to: Some("2026-11-02 12:00"), range: None };
        let (from, to) = read(asked, "2026-11-07T14:41:30Z");
        assert_eq!(from, "2026-11-02T11:15:00+01:00");
        assert_eq!(to, "2026-11-02T12:00:00+01:00");
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let asked = Asked { from: Some("2026-13-01"), to: Some("soon"), range: None };
        let errors = Span::read(asked, &clock("2026-11-07T14:41:30Z")).unwrap_err();
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages, ["`--to soon` is no time", "`--from 2026-13-01` is no time"]);
        for range in ["", "7", "d", "0d", "-1d", "1.5h", "3y", "99999999999999d", "7ä"] {
            let asked = Asked { range: Some(range), ..Asked::default() };
            assert!(Span::read(asked, &clock("2026-11-07T14:41:30Z")).is_err(), "{range}");
        }
        let asked = Asked { from: Some("2026-11-09"), ..Asked::default() };
        let errors = Span::read(asked, &clock("2026-11-07T14:41:30Z")).unwrap_err();
        assert!(errors[0].message.contains("has not begun"), "{errors:?}");
    }
}
