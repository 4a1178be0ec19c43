//! The recording rules that make counters countable: what each minute added.
//!
//! `increase()` misses the first value of a series, and every release of the
//! CLI is a new series. Each start of the collector gives its series a label of
//! their own, so no series ever falls, and two rules for each counter suffice:
//! what came since the value seen last, and what is seen now, in this order.
//! May not know the stack.

use super::templates::Templates;
use crate::artifact::{Artifact, path};
use crate::diagnostic::Diagnostic;
use crate::stack::{METRICS, Metric, VERIFY_SERVICE};
use serde::Serialize;

/// How long a counter that was not scraped is remembered: a gap longer than
/// this would count its whole value anew.
const MEMORY: &str = "3d";

#[derive(Serialize)]
struct Context {
    counters: Vec<Counter>,
}

#[derive(Serialize)]
struct Counter {
    help: &'static str,
    increment: String,
    increment_expression: String,
    seen: String,
    seen_expression: String,
}

/// Renders the recording rules.
///
/// # Errors
/// A template that does not fill: a bug.
pub fn artifact(templates: &Templates) -> Result<Artifact, Diagnostic> {
    templates.fill(path::RULES, Context { counters: METRICS.iter().map(counter).collect() })
}

fn counter(metric: &Metric) -> Counter {
    let stem = metric.rule_stem();
    // The sessions that `verify` makes up are nobody's use.
    let now = format!("{}{{service_name!=\"{VERIFY_SERVICE}\"}}", metric.name);
    Counter {
        help: metric.help,
        increment: format!("{stem}:inc1m"),
        increment_expression: format!("({now} - last_over_time({stem}:seen[{MEMORY}])) or {now}"),
        seen: format!("{stem}:seen"),
        seen_expression: now,
    }
}
