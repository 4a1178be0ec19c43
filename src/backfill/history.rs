//! Raw samples of one counter, counted as the recording rules count them.

use std::collections::BTreeMap;

/// The labels that the rules keep.
pub type Labels = BTreeMap<String, String>;

/// Labels of a target, which the rules drop.
const OF_TARGETS: [&str; 3] = ["__name__", "instance", "job"];

/// How long the value of a series stands that has ended, in milliseconds, as in the rules.
const STANDING: i64 = 3_600_000;

const MINUTE: i64 = 60_000;

/// The increments of one counter in a time before its rules, by minute. Times are
/// milliseconds since 1970.
#[derive(Clone, Debug)]
pub struct History {
    start: i64,
    border: i64,
    series: BTreeMap<Labels, Counted>,
}

/// What came of one set of labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// The last sample of each target that shows it.
    targets: BTreeMap<Labels, (i64, f64)>,
    /// The value now, and since when it is known.
    pub last: Option<(i64, f64)>,
    /// What was added, by the end of the minute.
    pub minutes: BTreeMap<i64, f64>,
}

impl History {
    /// Begins after `start`, ends with `border`, the first evaluation of the rules.
    #[must_use]
    pub const fn new(start: i64, border: i64) -> Self {
        Self { start, border, series: BTreeMap::new() }
    }

    /// Takes the value of a raw series before the start: nothing of it is new.
    pub fn known(&mut self, raw: &Labels, value: f64) {
        let (labels, target) = parted(raw);
        let counted = self.series.entry(labels).or_default();
        counted.targets.insert(target, (self.start, value));
        let before = counted.last.map_or(value, |(_, before)| before.max(value));
        counted.last = Some((self.start, before));
    }

    /// Takes the samples of some raw series in one piece of time, which follows the last one.
    pub fn add(&mut self, answer: Vec<(Labels, Vec<(i64, f64)>)>) {
        let mut events: BTreeMap<Labels, Vec<(i64, Labels, f64)>> = BTreeMap::new();
        for (raw, points) in answer {
            let (labels, target) = parted(&raw);
            let events = events.entry(labels).or_default();
            events.extend(points.into_iter().map(|(at, value)| (at, target.clone(), value)));
        }
        let (start, border) = (self.start, self.border);
        for (labels, mut events) in events {
            events.sort_by_key(|(at, ..)| *at);
            let counted = self.series.entry(labels).or_default();
            for (at, target, value) in events {
                // Releases differ in whether a range has its first moment: none counts twice.
                let known = counted.targets.get(&target).is_some_and(|(last, _)| *last >= at);
                if !known && start < at && at <= border {
                    counted.count(at, target, value, border);
                }
            }
        }
    }

    /// Says whether a time is within the history.
    #[must_use]
    pub const fn holds(&self, at: i64) -> bool {
        self.start < at && at <= self.border
    }

    /// Each set of labels that has a value, and what came of it.
    pub fn series(&self) -> impl Iterator<Item = (&Labels, &Counted)> {
        self.series.iter().filter(|(_, counted)| counted.last.is_some())
    }
}

impl Counted {
    fn count(&mut self, at: i64, target: Labels, value: f64, border: i64) {
        self.targets.insert(target, (at, value));
        let standing = self.targets.values().filter(|(last, _)| at - last < STANDING);
        let now = standing.map(|(_, value)| *value).fold(value, f64::max);
        let before = self.last.map_or(0.0, |(_, before)| before);
        self.last = Some((at, now));
        // A fall is a new beginning.
        let increment = if now >= before { now - before } else { now };
        if increment > 0.0 {
            let minute = -(-at).div_euclid(MINUTE) * MINUTE;
            *self.minutes.entry(minute.min(border - 1)).or_default() += increment;
        }
    }
}

/// The labels that the rules keep, and those of the target.
fn parted(raw: &Labels) -> (Labels, Labels) {
    raw.clone().into_iter().partition(|(label, _)| !OF_TARGETS.contains(&label.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
    }

    fn minutes(history: &History) -> Vec<(i64, f64)> {
        history.series().flat_map(|(_, c)| c.minutes.clone()).collect()
    }

    const BORDER: i64 = 10 * MINUTE + 17_123;

    #[test]
    fn births_and_falls_count_from_zero_by_minute() {
        let mut history = History::new(0, BORDER);
        let run = labels(&[("__name__", "x"), ("job", "j"), ("instance", "i"), ("run", "a")]);
        let points = vec![(15_000, 5.0), (30_000, 7.0), (60_000, 7.5), (75_000, 3.0)];
        history.add(vec![(run.clone(), points)]);
        // The next piece repeats the last moment, and reaches beyond the border.
        let points = vec![(75_000, 3.0), (BORDER, 4.0), (BORDER + 1, 90.0)];
        history.add(vec![(run, points)]);
        assert_eq!(minutes(&history), [(MINUTE, 7.5), (2 * MINUTE, 3.0), (BORDER - 1, 1.0)]);
        let (kept, counted) = history.series().next().unwrap();
        assert_eq!((kept, counted.last), (&labels(&[("run", "a")]), Some((BORDER, 4.0))));
    }

    #[test]
    fn two_targets_of_one_collector_are_one_series() {
        let mut history = History::new(0, BORDER);
        let at = |instance| labels(&[("instance", instance), ("run", "a")]);
        history.add(vec![
            (at("old"), vec![(10_000, 5.0), (25_000, 6.0)]),
            (at("new"), vec![(12_000, 5.0), (27_000, 6.0), (90_000, 9.0)]),
        ]);
        assert_eq!(minutes(&history), [(MINUTE, 6.0), (2 * MINUTE, 3.0)]);
    }

    #[test]
    fn what_was_known_before_is_not_new() {
        let mut history = History::new(0, BORDER);
        history.known(&labels(&[("run", "a")]), 40.0);
        history.known(&labels(&[("run", "b")]), 1.0);
        history.add(vec![(labels(&[("run", "a")]), vec![(60_001, 42.0)])]);
        assert_eq!(minutes(&history), [(2 * MINUTE, 2.0)]);
        assert_eq!(history.series().count(), 2);
    }
}
