//! The alerts about money: limits, models without a price, spend that is nobody's.
//!
//! May not know what a dashboard shows.

use super::alert::{Alert, Severity};
use crate::stack::{PERSON_LABELS, Stack, UNKNOWN};

/// What was spent in the time before now.
const COST: &str = "claude:cost_usd:inc1m";

/// The alerts about the limits that the profile sets.
pub fn limits(stack: &Stack) -> Vec<Alert> {
    let budget = &stack.budget;
    let alert = |name, severity, spent: String, limit: f64, span: &str, setting: &str| {
        Alert::new(name, severity, "0s").when(format!("{spent} > {limit}")).says(
            "Claude Code costs more than the limit",
            format!(
                "An estimated {{{{ printf \"%.2f\" $value }}}} USD {span}; the limit is {limit} USD \
                 (otelctl::budget::{setting})."
            ),
        )
    };
    let spent = |range: &str| format!("sum(sum_over_time({COST}[{range}]))");
    let hourly = budget.hourly.as_ref().map(|limit| {
        let (name, spent) = ("ClaudeCodeHourlyCost", spent("1h"));
        alert(name, Severity::Warning, spent, limit.value, "in an hour", "hourly_usd")
    });
    let daily = budget.daily.as_ref().map(|limit| {
        let (name, spent) = ("ClaudeCodeDailyCost", spent("1d"));
        alert(name, Severity::Warning, spent, limit.value, "in 24 hours", "daily_usd")
    });
    let monthly = budget.monthly.as_ref().map(|limit| {
        let (name, spent) = ("ClaudeCodeMonthlyCost", this_month());
        alert(name, Severity::Warning, spent, limit.value, "in this month", "monthly_usd")
    });
    [hourly, daily, monthly].into_iter().flatten().collect()
}

/// What was spent in this calendar month (UTC), up to its last whole hour: hour by hour, each
/// labelled with its month.
fn this_month() -> String {
    // The hour up to midnight belongs to the day before.
    let month = "count_values(\"month\", month(vector(time() - 1)))";
    format!(
        "(sum by (month) (sum_over_time(({month} * on () group_left () \
         sum(sum_over_time({COST}[1h])))[31d:1h])) and on (month) {month})"
    )
}

pub fn unpriced() -> Alert {
    let expression = "sum by (model) (sum_over_time(claude:unpriced_tokens:inc1m[1h])) > 0";
    Alert::new("ClaudeCodeUnpricedTokens", Severity::Warning, "0s").when(expression).says(
        "a model has no price",
        "{{ $value }} tokens of {{ $labels.model }} in an hour: otelctl::model_prices does not \
         have it, so its cache savings are not counted.",
    )
}

/// An alert where the counters say whose sessions are.
pub fn unattributed(stack: &Stack) -> Option<Alert> {
    let labels = stack.labels.value.iter().map(|extra| extra.label.as_str());
    let spent: Vec<String> = labels
        .filter(|label| PERSON_LABELS.contains(label) || *label == "team")
        .map(|label| {
            format!(
                "label_replace(sum(sum_over_time({COST}{{{label}=\"{UNKNOWN}\"}}[1h])), \
                 \"label\", \"{label}\", \"\", \"\") > 0"
            )
        })
        .collect();
    (!spent.is_empty()).then(|| {
        Alert::new("ClaudeCodeUnattributedSpend", Severity::Warning, "0s")
            .when(spent.join(" or "))
            .says(
                "some spend is nobody's",
                "An estimated {{ printf \"%.2f\" $value }} USD in an hour came from clients that \
                 do not say their {{ $labels.label }}.",
            )
    })
}
