//! Random histories: what is imported and what the rules write are the truth, in any range.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: i64 = 60_000;
const STANDING: i64 = 3_600_000;

/// One series: when each sample came after the one before, what it added, whether it fell.
type Told = Vec<(i64, u32, bool)>;

/// Samples of one series, and what each truly added.
#[derive(Debug)]
struct Series {
    labels: Labels,
    samples: Vec<(i64, f64, f64)>,
}

fn series(number: usize, told: &Told, border: i64) -> Series {
    let labels = Labels::from([("run".to_owned(), number.to_string())]);
    let (mut at, mut value, mut samples) = (0, 0.0_f64, Vec::new());
    for (gap, added, fell) in told {
        at += gap;
        let added = f64::from(*added);
        // A reset that climbs above its old value within a minute is invisible to the rules.
        if *fell && at <= border && value > 1.0 {
            value = (value / 2.0).floor();
            samples.push((at, value, value));
        } else {
            value += added;
            samples.push((at, value, added));
        }
    }
    Series { labels, samples }
}

/// The two rules on one series: increments and values seen, by time.
#[derive(Default)]
struct Rules {
    increments: BTreeMap<i64, f64>,
    seen: BTreeMap<i64, f64>,
}

impl Rules {
    fn evaluate(&mut self, series: &Series, at: i64) {
        let visible = |sample: &&(i64, f64, f64)| sample.0 <= at && at - sample.0 < STANDING;
        let Some((_, now, _)) = series.samples.iter().rev().find(visible) else { return };
        let seen = self.seen.range(..at).next_back().map(|(_, seen)| *seen);
        let increment = seen.map(|seen| now - seen).filter(|d| *d >= 0.0).unwrap_or(*now);
        if increment > 0.0 {
            self.increments.insert(at, increment);
        }
        if increment > 0.0 || seen.is_none() {
            self.seen.insert(at, *now);
        }
    }
}

fn counter() -> Counter {
    let (increment, seen) = ("x:inc1m".to_owned(), "x:seen".to_owned());
    Counter { name: "x", unit: "tokens", increment, seen }
}

fn told() -> impl Strategy<Value = Told> {
    // Mostly scrapes, sometimes a pause that a series does not outlive for the rules.
    let gap = prop_oneof![8 => 15_000..90_000_i64, 1 => 2_000_000..9_000_000_i64];
    prop::collection::vec((gap, 0..50_u32, prop::bool::weighted(0.1)), 1..60)
}

/// What an import brings, by labels: increments and values seen.
fn missing(all: &[Series], border: i64, rules: &[Rules], existing: &Existing) -> Missing {
    let mut history = History::new(0, border);
    for series in all {
        let points = series.samples.iter().map(|(at, value, _)| (*at, *value)).collect();
        history.add(vec![(series.labels.clone(), points)]);
    }
    let mut native = Native::default();
    for (series, rules) in all.iter().zip(rules) {
        for (at, value) in rules.increments.range(border..) {
            native.increment(&series.labels, *at, *value);
        }
        for (at, value) in rules.seen.range(border..) {
            native.seen(&series.labels, *at, *value);
        }
    }
    Past::new(counter(), Border(border), &history, &native).missing(existing)
}

