//! What is true of OTLP requests: the values of every series that they should become.

use super::counted::Counted;
use crate::live::otlp::{is_priced, saving, surcharge};
use otelctl::stack::{DETAIL, ExtraLabel, METRICS, Metric, Source, TOKENS};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const UNKNOWN: &str = "unknown";

type Attributes = BTreeMap<String, String>;

/// Adds up requests.
pub struct Sent {
    metrics: &'static [Metric],
    labels: Vec<ExtraLabel>,
    by_session: bool,
    counted: Counted,
    /// A cumulative series counts by its last value.
    cumulative: BTreeMap<String, (Attributes, Attributes, String, f64)>,
}

impl Sent {
    /// Nothing yet, for counters with these labels.
    pub fn new(labels: &[ExtraLabel]) -> Self {
        Self::of(&METRICS, labels, false)
    }

    /// Nothing yet, for the counters of sessions.
    pub fn by_session() -> Self {
        Self::of(&DETAIL, &[ExtraLabel::of(ExtraLabel::TYPE)], true)
    }

    fn of(metrics: &'static [Metric], labels: &[ExtraLabel], by_session: bool) -> Self {
        let (counted, cumulative) = (Counted::default(), BTreeMap::new());
        Self { metrics, labels: labels.to_vec(), by_session, counted, cumulative }
    }

    /// Adds one request's body.
    pub fn add(&mut self, body: &Value) {
        for group in items(&body["resourceMetrics"]) {
            let resource = attributes(&group["resource"]);
            for metric in items(&group["scopeMetrics"]).flat_map(|scope| items(&scope["metrics"])) {
                self.add_metric(metric, &resource);
            }
        }
        for group in items(&body["resourceLogs"]) {
            let resource = attributes(&group["resource"]);
            for record in items(&group["scopeLogs"]).flat_map(|scope| items(&scope["logRecords"])) {
                let event = attributes(record);
                if event.get("event.name").is_some_and(|name| name == "api_request") {
                    let tokens = event.get("cache_read_tokens").and_then(|n| n.parse::<u64>().ok());
                    let cache_hit = tokens.is_some_and(|tokens| tokens > 0);
                    self.count(Source::ApiRequest { cache_hit }, &event, &resource);
                }
            }
        }
        for group in items(&body["resourceSpans"]) {
            let resource = attributes(&group["resource"]);
            for span in items(&group["scopeSpans"]).flat_map(|scope| items(&scope["spans"])) {
                self.count(Source::Span, &attributes(span), &resource);
            }
        }
    }

    /// What is true of all that was added.
    pub fn counted(mut self) -> Counted {
        for (point, resource, name, value) in std::mem::take(&mut self.cumulative).into_values() {
            self.add_value(&name, &point, &resource, value);
        }
        self.counted
    }

    fn add_metric(&mut self, metric: &Value, resource: &Attributes) {
        let name = metric["name"].as_str().expect("a name");
        let cumulative = metric["sum"]["aggregationTemporality"] == 2;
        for point in items(&metric["sum"]["dataPoints"]) {
            let value = text(&point["asDouble"]).or_else(|| text(&point["asInt"]));
            let value: f64 = value.expect("a value").parse().expect("a number");
            let attributes = attributes(point);
            if cumulative {
                let series = format!("{name}{attributes:?}{resource:?}");
                let last = (attributes, resource.clone(), name.to_owned(), value);
                self.cumulative.insert(series, last);
            } else {
                self.add_value(name, &attributes, resource, value);
            }
        }
    }

    fn add_value(&mut self, name: &str, point: &Attributes, resource: &Attributes, value: f64) {
        let kind = point.get("type").map(String::as_str);
        let model = point.get("model").map_or(UNKNOWN, String::as_str);
        for metric in self.metrics {
            let value = match metric.source {
                Source::Metric(from) if from == name => value,
                Source::MetricOfType(from, of) if from == name && kind == Some(of) => value,
                Source::CacheSaving if name == TOKENS && kind == Some("cacheRead") => {
                    value * saving(model)
                }
                Source::CacheSurcharge if name == TOKENS && kind == Some("cacheCreation") => {
                    value * surcharge(model)
                }
                Source::Unpriced if name == TOKENS && !is_priced(model) => value,
                _ => continue,
            };
            let labels = self.labels_of(metric, point, resource);
            self.counted.add(metric.name, &labels, value);
        }
    }

    fn count(&mut self, source: Source, record: &Attributes, resource: &Attributes) {
        let metric = self.metrics.iter().find(|metric| metric.source == source);
        // Sessions have no counter of spans.
        let Some(metric) = metric else { return };
        let labels = self.labels_of(metric, record, resource);
        self.counted.add(metric.name, &labels, 1.0);
    }

    fn labels_of(&self, metric: &Metric, point: &Attributes, resource: &Attributes) -> Attributes {
        let told = |from: &Attributes, name: &str| {
            from.get(name).filter(|value| !value.is_empty() && *value != UNKNOWN).cloned()
        };
        let or_unknown = |told: Option<String>| told.unwrap_or_else(|| UNKNOWN.to_owned());
        let mut labels = Attributes::new();
        let mut put = |name: &str, value| labels.insert(name.to_owned(), or_unknown(value));
        put("model", told(point, "model"));
        put("service_name", told(resource, "service.name"));
        put("service_version", told(resource, "service.version"));
        if self.by_session {
            put("session_id", told(point, "session.id"));
            put("user", told(point, "user.email").or_else(|| told(point, "user.id")));
        }
        let is_type = |label: &&ExtraLabel| label.label == ExtraLabel::TYPE;
        for extra in self.labels.iter().filter(|label| !is_type(label)) {
            let of_point = told(point, &extra.attribute);
            put(&extra.label, of_point.or_else(|| told(resource, &extra.attribute)));
        }
        for own in metric.labels {
            let of_tokens = metric.source == Source::Metric(TOKENS);
            if !of_tokens || self.labels.iter().any(|label| is_type(&label)) {
                put(own, told(point, own));
            }
        }
        labels
    }
}

/// Hands over each request that was taken of every recording in a folder.
pub fn add_recordings_of(folder: &Path, mut add: impl FnMut(&Value)) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let file = entry.expect("an entry").path();
        if file.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read_to_string(file).expect("read a recording");
            let recording: Value = serde_json::from_str(&text).expect("JSON");
            for request in items(&recording["requests"]) {
                if request["answered"].as_u64().unwrap_or(200) == 200 {
                    add(&request["body"]);
                }
            }
        }
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn attributes(of: &Value) -> Attributes {
    let named = |attribute: &Value| {
        let key = attribute["key"].as_str().expect("a key").to_owned();
        let value = attribute["value"].as_object().and_then(|value| value.values().next());
        (key, value.and_then(text).unwrap_or_default())
    };
    items(&of["attributes"]).map(named).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
