//! What a query may name: the stack's labels, jobs and budget, and the dashboard's variables.
//!
//! May not know YAML, Grafana's JSON or how queries are written.

use super::counter::HOUR;
use super::expression::{Mistake, mistake};
use crate::stack::{
    DETAIL, DETAIL_LABELS, DETAIL_LIMIT, ExtraLabel, LABELS, METRICS, Metric, OWN_METRICS_JOB,
    PIPELINE_LABELS, Stack,
};

/// Prometheus's job for itself, where it is managed.
const PROMETHEUS_JOB: &str = "prometheus";

/// What the profile has that dashboards depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The stack's name.
    stack: String,
    /// The labels that the profile adds to counters.
    labels: Vec<String>,
    /// `otelctl::budget::monthly_usd`, as queries write it.
    pub monthly_budget: Option<String>,
    /// The scrape job of the counters.
    pub scrape_job: String,
    /// Whether Prometheus is managed, and so scrapes the collector's own metrics and itself.
    own_metrics: bool,
    /// The scrape job of the counters by session, if there are any.
    detail_job: Option<String>,
}

impl Scope {
    /// What a stack has.
    pub fn of(stack: &Stack) -> Self {
        let detail = stack.detail.value && stack.prometheus.is_some();
        Self {
            stack: stack.name.value.clone(),
            labels: stack.labels.value.iter().map(|extra| extra.label.clone()).collect(),
            monthly_budget: stack.budget.monthly.as_ref().map(|budget| budget.value.to_string()),
            scrape_job: stack.scrape.job.clone(),
            own_metrics: stack.prometheus.is_some(),
            detail_job: detail.then(|| stack.scrape.detail_job()),
        }
    }

    /// The uid of a dashboard by its end. Several stacks may push into one Grafana.
    pub fn uid(&self, end: &str) -> String {
        format!("otelctl-{}-{end}", self.stack)
    }

    /// The counters that the stack has.
    pub fn counters(&self) -> impl Iterator<Item = &'static Metric> {
        METRICS.iter().chain(DETAIL.iter().filter(|_| self.detail_job.is_some()))
    }

    /// A query with the names of the stack's own in it.
    pub fn filled(&self, query: &str) -> String {
        query
            .replace("{scrape_job}", &self.scrape_job)
            .replace("{own_job}", OWN_METRICS_JOB)
            .replace("{detail_job}", self.detail_job.as_deref().unwrap_or_default())
            .replace("{detail_limit}", &DETAIL_LIMIT.to_string())
    }

    /// The labels that the profile adds to every counter: a token's type is not among them.
    pub fn extra_labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(String::as_str).filter(|label| *label != ExtraLabel::TYPE)
    }

    /// The scrape jobs of the pipeline.
    pub fn jobs(&self) -> Vec<&str> {
        let mut jobs = vec![self.scrape_job.as_str()];
        jobs.extend(self.detail_job.as_deref());
        if self.own_metrics {
            jobs.extend([OWN_METRICS_JOB, PROMETHEUS_JOB]);
        }
        jobs
    }

    /// Says whether a panel is shown that is for profiles of a kind; none: no such kind.
    pub fn holds(&self, when: &str) -> Option<bool> {
        Some(match when.split_once(' ')? {
            ("label", label) => self.labels.iter().any(|known| known == label),
            ("monthly", "budget") => self.monthly_budget.is_some(),
            ("own", "metrics") => self.own_metrics,
            ("session", "detail") => self.detail_job.is_some(),
            _ => return None,
        })
    }

    /// Says whether a counter carries a label.
    pub fn carries(&self, metric: &Metric, label: &str) -> bool {
        if metric.is_of_sessions() {
            return DETAIL_LABELS.contains(&label) || metric.labels.contains(&label);
        }
        // The type of tokens is the profile's choice.
        let chosen = |label| self.labels.iter().any(|known| known == label);
        let left_out = metric.name == "claude_tokens_total" && !chosen(ExtraLabel::TYPE);
        LABELS.contains(&label)
            || (metric.labels.contains(&label) && !(left_out && label == ExtraLabel::TYPE))
            || self.extra_labels().any(|known| known == label)
    }

    /// Says whether a label is one that some counter carries, or one of the pipeline's.
    ///
    /// # Errors
    /// If it is not.
    pub fn known_label(&self, label: &str) -> Result<(), Mistake> {
        if self.counters().any(|metric| self.carries(metric, label))
            || PIPELINE_LABELS.contains(&label)
            || label == HOUR
        {
            return Ok(());
        }
        mistake(
            format!("the query names the label `{label}`, which no counter carries"),
            format!("the labels are {}", self.labels_of(self.counters())),
        )
    }

    /// Says that all counters of a query carry a label by which it tells series apart.
    ///
    /// # Errors
    /// If one does not.
    pub fn carried(&self, counters: &[Metric], label: &str) -> Result<(), Mistake> {
        match counters.iter().find(|metric| !self.carries(metric, label)) {
            None => Ok(()),
            Some(metric) => mistake(
                format!("the query asks `{}` for `{label}`, which it does not carry", metric.name),
                format!("its labels are {}", self.labels_of(std::iter::once(metric))),
            ),
        }
    }

    fn labels_of<'a>(&self, metrics: impl Iterator<Item = &'a Metric>) -> String {
        let extra: Vec<&str> = self.extra_labels().collect();
        let labels = metrics.flat_map(|metric| {
            let of_sessions = metric.is_of_sessions();
            let every = if of_sessions { &DETAIL_LABELS[..] } else { &LABELS[..] };
            let chosen = extra.iter().filter(move |_| !of_sessions);
            every.iter().chain(chosen).chain(metric.labels).copied()
        });
        let mut known = Vec::new();
        for label in labels.into_iter().map(|label| format!("`{label}`")) {
            if !known.contains(&label) {
                known.push(label);
            }
        }
        known.join(", ")
    }
}

#[cfg(test)]
impl Scope {
    /// A profile with a budget, the labels `type` and `team`, and counters of single sessions.
    pub fn example() -> Self {
        Self {
            stack: "west".to_owned(),
            labels: vec![ExtraLabel::TYPE.to_owned(), "team".to_owned()],
            monthly_budget: Some("250.5".to_owned()),
            scrape_job: "otel-collector".to_owned(),
            own_metrics: true,
            detail_job: Some("otel-collector-detail".to_owned()),
        }
    }
}
