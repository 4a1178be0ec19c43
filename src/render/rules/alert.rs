//! The alerts: what somebody should look at, and where the runbook says what to do.
//!
//! Owns which alerts a stack has, their expressions and their words. Each has a
//! section of its name in the runbook. May not know Prometheus's API.
//!
//! A Prometheus of the user's own cannot reach the collector's own metrics, which
//! no port publishes: what reads them is left out there.

use super::cost;
use crate::stack::{DETAIL_LIMIT, METRICS, OWN_METRICS_JOB as OWN_JOB, Stack, VERIFY_SERVICE};
use serde::Serialize;

/// The page with a section for each alert.
const RUNBOOK: &str = "docs/runbook.md";

/// How urgent an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Numbers are lost while it lasts.
    Critical,
    /// Somebody should look at it today.
    Warning,
    /// Good to know.
    Info,
}

/// One alert.
#[derive(Clone, Debug, Serialize)]
pub struct Alert {
    pub name: &'static str,
    pub expression: String,
    /// `for`: how long it must hold.
    pub wait: &'static str,
    pub severity: Severity,
    pub summary: &'static str,
    /// A template of Prometheus's: `{{ $value }}`.
    pub description: String,
    pub runbook: String,
}

impl Alert {
    /// An alert with its section in the runbook.
    pub fn new(name: &'static str, severity: Severity, wait: &'static str) -> Self {
        let runbook = format!("{RUNBOOK}#{}", name.to_lowercase());
        let (expression, summary, description) = (String::new(), "", String::new());
        Self { name, expression, wait, severity, summary, description, runbook }
    }

    pub fn when(self, expression: impl Into<String>) -> Self {
        Self { expression: expression.into(), ..self }
    }

    pub fn says(self, summary: &'static str, description: impl Into<String>) -> Self {
        Self { summary, description: description.into(), ..self }
    }
}

/// Every alert of a stack but those about money.
pub fn alerts(stack: &Stack) -> Vec<Alert> {
    let managed = stack.prometheus.is_some();
    let mut alerts =
        vec![down(&stack.scrape.job, managed), scrape_failing(&stack.scrape.job, managed)];
    if managed {
        alerts.extend([refused(), dropped()]);
    }
    if stack.detail.value {
        alerts.extend([detail_failing(&stack.scrape.detail_job()), detail_near_limit(stack)]);
    }
    alerts.extend([rules_failing(), tokens_missing(), flapping(), version_silent()]);
    alerts.push(cost::unpriced());
    alerts.extend(cost::unattributed(stack));
    alerts
}

fn down(job: &str, managed: bool) -> Alert {
    let exporter = format!("up{{job=\"{job}\"}} == 0");
    // One page that fails is another alert.
    let expression = if managed {
        format!("{exporter} and on () up{{job=\"{OWN_JOB}\"}} == 0")
    } else {
        exporter
    };
    Alert::new("ClaudeCodeCollectorDown", Severity::Critical, "3m").when(expression).says(
        "the collector does not answer",
        "Prometheus has not reached the collector {{ $labels.instance }} for three minutes. \
         Clients keep what they could not send only for a short time.",
    )
}

fn scrape_failing(job: &str, managed: bool) -> Alert {
    let gone = format!("absent(up{{job=\"{job}\"}})");
    let expression = if managed {
        format!("(up{{job=\"{job}\"}} == 0 unless on () up{{job=\"{OWN_JOB}\"}} == 0) or {gone}")
    } else {
        gone
    };
    Alert::new("ClaudeCodeScrapeFailing", Severity::Critical, "5m").when(expression).says(
        "Prometheus does not read the counters",
        "The job {{ $labels.job }} has no target, or its page cannot be read. Nothing is lost \
         while the collector itself runs.",
    )
}

/// A collector that does not answer at all is another alert.
fn detail_failing(job: &str) -> Alert {
    let expression = format!(
        "(up{{job=\"{job}\"}} == 0 unless on () up{{job=\"{OWN_JOB}\"}} == 0) \
         or absent(up{{job=\"{job}\"}})"
    );
    Alert::new("ClaudeCodeSessionsFailing", Severity::Warning, "5m").when(expression).says(
        "Prometheus does not read the counters by session",
        format!(
            "The job {{{{ $labels.job }}}} has no target, or its page cannot be read: more than \
             {DETAIL_LIMIT} samples fail it. The other counters are not touched. What sessions \
             did meanwhile is counted once the page is read again, within a day."
        ),
    )
}

