//! Values by series: what is true, and what was counted.

use crate::live::otlp::{Wire, percent_encoded};
use otelctl::stack::Metric;
use otelctl::verify::samples;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The relative difference that sums of fractions may show.
const TOLERANCE: f64 = 1e-9;

/// After the first equality: what comes twice comes by then.
const AFTERMATH: Duration = Duration::from_secs(2);

/// Labels that tell nothing about what was sent.
const PASSED_OVER: [&str; 5] =
    ["collector_run", "collector_day", "model_family", "job", "instance"];

/// Values by series, `name{label="value",…}`.
#[derive(Clone, Debug, Default)]
pub struct Counted(BTreeMap<String, f64>);

impl Counted {
    /// Adds to one series.
    pub fn add(&mut self, metric: &str, labels: &BTreeMap<String, String>, value: f64) {
        let mut series = format!("{metric}{{");
        for (name, value) in labels {
            if !PASSED_OVER.contains(&name.as_str()) {
                let _ = write!(series, "{name}={value:?},");
            }
        }
        *self.0.entry(series).or_default() += value;
    }

    /// Reads the exporter's page at `host:port`.
    pub fn exported(wire: &Wire, exporter: &str) -> Self {
        let page = wire.get(exporter, "/metrics").expect(exporter);
        assert_eq!(page.status, 200, "{}", page.body);
        let mut counted = Self::default();
        for sample in samples(&page.body).expect("the exposition format") {
            if sample.name != "target_info" {
                counted.add(&sample.name, &sample.labels, sample.value);
            }
        }
        counted
    }

    /// Reads the counters that a Prometheus at `host:port` has stored last.
    pub fn stored(wire: &Wire, prometheus: &str, metrics: &[Metric]) -> Self {
        Self::queried(wire, prometheus, metrics, |metric| metric.name.to_owned())
    }

    /// Reads the totals of the last hour from the recording rules.
    pub fn recorded(wire: &Wire, prometheus: &str, metrics: &[Metric]) -> Self {
        Self::queried(wire, prometheus, metrics, |metric| {
            format!("sum_over_time({}:inc1m[1h])", metric.rule_stem())
        })
    }

    fn queried(
        wire: &Wire,
        prometheus: &str,
        metrics: &[Metric],
        query: impl Fn(&Metric) -> String,
    ) -> Self {
        let mut counted = Self::default();
        for metric in metrics {
            let query = query(metric);
            let page = format!("/api/v1/query?query={}", percent_encoded(&query));
            let answer = wire.get(prometheus, &page).expect(prometheus);
            assert_eq!(answer.status, 200, "{query}: {}", answer.body);
            let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
            for found in answer["data"]["result"].as_array().expect("a vector") {
                let labels = found["metric"].as_object().expect("labels").iter();
                let labels = labels.filter(|(name, _)| *name != "__name__");
                let text = |value: &Value| value.as_str().expect("text").to_owned();
                let labels = labels.map(|(name, value)| (name.clone(), text(value))).collect();
                let value = text(&found["value"][1]).parse().expect("a number");
                counted.add(metric.name, &labels, value);
            }
        }
        counted
    }

    /// Reads again and again until it is these values, and then once more.
    ///
    /// # Panics
    /// When it is not within the limit, or does not stay so.
    #[track_caller]
    pub fn await_equal(&self, limit: Duration, name: &str, read: impl Fn() -> Self) {
        assert!(self.0.values().any(|value| *value > 0.0), "{name}: nothing was sent");
        let deadline = Instant::now() + limit;
        while !self.differences(&read()).is_empty() && Instant::now() < deadline {
            sleep(Duration::from_millis(200));
        }
        sleep(AFTERMATH);
        let differences = self.differences(&read());
        assert!(differences.is_empty(), "{name}: true, counted, series\n{differences}");
    }

    fn differences(&self, counted: &Self) -> String {
        let keys: BTreeSet<&String> = self.0.keys().chain(counted.0.keys()).collect();
        let mut table = String::new();
        for key in keys {
            let value = |of: &Self| of.0.get(key).copied().unwrap_or_default();
            let (expected, counted) = (value(self), value(counted));
            if (expected - counted).abs() > TOLERANCE * expected.abs() {
                let _ = writeln!(table, "{expected:>16} {counted:>16} {key}");
            }
        }
        table
    }
}
