//! What one counter's rules should have written, and what of it is missing.

use super::{Border, Counter, History, Labels, Native, Sample};
use std::collections::{BTreeMap, BTreeSet};

/// What is there already, from before the border.
#[derive(Clone, Debug, Default)]
pub struct Existing {
    /// The times of increments, by labels; also of balances after the border.
    pub increments: BTreeMap<Labels, BTreeSet<i64>>,
    /// The labels whose value was seen before the border.
    pub seen: BTreeSet<Labels>,
}

/// The past of one counter.
#[derive(Clone, Debug)]
pub struct Past {
    /// The counter.
    pub counter: Counter,
    /// Where its rules begin.
    pub border: Border,
    /// Every increment that should be there, by labels and time.
    increments: BTreeMap<Labels, BTreeMap<i64, f64>>,
    /// What is taken back, by labels: when, and how much.
    balances: BTreeMap<Labels, (i64, f64)>,
    /// The last values of series that have ended, by labels.
    seen: BTreeMap<Labels, (i64, f64)>,
}

/// What is missing of one counter.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// The counter.
    pub counter: Counter,
    /// Where its rules begin.
    pub border: Border,
    /// What is to be written.
    pub samples: Vec<Sample>,
    /// How many sets of labels get increments.
    pub series: usize,
    /// How many increments.
    pub minutes: usize,
    /// Their sum, in the counter's unit.
    pub amount: f64,
    /// The first and the last time of an increment, in milliseconds since 1970.
    pub span: Option<(i64, i64)>,
    /// How many increments there will be between the start and the border.
    pub expected: usize,
}

impl Missing {
    /// Says whether there is anything to be written.
    #[must_use]
    pub const fn has_samples(&self) -> bool {
        !self.samples.is_empty()
    }
}

impl Past {
    /// Decides what should be there.
    #[must_use]
    pub fn new(counter: Counter, border: Border, history: &History, native: &Native) -> Self {
        let mut past = Self {
            counter,
            border,
            increments: BTreeMap::new(),
            balances: BTreeMap::new(),
            seen: BTreeMap::new(),
        };
        if native.is_older_than(border) {
            return past;
        }
        for (labels, counted) in history.series() {
            past.increments.insert(labels.clone(), counted.minutes.clone());
            match (native.first(labels), counted.last) {
                (Some(first), Some((_, last))) => {
                    if let Some(balance) = border.balance(last, first) {
                        past.balances.insert(labels.clone(), balance);
                    }
                }
                (None, Some(last)) if history.holds(last.0) => {
                    past.seen.insert(labels.clone(), last);
                }
                (None, Some(_)) | (_, None) => {}
            }
        }
        past
    }

    /// What of it is not there.
    #[must_use]
    pub fn missing(&self, existing: &Existing) -> Missing {
        let Self { counter, border, increments, balances, seen } = self;
        let mut missing = Missing {
            counter: counter.clone(),
            border: *border,
            samples: Vec::new(),
            series: 0,
            minutes: 0,
            amount: 0.0,
            span: None,
            expected: 0,
        };
        let nothing = BTreeSet::new();
        for (labels, minutes) in increments {
            let there = existing.increments.get(labels).unwrap_or(&nothing);
            let mut samples = minutes.clone();
            if let Some((at, value)) = balances.get(labels) {
                // The last minute may end in the same moment.
                *samples.entry(*at).or_default() += value;
            }
            let before = |at: &&i64| **at < border.0;
            let all: BTreeSet<&i64> = samples.keys().chain(there).filter(before).collect();
            missing.expected += all.len();
            let mut is_counted = false;
            for (at, value) in samples.iter().filter(|(at, _)| !there.contains(at)) {
                missing.samples.push(Sample::new(&counter.increment, labels, *at, *value));
                if let Some(added) = minutes.get(at) {
                    missing.minutes += 1;
                    missing.amount += added;
                    let (first, last) = missing.span.unwrap_or((*at, *at));
                    missing.span = Some((first.min(*at), last.max(*at)));
                    is_counted = true;
                }
            }
            missing.series += usize::from(is_counted);
        }
        // Labels of which only imported samples are left, not raw ones.
        let others =
            existing.increments.iter().filter(|(labels, _)| !increments.contains_key(*labels));
        missing.expected += others.map(|(_, there)| there.range(..border.0).count()).sum::<usize>();
        for (labels, (at, value)) in
            seen.iter().filter(|(labels, _)| !existing.seen.contains(*labels))
        {
            missing.samples.push(Sample::new(&counter.seen, labels, *at, *value));
        }
        missing
    }
}