fn detail_near_limit(stack: &Stack) -> Alert {
    let expression = format!(
        "scrape_samples_scraped{{job=\"{}\"}} / {DETAIL_LIMIT} > 0.8",
        stack.scrape.detail_job()
    );
    Alert::new("ClaudeCodeSessionsNearLimit", Severity::Warning, "15m").when(expression).says(
        "the counters by session are near their limit",
        format!(
            "{{{{ $value | humanizePercentage }}}} of the {DETAIL_LIMIT} samples that a scrape of \
             {{{{ $labels.job }}}} may have: beyond that it fails as a whole."
        ),
    )
}

fn refused() -> Alert {
    let names = "otelcol_(receiver_(refused|failed)|processor(_[a-z_]+)?_refused)_.+";
    Alert::new("ClaudeCodeTelemetryRefused", Severity::Critical, "0s").when(grown(names)).says(
        "the collector refuses telemetry",
        "{{ $labels.counter }} has grown within ten minutes, to {{ $value }}: the collector \
         is short of memory. Version 0.91.0 answers in a way that clients do not repeat.",
    )
}

fn dropped() -> Alert {
    let names = "otelcol_(exporter_(send|enqueue)_failed|processor(_[a-z_]+)?_dropped)_.+";
    Alert::new("ClaudeCodeTelemetryDropped", Severity::Warning, "0s").when(grown(names)).says(
        "the collector drops telemetry that it took",
        "{{ $labels.counter }} has grown within ten minutes, to {{ $value }}. Traces that \
         cannot be forwarded are counted all the same; the log of the collector says why.",
    )
}

/// Own counters of the collector, by a pattern that fits every version's names, that have
/// grown within ten minutes or appeared. Where Prometheus itself did not look ten minutes
/// ago, nobody knows.
fn grown(names: &str) -> String {
    let series = |offset: &str| {
        format!(
            "label_replace({{job=\"{OWN_JOB}\",__name__=~\"{names}\"}}{offset}, \
             \"counter\", \"$1\", \"__name__\", \"(.+)\")"
        )
    };
    let (now, before) = (series(""), series(" offset 10m"));
    format!(
        "sum by (counter) (({now} unless {now} == {before}) \
         and on () up{{job=\"{OWN_JOB}\"}} offset 10m) > 0"
    )
}

fn rules_failing() -> Alert {
    let group = "{rule_group=~\".*;claude-code.*\"}";
    let expression = format!(
        "sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total{group}[15m])) > 0 \
         or sum by (rule_group) (increase(prometheus_rule_group_iterations_missed_total{group}[15m])) > 2"
    );
    Alert::new("ClaudeCodeRulesFailing", Severity::Critical, "0s").when(expression).says(
        "the recording rules fail or are late",
        "{{ $labels.rule_group }} could not be evaluated {{ $value }} times in 15 minutes. \
         Dashboards stand still; what was scraped is counted by the next evaluation that succeeds.",
    )
}

fn tokens_missing() -> Alert {
    let recent = |rule: &str| format!("sum(sum_over_time(claude:{rule}[30m]))");
    let expression = format!(
        "({} or {} or {} or {} > 2) unless on () sum(sum_over_time(claude:tokens:inc1m[1h]))",
        recent("cache_hits:inc1m"),
        recent("cache_misses:inc1m"),
        recent("active_seconds:inc1m{type=\"cli\"}"),
        recent("sessions:inc1m"),
    );
    Alert::new("ClaudeCodeTokensMissing", Severity::Warning, "15m").when(expression).says(
        "sessions run, but no tokens arrive",
        "Sessions, requests or working time were counted in the last half hour, and not one \
         token in the last hour.",
    )
}

fn flapping() -> Alert {
    let resets = METRICS.map(|metric| {
        let name = metric.name;
        format!(
            "label_replace(sum(resets({name}{{service_name!=\"{VERIFY_SERVICE}\"}}[1h])), \
             \"counter\", \"{name}\", \"\", \"\") > 0"
        )
    });
    Alert::new("ClaudeCodeCounterFlapping", Severity::Warning, "0s").when(resets.join(" or ")).says(
        "a counter falls",
        "Series of {{ $labels.counter }} fell {{ $value }} times within an hour. No series of \
         one collector ever falls: something else writes into them, and totals may be wrong.",
    )
}

fn version_silent() -> Alert {
    let tokens = "sum_over_time(claude:tokens:inc1m";
    let expression = format!(
        "sum by (service_version) ({tokens}[1d] offset 7d)) \
         unless sum by (service_version) ({tokens}[1d])) \
         and on () sum({tokens}[1d])) < 0.5 * sum({tokens}[1d] offset 7d))"
    );
    Alert::new("ClaudeCodeVersionSilent", Severity::Info, "1h").when(expression).says(
        "a version of Claude Code has stopped sending",
        "Version {{ $labels.service_version }} was in use a week ago and has sent nothing for a \
         day, while tokens are less than half of what they were: no other version took over.",
    )
}
