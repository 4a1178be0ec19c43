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
//!   the same evaluation, and no further. A query that fails once is made good the
//!   minute after, and so is a scrape that is stored between the two rules: its
//!   samples are older than the evaluation, which only the second rule sees. For
//!   that, runs are written a minute late.
//! - `collector_run` tells a process of the collector, so one counter has one
//!   series in it: whichever job scrapes it, under whatever instance. Not under
//!   whatever label of a target besides: which those are, nobody tells the rules.
//! - Both are stored one after the other, and Prometheus may be killed in
//!   between. Where the last hour has more increments than values seen, the next
//!   evaluation finishes that one and counts nothing: `seen` becomes what it
//!   would have become. Only a Prometheus that then stays away for an hour, or a
//!   value that was written anew in that hour, hides it, and the minute's
//!   increment is counted again.
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

/// How long an evaluation that was cut short is looked for. Shorter than the
/// hour that the rules have at least run when increments of the time before
/// them, which have no values seen, are imported.
const UNFINISHED: &str = "59m";

/// What is less than this, relatively, is no increment: a sum of two doubles is off by less.
const INEXACT: &str = "1e-14";

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
            "group by (collector_run) ({{__name__=~\"claude_.+_total\"}} offset 1m) * time() \
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
    let unfinished = unfinished(&increment, &seen);
    Counter {
        help: metric.help,
        increment_expression: format!(
            "({now} - last_over_time({seen}[{SESSION_MEMORY}]) >= 0 or {now}) > 0 \
             unless {unfinished}"
        ),
        seen_expression: seen_expression(&now, &increment, &seen, SESSION_MEMORY),
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

/// Series of which an increment was recorded and the value seen was not.
fn unfinished(increment: &str, seen: &str) -> String {
    let increments = format!("count_over_time({increment}[{UNFINISHED}])");
    format!("({increments} unless {increments} <= count_over_time({seen}[{UNFINISHED}]))")
}

/// The value seen after an evaluation: what the increment added up to, which may have been
/// recorded in an evaluation that was cut short, and once a day the value seen before.
///
/// Not simply what the counter shows: a scrape may be stored between the two rules, and the
/// increment does not have it. Nor simply the sum: sums of money are not exact.
fn seen_expression(now: &str, increment: &str, seen: &str, memory: &str) -> String {
    let unfinished = unfinished(increment, seen);
    let last = format!("last_over_time({increment}[{UNFINISHED}])");
    let before = format!("last_over_time({seen}[{memory}])");
    // Where the sum is more, the series fell and began anew.
    let counted = format!("({before} + {last} <= {now} * (1 + {INEXACT}) or {last})");
    format!(
        "(({counted} < {now} * (1 - {INEXACT}) or {now}) \
         and (timestamp({increment}) == time() or {unfinished})) \
         or ({before} unless last_over_time({seen}[1d]) and {now})"
    )
}

fn counter(metric: &Metric) -> Counter {
    let stem = metric.rule_stem();
    let (increment, seen) = (format!("{stem}:inc1m"), format!("{stem}:seen"));
    let now = now(metric);
    let unfinished = unfinished(&increment, &seen);
    let memory = format!("{MEMORY_DAYS}d");
    let forgotten =
        format!("last_over_time({RUN_SEEN}[{RUN_MEMORY}]) < time() - {}", TRUST_DAYS * DAY_SECONDS);
    Counter {
        help: metric.help,
        increment_expression: format!(
            "({now} - last_over_time({seen}[{memory}]) >= 0 \
             or ({now} unless on (collector_run) {forgotten})) > 0 unless {unfinished}"
        ),
        seen_expression: format!(
            "{} or ({now} unless last_over_time({seen}[{memory}]) and on (collector_run) {forgotten})",
            seen_expression(&now, &increment, &seen, &memory)
        ),
        increment,
        seen,
    }
}
