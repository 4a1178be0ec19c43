//! A time in pieces: the days or hours of a zone, each as long as it really is.

use super::{Clock, Span};
use jiff::{Timestamp, ToSpan as _};

/// How long a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// From midnight to midnight: 23, 24 or 25 hours.
    Day,
    /// From one full hour of the clock to the next.
    Hour,
}

/// One piece: after `from`, up to and with `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// `2026-11-01`, `2026-11-01 14:00`; empty for a time in one piece.
    pub name: String,
}

/// Pieces of the same length that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The number of the first piece.
    pub first: usize,
    /// How many there are.
    pub count: usize,
    /// Where the first one ends, in seconds since 1970.
    pub first_end: i64,
    /// How long each is, in seconds.
    pub length: i64,
}

/// Cuts a time into pieces; the first and the last may be shorter than the others.
#[must_use]
pub fn buckets(span: Span, step: Option<Step>, clock: &Clock) -> Vec<Bucket> {
    let Some(step) = step else {
        return vec![Bucket { from: span.from, to: span.to, name: String::new() }];
    };
    let mut buckets: Vec<Bucket> = Vec::new();
    let mut from = span.from;
    while from < span.to {
        // Past the end of time there is one last piece.
        let to = next(from, step, clock).unwrap_or(span.to).min(span.to);
        buckets.push(Bucket { from, to, name: name(from, step, clock) });
        from = to;
    }
    tell_apart(&mut buckets, clock);
    buckets
}

fn name(from: Timestamp, step: Step, clock: &Clock) -> String {
    match step {
        Step::Day => clock.day(from),
        Step::Hour => clock.minute(from),
    }
}

/// Where the piece ends that begins here.
fn next(from: Timestamp, step: Step, clock: &Clock) -> Option<Timestamp> {
    let here = from.to_zoned(clock.zone.clone());
    match step {
        Step::Day => Some(here.tomorrow().ok()?.start_of_day().ok()?.timestamp()),
        Step::Hour => {
            let minutes = 60 - i64::from(here.minute());
            let after = from.checked_add(minutes.minutes()).ok()?;
            // Where clocks go by half an hour, the hour is longer.
            let past = i64::from(after.to_zoned(clock.zone.clone()).minute());
            after.checked_add(((60 - past) % 60).minutes()).ok()
        }
    }
}

/// When the clocks go back, an hour comes twice: those get their offsets.
fn tell_apart(buckets: &mut [Bucket], clock: &Clock) {
    let twice: Vec<usize> = (1..buckets.len())
        .filter(|second| {
            let name = |at: usize| buckets.get(at).map(|bucket| &bucket.name);
            name(second - 1) == name(*second)
        })
        .flat_map(|second| [second - 1, second])
        .collect();
    for index in twice {
        if let Some(bucket) = buckets.get_mut(index) {
            bucket.name = clock.rfc3339(bucket.from).replace('T', " ").replacen(":00", "", 1);
        }
    }
}

/// Gathers pieces of the same length, at most `most` in one.
#[must_use]
pub fn runs(buckets: &[Bucket], most: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (number, bucket) in buckets.iter().enumerate() {
        let length = bucket.to.as_second() - bucket.from.as_second();
        match runs.last_mut() {
            Some(run) if run.length == length && run.count < most => run.count += 1,
            _ => {
                let first_end = bucket.to.as_second();
                runs.push(Run { first: number, count: 1, first_end, length });
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn clock(zone: &str) -> Clock {
        Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::posix(zone).unwrap() }
    }

    fn span(from: &str, to: &str) -> Span {
        Span { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    const GERMANY: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    #[test]
    fn days_are_as_long_as_they_are() {
        // From Thursday noon over the Sunday on which the clocks go back.
        let span = span("2026-10-22T10:00:00Z", "2026-10-27T12:00:00Z");
        let buckets = buckets(span, Some(Step::Day), &clock(GERMANY));
        let names: Vec<&str> = buckets.iter().map(|bucket| bucket.name.as_str()).collect();
        assert_eq!(
            names,
            ["2026-10-22", "2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26", "2026-10-27"]
        );
        let lengths: Vec<(usize, i64)> =
            runs(&buckets, 100).iter().map(|run| (run.count, run.length / 3600)).collect();
        assert_eq!(lengths, [(1, 12), (2, 24), (1, 25), (1, 24), (1, 13)]);
        assert!(buckets.windows(2).all(|pair| pair[0].to == pair[1].from));
    }

    #[test]
    fn the_day_on_which_clocks_go_forward_has_23_hours() {
        let span = span("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        let clock = clock(GERMANY);
        assert_eq!(buckets(span, Some(Step::Day), &clock).len(), 1);
        let hours = buckets(span, Some(Step::Hour), &clock);
        assert_eq!(hours.len(), 23);
        assert_eq!(
            (hours[1].name.as_str(), hours[2].name.as_str()),
            ("2026-03-29 01:00", "2026-03-29 03:00")
        );
    }

    #[test]
    fn an_hour_that_comes_twice_is_told_apart() {
        let span = span("2026-10-24T23:30:00Z", "2026-10-25T02:00:00Z");
        let hours = buckets(span, Some(Step::Hour), &clock(GERMANY));
        let names: Vec<&str> = hours.iter().map(|hour| hour.name.as_str()).collect();
        assert_eq!(names, ["2026-10-25 01:30", "2026-10-25 02:00+02:00", "2026-10-25 02:00+01:00"]);
    }

    #[test]
    fn clocks_that_go_by_half_an_hour_have_no_lost_minute() {
        // Lord Howe Island.
        let zone = clock("LHST-10:30LHDT-11,M10.1.0,M4.1.0");
        let span = span("2026-10-03T12:00:00Z", "2026-10-04T12:00:00Z");
        let hours = buckets(span, Some(Step::Hour), &zone);
        assert!(hours.windows(2).all(|pair| pair[0].to == pair[1].from));
        assert!(hours.iter().skip(1).all(|hour| hour.name.ends_with(":00")), "{hours:?}");
        assert_eq!(hours.last().unwrap().to, span.to);
    }

    #[test]
    fn a_run_has_its_limit() {
        let span = span("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z");
        let hours = buckets(span, Some(Step::Hour), &clock("UTC0"));
        let runs = runs(&hours, 20);
        let shown: Vec<(usize, usize)> = runs.iter().map(|run| (run.first, run.count)).collect();
        assert_eq!(shown, [(0, 20), (20, 20), (40, 8)]);
        assert_eq!(runs[1].first_end, hours[20].to.as_second());
        assert_eq!(buckets(span, None, &clock("UTC0")).len(), 1);
    }
}
