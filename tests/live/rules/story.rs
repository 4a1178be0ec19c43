//! What happens to some series, and what the rules must make of it.

use otelctl::stack::Metric;
use std::fmt::Write as _;

/// The name that stands for each counter in turn.
const COUNTER: &str = "COUNTER";
/// The stem of its rules.
const RULE: &str = "RULE";

/// Series in promtool's notation and queries with their answers. In both `COUNTER` and `RULE`
/// stand for each counter of the table, one after the other.
pub struct Story {
    pub name: &'static str,
    /// The time between two evaluations.
    step: &'static str,
    /// The time between two samples.
    scrapes: &'static str,
    series: Vec<(String, String)>,
    expected: Vec<(&'static str, String, f64)>,
    /// Series that are no counter's, and queries about none.
    others: Vec<(&'static str, &'static str)>,
    alerts: Vec<(&'static str, String, f64)>,
}

impl Story {
    /// A story that is told minute by minute.
    pub fn new(name: &'static str) -> Self {
        Self::slow(name, "1m")
    }

    /// A story that takes days, at this step.
    pub fn slow(name: &'static str, step: &'static str) -> Self {
        let (series, expected) = (Vec::new(), Vec::new());
        Self { name, step, scrapes: step, series, expected, others: Vec::new(), alerts: Vec::new() }
    }

    /// A story of scrapes between evaluations: four in a minute.
    pub fn quick(name: &'static str) -> Self {
        Self { scrapes: "15s", ..Self::new(name) }
    }

    /// The counter of one collector run.
    pub fn run(self, run: &str, values: &str) -> Self {
        self.series(&format!("collector_run=\"{run}\",model=\"m\""), values)
    }

    /// The counter with these labels beside those that each has.
    pub fn series(mut self, labels: &str, values: &str) -> Self {
        let own = |label: &str, value: &str| {
            if labels.contains(label) { String::new() } else { format!(",{label}=\"{value}\"") }
        };
        let job = own("job", "otel-collector") + &own("instance", "otel-collector:8889");
        let service = own("service_name", "claude-code");
        self.series.push((format!("{COUNTER}{{{labels}{job}{service}}}"), values.to_owned()));
        self
    }

    /// Increments of a run that an evaluation recorded without the value seen.
    pub fn cut_short(mut self, run: &str, values: &str) -> Self {
        let labels = format!("collector_run=\"{run}\",model=\"m\",service_name=\"claude-code\"");
        self.series.push((format!("{RULE}:inc1m{{{labels}}}"), values.to_owned()));
        self
    }

    /// What was counted from the beginning to a time.
    pub fn total(self, at: &'static str, total: f64) -> Self {
        self.answer(at, &format!("sum(sum_over_time({RULE}:inc1m[400d]))"), total)
    }

    /// What one evaluation counted; none: it has no sample.
    pub fn counted(self, at: &'static str, value: Option<f64>) -> Self {
        let query = format!("sum({RULE}:inc1m) or vector(-1)");
        self.answer(at, &query, value.unwrap_or(-1.0))
    }

    /// What a query answers at a time.
    pub fn answer(mut self, at: &'static str, query: &str, value: f64) -> Self {
        self.expected.push((at, query.to_owned(), value));
        self
    }

    /// A series, told once.
    pub fn other(mut self, series: &'static str, values: &'static str) -> Self {
        self.others.push((series, values));
        self
    }

    /// How many alerts of a name are firing at a time.
    pub fn firing(mut self, at: &'static str, alert: &str, alerts: f64) -> Self {
        let firing = format!("ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}}");
        self.alerts.push((at, format!("count({firing}) or vector(0)"), alerts));
        self
    }

    /// The rules as the story is told: where samples are hours apart, nothing is found a minute
    /// before an evaluation.
    pub fn rules(&self, rules: &str) -> String {
        if self.step == "1m" { rules.to_owned() } else { rules.replace(" offset 1m", "") }
    }

    /// The file that promtool reads, for some counters at the same time.
    pub fn text(&self, rules: &str, counters: &[Metric]) -> String {
        let (step, scrapes) = (self.step, self.scrapes);
        let (mut series, mut expected) = (String::new(), String::new());
        for metric in counters {
            let rule = metric.rule_stem();
            let named = |text: &str| text.replace(COUNTER, metric.name).replace(RULE, &rule);
            for (labels, values) in &self.series {
                let labels = named(labels);
                let _ = writeln!(series, "      - {{series: '{labels}', values: '{values}'}}");
            }
            for (at, query, value) in &self.expected {
                expected.push_str(&answer(at, &named(query), *value));
            }
        }
        for (labels, values) in &self.others {
            let _ = writeln!(series, "      - {{series: '{labels}', values: '{values}'}}");
        }
        let alerts = self.alerts.iter().map(|(at, query, value)| answer(at, query, *value));
        expected.extend(alerts);
        format!(
            "rule_files: [{rules}]\nevaluation_interval: {step}\ntests:\n  - interval: {scrapes}\n    \
             input_series:\n{series}    promql_expr_test:\n{expected}"
        )
    }
}

/// A query with its one answer.
fn answer(at: &str, query: &str, value: f64) -> String {
    let samples = format!("[{{labels: '{{}}', value: {value}}}]");
    format!("      - {{expr: '{query}', eval_time: {at}, exp_samples: {samples}}}\n")
}
