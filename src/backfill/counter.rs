//! The counters that have rules, and the names of what is asked and written.

use crate::stack::{DETAIL, METRICS, Metric, Stack, VERIFY_SERVICE};

/// The series in imported samples that says where the rules of a counter began, in seconds
/// since 1970.
pub const UNTIL: &str = "claude:backfill:until";

/// The label of [`UNTIL`] that names the counter.
pub const MARK: &str = "counter";

/// A range longer than any Prometheus keeps samples.
pub const EVERYTHING: &str = "3650d";

/// One counter and its two rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// `claude_tokens_total`.
    pub name: &'static str,
    /// `tokens`.
    pub unit: &'static str,
    /// `claude:tokens:inc1m`.
    pub increment: String,
    /// `claude:tokens:seen`.
    pub seen: String,
}

impl Counter {
    fn of(metric: &Metric) -> Self {
        let stem = metric.rule_stem();
        let (increment, seen) = (format!("{stem}:inc1m"), format!("{stem}:seen"));
        Self { name: metric.name, unit: metric.unit, increment, seen }
    }

    /// The raw series that the rules count.
    #[must_use]
    pub fn selector(&self) -> String {
        format!("{}{{service_name!=\"{VERIFY_SERVICE}\"}}", self.name)
    }
}

/// The counters of a stack.
#[must_use]
pub fn counters(stack: &Stack) -> Vec<Counter> {
    let sessions = DETAIL.iter().filter(|_| stack.detail.value);
    METRICS.iter().chain(sessions).map(Counter::of).collect()
}
