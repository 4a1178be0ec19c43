//! A Prometheus that is killed again and again while it evaluates the rules.

use super::super::otlp::{Wire, percent_encoded};
use super::outage::Outage;
use otelctl::stack::METRICS;
use serde_json::Value;
use std::fmt::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// So many that an evaluation takes a good part of the time between two.
const SERIES: u64 = 400;

const KILLS: u32 = 8;

/// How much later each kill comes.
const LATER: Duration = Duration::from_millis(10);

/// What each series of each counter shows after some kills.
const fn value(series: u64, kills: u32) -> u64 {
    series + 7 * kills as u64
}

fn page(kills: u32) -> String {
    let mut page = String::new();
    for metric in METRICS {
        let _ = writeln!(page, "# TYPE {} counter", metric.name);
        for series in 1..=SERIES {
            let labels = format!("collector_run=\"k\",model=\"{series}\",service_name=\"c\"");
            let _ = writeln!(page, "{}{{{labels}}} {}", metric.name, value(series, kills));
        }
    }
    page
}

/// Kills it in the middle of evaluations, each time a little later, while the collector counts on.
///
/// # Panics
/// When the rules have counted anything but what the collector shows in the end.
pub fn count_exactly(outage: &mut Outage) {
    for kills in 0..KILLS {
        outage.shows_page(&page(kills));
        // The counter whose rules come first.
        wait(|| total(outage, &METRICS[0].rule_stem()) == Some(truth(kills)));
        sleep(LATER * kills);
        outage.start();
    }
    let truth = Some(truth(KILLS - 1));
    let counted = || METRICS.map(|metric| (metric.name, total(outage, &metric.rule_stem())));
    wait(|| counted().iter().all(|(_, total)| *total == truth));
    let wrong: Vec<_> = counted().into_iter().filter(|(_, total)| *total != truth).collect();
    assert!(wrong.is_empty(), "{:?}: {truth:?} is true: {wrong:?}", outage.release());
}

/// The sum over all series of a counter.
fn truth(kills: u32) -> u64 {
    (1..=SERIES).map(|series| value(series, kills)).sum()
}

fn wait(come: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !come() && Instant::now() < deadline {
        sleep(Duration::from_millis(5));
    }
}

fn total(outage: &Outage, stem: &str) -> Option<u64> {
    let query = format!("sum(sum_over_time({stem}:inc1m{{collector_run=\"k\"}}[1h]))");
    let page = format!("/api/v1/query?query={}", percent_encoded(&query));
    let answer = Wire::here().get(&outage.address(), &page).ok()?;
    let answer: Value = serde_json::from_str(&answer.body).ok()?;
    answer["data"]["result"][0]["value"][1].as_str()?.parse().ok()
}
