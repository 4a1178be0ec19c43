//! What a Prometheus with the stack's rules would have stored of the month.
//!
//! The collector counts in its own process, whose every start has a `collector_run`; Prometheus
//! scrapes and evaluates each minute unless it is down. The increments here say again in Rust
//! what the recording rules say in `PromQL`; a test holds them against the real rules.

use super::people::Use;
use super::{DAY, HOUR, Labels, MINUTE, MONTH_BEGINS, pipeline};
use otelctl::stack::DETAIL;
use std::collections::BTreeMap;

/// The second of each minute at which the collector is scraped.
pub const SCRAPED: u64 = 20;

/// When in each minute the rules are evaluated, in milliseconds: never where a bar begins.
pub const RECORDED: u64 = 37_123;

/// When the collector was started anew, each time right after a scrape.
pub const RESTARTS: [u64; 5] = [
    MONTH_BEGINS + 3 * 24 * HOUR + 9 * MINUTE,
    MONTH_BEGINS + 9 * 24 * HOUR + 17 * HOUR,
    // Twice in a day, and once in its working hours.
    MONTH_BEGINS + 15 * 24 * HOUR + 18 * HOUR,
    MONTH_BEGINS + 15 * 24 * HOUR + 22 * HOUR + 40 * MINUTE,
    MONTH_BEGINS + 24 * 24 * HOUR + 20 * HOUR,
];

/// When Prometheus was down, from the first minute without it to the first with it again.
pub const OUTAGES: [(u64, u64); 2] = [
    (
        MONTH_BEGINS + 12 * 24 * HOUR + 17 * HOUR + 33 * MINUTE,
        MONTH_BEGINS + 12 * 24 * HOUR + 18 * HOUR + 20 * MINUTE,
    ),
    (
        MONTH_BEGINS + 15 * 24 * HOUR + 20 * HOUR + 40 * MINUTE,
        MONTH_BEGINS + 15 * 24 * HOUR + 20 * HOUR + 43 * MINUTE,
    ),
];

/// One series of a counter, in the life of one collector.
pub struct Series {
    pub counter: &'static str,
    /// `collector_run` among them.
    pub labels: Labels,
    /// The minutes in which it changed, with its value from then on.
    pub changes: Vec<(u64, f64)>,
    /// The first minute in which this collector is no more.
    pub ends: u64,
}

/// The minute in which something shows in Prometheus.
pub fn seen_at(at: u64) -> u64 {
    let outage = OUTAGES.iter().find(|(from, to)| (*from..*to).contains(&at));
    outage.map_or(at, |(_, to)| *to)
}

/// Which start of the collector counts at a time.
fn run(at: u64) -> usize {
    RESTARTS.iter().filter(|restart| **restart <= at).count()
}

/// How long a series of a session stays after its last change.
const EXPIRY: u64 = 26 * HOUR;

fn is_of_sessions(counter: &str) -> bool {
    DETAIL.iter().any(|metric| metric.name == counter)
}

/// Counts what was used into series, as the collector does.
pub fn series(uses: &[Use], end: u64) -> Vec<Series> {
    let mut counted: BTreeMap<(&'static str, Labels), BTreeMap<u64, f64>> = BTreeMap::new();
    for one in uses {
        let mut labels = one.labels.clone();
        labels.insert("collector_run", format!("{:08x}", 0x5eed_0001 + run(one.at)));
        if is_of_sessions(one.counter) {
            labels.insert("collector_day", (one.at / DAY).to_string());
        }
        let minutes = counted.entry((one.counter, labels)).or_default();
        // The collector adds in the order in which clients export.
        let before = minutes.values().next_back().copied().unwrap_or_default();
        *minutes.entry(seen_at(one.at)).or_insert(before) += one.value;
    }
    let series = |((counter, labels), changes): ((_, Labels), BTreeMap<u64, f64>)| {
        let first = *changes.keys().next().expect("a change");
        let ends = RESTARTS.into_iter().find(|restart| *restart > first).unwrap_or(end);
        let last = *changes.keys().next_back().expect("a change");
        let ends = if is_of_sessions(counter) { ends.min(last + EXPIRY) } else { ends };
        Series { counter, labels, changes: changes.into_iter().collect(), ends }
    };
    counted.into_iter().map(series).collect()
}

impl Series {
    /// The labels that Prometheus adds to what it scrapes.
    pub fn target(&self) -> [(&'static str, &'static str); 2] {
        if is_of_sessions(self.counter) {
            [("job", pipeline::SESSIONS), ("instance", "otel-collector:8890")]
        } else {
            [("job", pipeline::COLLECTOR), ("instance", "otel-collector:8889")]
        }
    }

    /// What each minute added, where it added something: the rule `…:inc1m`.
    pub fn increments(&self) -> impl Iterator<Item = (u64, f64)> {
        let mut before = None;
        let increments = self.changes.iter().map(move |(minute, value)| {
            let increment = before.map_or(*value, |before| value - before);
            before = Some(*value);
            (*minute, increment)
        });
        increments.filter(|(_, increment)| *increment > 0.0)
    }

    /// Its value at a minute, if it was there.
    pub fn value(&self, minute: u64) -> Option<f64> {
        let down = |(from, to): (u64, u64)| (from..to).contains(&minute);
        if minute >= self.ends || OUTAGES.into_iter().any(down) {
            return None;
        }
        let later = self.changes.partition_point(|(changed, _)| *changed <= minute);
        Some(self.changes.get(later.checked_sub(1)?)?.1)
    }
}