/// Puts some of the samples where Prometheus has them, and says what is there of the past.
fn import(
    all: &[Series],
    rules: &mut [Rules],
    missing: &Missing,
    existing: &mut Existing,
    taken: impl Fn(usize) -> bool,
) {
    for (_, sample) in missing.samples.iter().enumerate().filter(|(number, _)| taken(*number)) {
        let number = all.iter().position(|series| series.labels == *sample.labels()).unwrap();
        if sample.name() == "x:seen" {
            rules[number].seen.insert(sample.at(), sample.value());
            existing.seen.insert(sample.labels().clone());
        } else {
            let twice = rules[number].increments.insert(sample.at(), sample.value());
            assert_eq!(twice, None, "a sample of the rules is overwritten");
            existing.increments.entry(sample.labels().clone()).or_default().insert(sample.at());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_past_and_the_present_are_the_truth_in_any_range(
        told in prop::collection::vec(told(), 1..5),
        border in 1_000_000..6_000_000_i64,
        imported_after in 0..90_i64,
        killed in prop::option::of(any::<u64>()),
    ) {
        let all: Vec<Series> =
            told.iter().enumerate().map(|(n, told)| series(n, told, border)).collect();
        let last = all.iter().filter_map(|s| s.samples.last()).map(|s| s.0).max().unwrap();
        let end = last.max(border) + 3 * MINUTE;
        let mut rules: Vec<Rules> = all.iter().map(|_| Rules::default()).collect();
        let mut existing = Existing::default();
        let mut expected = 0;
        for (number, at) in (border..end).step_by(60_000).enumerate() {
            for (series, rules) in all.iter().zip(&mut rules) {
                rules.evaluate(series, at);
            }
            if i64::try_from(number).unwrap() == imported_after || at + MINUTE >= end {
                // An import that is killed has brought any part of it.
                for part in [killed, None] {
                    let found = missing(&all, border, &rules, &existing);
                    expected = found.expected;
                    import(&all, &mut rules, &found, &mut existing, |number| {
                        part.is_none_or(|bits| bits >> (number % 64) & 1 == 1)
                    });
                }
                prop_assert!(missing(&all, border, &rules, &existing).samples.is_empty());
            }
        }
        let before = rules.iter().map(|r| r.increments.range(1..border).count()).sum::<usize>();
        prop_assert_eq!(before, expected);
        // Counted up to a full minute: before the border at once, then by evaluations.
        let counted = |to: i64| if to < border {
            to
        } else {
            border + (to - border).div_euclid(MINUTE) * MINUTE
        };
        let truth = |to: i64| all.iter().flat_map(|s| &s.samples)
            .filter(|s| s.0 <= counted(to)).map(|s| s.2).sum::<f64>();
        let shown = |to: i64| rules.iter().flat_map(|r| r.increments.range(..=to))
            .map(|(_, value)| *value).sum::<f64>();
        for to in (0..end).step_by(60_000).filter(|to| *to != border - 1) {
            let (shown, truth) = (shown(to), truth(to));
            prop_assert!((shown - truth).abs() < 1e-9, "{shown} of {truth} up to {to}");
        }
    }
}

#[test]
fn the_text_is_what_promtool_reads() {
    let labels = Labels::from([("model".to_owned(), "a\"b\\\n".to_owned())]);
    let history = {
        let mut history = History::new(0, 200_017);
        history.add(vec![(labels.clone(), vec![(1_000, 1.5), (199_000, 2.0)])]);
        history
    };
    let mut native = Native::default();
    native.increment(&labels, 200_017, 2.0);
    native.seen(&labels, 200_017, 2.0);
    let past = Past::new(counter(), Border(200_017), &history, &native);
    let missing = past.missing(&Existing::default());
    assert_eq!((missing.series, missing.minutes, missing.span), (1, 2, Some((60_000, 200_016))));
    let import = Import::of(std::slice::from_ref(&missing), 7_200_000).unwrap();
    assert_eq!((import.span, import.count()), ((60_000, 200_016), 3));
    assert_eq!(
        import.openmetrics(),
        "# TYPE claude:backfill:until gauge\n\
         claude:backfill:until{counter=\"x\"} 200.017 60.000\n\
         # TYPE x:inc1m gauge\n\
         x:inc1m{model=\"a\\\"b\\\\\\n\"} 1.5 60.000\n\
         x:inc1m{model=\"a\\\"b\\\\\\n\"} -1.5 200.016\n\
         # EOF\n"
    );
    // Rules whose first samples were forgotten: what they counted is not counted again.
    let mut old = Native::default();
    old.increment(&labels, 200_017, 0.5);
    old.seen(&labels, 200_017, 2.0);
    let old = Past::new(counter(), Border(200_017), &history, &old);
    assert!(!old.missing(&Existing::default()).has_samples());
    // What is there is not written again.
    let there = BTreeMap::from([(labels, BTreeSet::from([60_000, 200_016]))]);
    let again = past.missing(&Existing { increments: there, seen: BTreeSet::new() });
    assert_eq!((Import::of(std::slice::from_ref(&again), 7_200_000), again.expected), (None, 2));
}
