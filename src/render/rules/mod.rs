//! The rules: what makes counters countable, and the alerts.
//!
//! `increase()` misses the first value of a series, and every release of the
//! CLI is a new series. So two rules for each counter, in this order: what came
//! since the value seen last, and the value seen now. May not know hosts.
//!
//! Why they look as they do:
//! - Both are sparse: a minute in which nothing happened has no sample, so that
//!   a month's panel reads only the minutes that count. `seen` is written again
//!   once a day, for otherwise an idle series would be forgotten.
//! - `seen` follows the increment: it moves on when an increment was recorded in
//!   the same evaluation. A query that fails once is made good the minute after.
//! - `collector_run` tells a process of the collector, so one counter has one
//!   series in it: whichever job scrapes it, under whatever instance. Not under
//!   whatever label of a target besides: which those are, nobody tells the rules.
//! - Both are stored one after the other: Prometheus killed in between, or a
//!   `seen` that fails alone, counts that minute's increment again.
//! - A series that falls all the same (its exporter expired it) begins anew.
//! - The rules remember values for [`MEMORY_DAYS`]. A collector that is scraped
//!   again after longer shows values of which nobody knows how much was counted
//!   already: those are taken as counted. Rather a gap than invented money.
//!   `claude:run:seen` tells such a collector from a new one.

mod alert;
mod cost;
#[cfg(test)]
mod tests;

use super::templates::Templates;
use crate::artifact::{Artifact, path};
use crate::diagnostic::Diagnostic;
use crate::stack::{
    DETAIL, METRICS, Metric, RULE_MEMORY_DAYS as MEMORY_DAYS, Stack, VERIFY_SERVICE,
};
use alert::Alert;
use serde::Serialize;

/// How long a value stands whose series has ended: what was scraped since the
/// last evaluation is counted in the next one, also when the collector was
/// started anew in between, or the whole host within the hour.
const STANDING: &str = "1h";

/// After how many days without a scrape a collector's values are taken as
/// counted. Values and runs are each written anew within a day, not in the same
/// minute: two days less than the memory, and no value is forgotten before.
const TRUST_DAYS: u32 = MEMORY_DAYS - 2;

/// How long the value of a counter by session is remembered.
const SESSION_MEMORY: &str = "3d";

/// How long a collector's start is remembered: the default retention.
const RUN_MEMORY: &str = "400d";

const DAY_SECONDS: u32 = 86_400;

/// When each collector run was last seen, as seconds since 1970, once a day.
const RUN_SEEN: &str = "claude:run:seen";

#[derive(Serialize)]
struct Context {
    counters: Vec<Counter>,
    sessions: Vec<Counter>,
    run_seen: &'static str,
    run_seen_expression: String,
    alerts: Vec<Alert>,
    limits: Vec<Alert>,
}

#[derive(Serialize)]
struct Counter {
    help: &'static str,
    increment: String,
    increment_expression: String,
    seen: String,
    seen_expression: String,
}

/// Renders the rules.
///
/// # Errors
/// A template that does not fill: a bug.
pub fn artifact(stack: &Stack, templates: &Templates) -> Result<Artifact, Diagnostic> {
    let context = Context {
        counters: METRICS.iter().map(counter).collect(),
        sessions: DETAIL.iter().filter(|_| stack.detail.value).map(of_sessions).collect(),
        run_seen: RUN_SEEN,
        // A name by pattern also tells every Prometheus that it may not reorder the group.
        run_seen_expression: format!(
            "group by (collector_run) ({{__name__=~\"claude_.+_total\"}}) * time() \
             unless last_over_time({RUN_SEEN}[1d])"
        ),
        alerts: alert::alerts(stack),
        limits: cost::limits(stack),
    };
    templates.fill(path::RULES, context)
}

/// The rules of a counter by session. Its series are gone 50 hours after their
/// birth, also from a collector that nobody scraped, and then stand for
/// [`STANDING`]: three days of memory forget none, and nothing that is scraped
/// later is old.
fn of_sessions(metric: &Metric) -> Counter {
    let stem = metric.rule_stem();
    let (increment, seen) = (format!("{stem}:inc1m"), format!("{stem}:seen"));
    let now = now(metric);
    Counter {
        help: metric.help,
        increment_expression: format!(
            "({now} - last_over_time({seen}[{SESSION_MEMORY}]) >= 0 or {now}) > 0"
        ),
        seen_expression: seen_expression(&now, &increment, &seen),
        increment,
        seen,
    }
}

/// What a counter shows now; the sessions that `verify` makes up are nobody's use.
fn now(metric: &Metric) -> String {
    format!(
        "max without (instance, job) \
         (last_over_time({}{{service_name!=\"{VERIFY_SERVICE}\"}}[{STANDING}]))",
        metric.name
    )
}

fn seen_expression(now: &str, increment: &str, seen: &str) -> String {
    format!(
        "({now} and timestamp({increment}) == time()) \
         or ({now} unless last_over_time({seen}[1d]))"
    )
}

fn counter(metric: &Metric) -> Counter {
    let stem = metric.rule_stem();
    let (increment, seen) = (format!("{stem}:inc1m"), format!("{stem}:seen"));
    let now = now(metric);
    let forgotten =
        format!("last_over_time({RUN_SEEN}[{RUN_MEMORY}]) < time() - {}", TRUST_DAYS * DAY_SECONDS);
    Counter {
        help: metric.help,
        increment_expression: format!(
            "({now} - last_over_time({seen}[{MEMORY_DAYS}d]) >= 0 \
             or ({now} unless on (collector_run) {forgotten})) > 0"
        ),
        seen_expression: seen_expression(&now, &increment, &seen),
        increment,
        seen,
    }
}
