//! Totals by counter, model and release: what is true, and what was counted.

use super::wire::Wire;
use otelctl::stack::{DEFAULT_PRICES, METRICS};
use otelctl::verify::{SERVICE_NAME, samples};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The relative difference that sums of money may show.
const TOLERANCE: f64 = 1e-9;

/// After the first equality: what comes twice comes by then.
const AFTERMATH: Duration = Duration::from_secs(2);

/// Metric, model, `service_version`.
type Key = (String, String, String);

/// Totals by counter, model and release; what is not there is 0.
#[derive(Clone, Debug, Default)]
pub struct Totals(BTreeMap<Key, f64>);

/// USD that one cache-read token of a model saves by the default prices.
pub fn saving(model: &str) -> f64 {
    price(model).map_or(0.0, |[input, _, cache_read, ..]| (input - cache_read) / 1e6)
}

/// USD that one cache-write token of a model costs above plain input by the default prices.
pub fn surcharge(model: &str) -> f64 {
    price(model).map_or(0.0, |[input, _, _, cache_write, _]| (cache_write - input) / 1e6)
}

/// Whether the default prices have this model.
pub fn is_priced(model: &str) -> bool {
    price(model).is_some()
}

fn price(model: &str) -> Option<[f64; 5]> {
    let undated = model.rsplit_once('-').filter(|(_, date)| date.len() == 8).map(|(name, _)| name);
    let price = |name: &str| DEFAULT_PRICES.iter().find(|(model, _)| *model == name);
    price(model).or_else(|| price(undated?)).map(|(_, prices)| *prices)
}

impl Totals {
    /// Adds to one total.
    pub fn add(&mut self, metric: &str, model: &str, version: &str, value: f64) {
        let key = (metric.to_owned(), model.to_owned(), version.to_owned());
        *self.0.entry(key).or_default() += value;
    }

    /// Adds all of another's.
    pub fn extend(&mut self, other: Self) {
        for ((metric, model, version), value) in other.0 {
            self.add(&metric, &model, &version, value);
        }
    }

    /// Sums up a counter over the models and releases that are wanted.
    pub fn sum(&self, counter: &str, wanted: impl Fn(&str, &str) -> bool) -> f64 {
        let chosen = self
            .0
            .iter()
            .filter(|((name, model, version), _)| name == counter && wanted(model, version));
        chosen.map(|(_, value)| value).sum()
    }

    /// The model that most of a counter fell to.
    pub fn top_model(&self, counter: &str) -> &str {
        let mut of_counter =
            self.0.iter().filter(|((name, ..), _)| name == counter).collect::<Vec<_>>();
        of_counter.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        of_counter.last().map_or("", |((_, model, _), _)| model)
    }

    /// Reads the exporter's page at `host:port`.
    pub fn exported(wire: &Wire, exporter: &str) -> Self {
        let page = wire.get(exporter, "/metrics").expect(exporter);
        assert_eq!(page.status, 200, "{}", page.body);
        let mut totals = Self::default();
        for sample in samples(&page.body).expect("the exposition format") {
            let label = |name| sample.labels.get(name).map_or("", String::as_str);
            if METRICS.iter().any(|metric| metric.name == sample.name)
                && label("service_name") != SERVICE_NAME
            {
                totals.add(&sample.name, label("model"), label("service_version"), sample.value);
            }
        }
        totals
    }

    /// Reads the counters that a Prometheus at `host:port` has stored last.
    pub fn stored(wire: &Wire, prometheus: &str) -> Self {
        Self::queried(wire, prometheus, |metric, _| {
            format!("{metric}{{service_name!=\"{SERVICE_NAME}\"}}")
        })
    }

    /// Reads the totals of a time, such as `1h`, from the recording rules.
    pub fn recorded(wire: &Wire, prometheus: &str, range: &str) -> Self {
        Self::queried(wire, prometheus, |_, stem| format!("sum_over_time({stem}:inc1m[{range}])"))
    }

    /// Reads the sums of the series that are named for each counter and stem of rules.
    pub fn queried(wire: &Wire, prometheus: &str, series: impl Fn(&str, &str) -> String) -> Self {
        let mut totals = Self::default();
        for metric in METRICS {
            let series = series(metric.name, &metric.rule_stem());
            let query = format!("sum by (model, service_version) ({series})");
            let page = format!("/api/v1/query?query={}", percent_encoded(&query));
            let answer = wire.get(prometheus, &page).expect(prometheus);
            assert_eq!(answer.status, 200, "{query}: {}", answer.body);
            let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
            for found in answer["data"]["result"].as_array().expect("a vector") {
                let label = |name: &str| found["metric"][name].as_str().unwrap_or_default();
                let value = found["value"][1].as_str().and_then(|value| value.parse().ok());
                let (model, version) = (label("model"), label("service_version"));
                totals.add(metric.name, model, version, value.expect("a number"));
            }
        }
        totals
    }

    /// Reads again and again until the totals are the true ones, and then once more.
    ///
    /// # Panics
    /// When they are not within the limit, or do not stay so.
    #[track_caller]
    pub fn await_equal(truth: &Self, limit: Duration, name: &str, read: impl Fn() -> Self) {
        let deadline = Instant::now() + limit;
        while !read().differences(truth).is_empty() && Instant::now() < deadline {
            sleep(Duration::from_millis(200));
        }
        sleep(AFTERMATH);
        read().assert_equals(truth, name);
    }

    /// Says that these are the true totals.
    ///
    /// # Panics
    /// With a table of what differs.
    #[track_caller]
    pub fn assert_equals(&self, truth: &Self, name: &str) {
        assert!(truth.0.values().any(|value| *value > 0.0), "{name}: nothing was sent");
        let differences = self.differences(truth);
        if differences.is_empty() {
            return;
        }
        let mut table = format!("{:<36}{:<30}{:<10}", "counter", "model", "version");
        let _ = writeln!(table, "{:>20}{:>20}", "true", "counted");
        for ((metric, model, version), expected, counted) in differences {
            let _ =
                writeln!(table, "{metric:<36}{model:<30}{version:<10}{expected:>20}{counted:>20}");
        }
        panic!("{name}: what was counted is not what is true\n{table}");
    }

    /// The share of the truth that was counted, of the total that is furthest off; 1: all are
    /// exact.
    pub fn share(&self, truth: &Self) -> f64 {
        let shares =
            self.differences(truth).into_iter().map(|(_, expected, counted)| counted / expected);
        shares.max_by(|a, b| (a - 1.0).abs().total_cmp(&(b - 1.0).abs())).unwrap_or(1.0)
    }

    fn differences(&self, truth: &Self) -> Vec<(Key, f64, f64)> {
        let keys: BTreeSet<&Key> = self.0.keys().chain(truth.0.keys()).collect();
        let value = |totals: &Self, key| totals.0.get(key).copied().unwrap_or_default();
        let both = keys.into_iter().map(|key| (key.clone(), value(truth, key), value(self, key)));
        both.filter(|((metric, ..), expected, counted)| !same(metric, *expected, *counted))
            .collect()
    }
}

fn same(metric: &str, expected: f64, counted: f64) -> bool {
    // Sums of fractions: money, and seconds of activity.
    if metric.contains("usd") || metric.contains("seconds") {
        return (expected - counted).abs() <= TOLERANCE * expected.abs().max(counted.abs());
    }
    expected.total_cmp(&counted).is_eq()
}

/// Writes a text as a value in a URL.
pub fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
