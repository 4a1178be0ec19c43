//! Every query of both dashboards, asked of real Prometheus releases as Grafana would ask, and
//! every number that a panel shows held against what is true of the recordings.

mod question;
mod sessions;
mod truth;

use super::otlp::{Load, Temporality, Totals, Wire, load, percent_encoded, replay, send_spans};
use super::telemetry::{Telemetry, VERSIONS};
use otelctl::artifact::path;
use otelctl::stack::{METRICS, Metric};
pub use question::{Choice, Question, Series};
use serde_json::Value;
use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
pub use truth::{End, Facts, Of, Told, Window, told};

/// Debian's Prometheus, and the one that a profile gets by default.
const PROMETHEUS: [(&str, u16); 2] = [("127.0.0.1:9090", 9090), ("127.0.0.1:9091", 9091)];

const RECEIVER: &str = "127.0.0.1:4318";

/// The rules are evaluated every five seconds.
const RULES: Duration = Duration::from_secs(100);

/// A number on a panel, by the counters that it is made of.
pub enum Truth {
    /// A sum, which the parts of a panel add up to.
    Sum(f64),
    /// Anything else.
    Value(f64),
}

/// What is true of a panel's column or series, by what its counters truly are; `None` where
/// that takes more than totals of the dashboard's range.
pub fn truth(title: &str, total: &dyn Fn(&str) -> f64) -> Option<Truth> {
    let facts = ByTotals { total, more: Cell::new(false) };
    let told = told(title, title, &facts);
    let told = told.unwrap_or_else(|| panic!("what is true of `{title}`?"));
    let over_time = title.ends_with("by model") && matches!(told, Told::Value(_));
    match told {
        // Day by day or hour by hour: the parts of no whole.
        _ if facts.more.get() || over_time || title.contains("by day") => None,
        Told::Sum(sum) => Some(Truth::Sum(sum.unwrap_or(0.0))),
        Told::Value(value) => value.map(Truth::Value),
    }
}

/// Totals of the dashboard's range, and nothing more.
struct ByTotals<'a> {
    total: &'a dyn Fn(&str) -> f64,
    /// Whether more was asked.
    more: Cell<bool>,
}

impl ByTotals<'_> {
    fn unknown<T>(&self, value: T) -> T {
        self.more.set(true);
        value
    }
}

impl Facts for ByTotals<'_> {
    fn counted(&self, window: Window, counter: &str, labels: &[(&str, &str)]) -> Option<f64> {
        if window != Window::Here || !labels.is_empty() {
            return self.unknown(None);
        }
        Some((self.total)(counter)).filter(|total| *total > 0.0)
    }

    fn of_all(&self, _: &str) -> Option<f64> {
        self.unknown(None)
    }

    fn last(&self, _: &str, _: bool) -> Option<f64> {
        self.unknown(None)
    }

    fn minute(&self, _: End, _: &str) -> Option<f64> {
        self.unknown(None)
    }

    fn is_among_the_dearest(&self) -> bool {
        self.unknown(true)
    }

    fn month_elapsed(&self) -> f64 {
        self.unknown(1.0)
    }

    fn budget(&self) -> f64 {
        self.unknown(1.0)
    }

    fn pipeline(&self, _: Of, _: &str) -> Option<f64> {
        self.unknown(None)
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

fn questions(telemetry: &Telemetry) -> Vec<Question> {
    // The page of a session is asked in the synthetic month.
    let dashboards =
        [path::OVERVIEW, path::COSTS].map(|path| Question::all(&telemetry.rendered(path)));
    dashboards.into_iter().flatten().collect()
}

/// Doubles are added in another order here than there.
fn same(expected: f64, found: f64) -> bool {
    (expected - found).abs() <= 1e-12 * expected.abs().max(1.0)
}

fn check(question: &Question, answer: &[Series], truths: &Totals, choice: &Choice) {
    let name = format!("{} / {}, {choice:?}: {answer:?}", question.panel, question.title);
    let points = answer.iter().flat_map(|(_, points)| points);
    assert!(points.clone().all(|point| point.is_finite()), "{name}");
    let total = |label: Option<(&str, &str)>, counter: &str| {
        truths.sum(counter, |model, version| {
            let chosen = choice.model.as_deref().is_none_or(|chosen| chosen == model);
            // Some counters name no model, and a choice leaves them alone.
            let names_model = |metric: &Metric| metric.name == counter && metric.names_model;
            (chosen || !METRICS.iter().any(names_model))
                && match label {
                    Some(("model", label)) => label == model,
                    Some(("service_version", label)) => label == version,
                    _ => true,
                }
        })
    };
    let expected = truth(&question.title, &|counter| total(None, counter));
    // What was never counted has no series.
    let nothing = matches!(expected, None | Some(Truth::Sum(0.0)));
    assert!(nothing || points.clone().next().is_some(), "no data: {name}");
    match expected {
        None => return,
        Some(Truth::Sum(expected)) => {
            let found: f64 = points.sum();
            assert!(same(expected, found), "{expected} is true, {found} is shown: {name}");
        }
        Some(Truth::Value(expected)) if question.by.is_none() => {
            let [(_, points)] = answer else { panic!("one number: {name}") };
            assert!(
                matches!(points.as_slice(), [found] if same(expected, *found)),
                "{expected}: {name}"
            );
        }
        Some(Truth::Value(_)) => {}
    }
    let Some(by @ ("model" | "service_version")) = question.by.as_deref() else { return };
    for (label, points) in answer {
        let found: f64 = points.iter().sum();
        let (Truth::Sum(expected) | Truth::Value(expected)) =
            truth(&question.title, &|counter| total(Some((by, label)), counter))
                .unwrap_or(Truth::Value(0.0));
        // A model that cost nothing has no tokens per dollar.
        assert!(same(expected, found) || points.is_empty(), "{label}: {expected}, {name}");
    }
}

/// The hours of the day at which something was counted.
fn check_hours(wire: &Wire, prometheus: &str, question: &Question, choice: &Choice) {
    let offset: f64 = choice.utc_offset.parse().expect("a number");
    let hour = |ago: f64| {
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
        let hours = (choice.now as f64 - ago) / 3600.0 + offset;
        format!("{:02}", hours.rem_euclid(24.0).floor())
    };
    let answer = question.ask(wire, prometheus, choice);
    let counted = answer.iter().filter(|(_, points)| points.iter().any(|point| *point > 0.0));
    let hours: Vec<&String> = counted.map(|(hour, _)| hour).collect();
    let recent = [hour(0.0), hour(300.0)];
    assert!(
        !hours.is_empty() && hours.iter().all(|hour| recent.contains(hour)),
        "{hours:?} {recent:?}"
    );
}

/// Waits for the rules, and then checks every panel in several ranges and for one model.
fn check_all(wire: &Wire, questions: &[Question], truths: &Totals) {
    let top = truths.top_model("claude_tokens_total").to_owned();
    for (prometheus, _) in PROMETHEUS {
        Totals::await_equal(truths, RULES, prometheus, || Totals::recorded(wire, prometheus, "1h"));
        for choice in
            [all(3600), all(30 * 86_400), Choice { model: Some(top.clone()), ..all(7 * 86_400) }]
        {
            for question in questions {
                check(question, &question.ask(wire, prometheus, &choice), truths, &choice);
            }
        }
    }
}

/// All models, up to now.
fn all(range: u64) -> Choice {
    Choice { model: None, service: None, utc_offset: "0", now: now(), range }
}

fn values(wire: &Wire, prometheus: &str, label: &str) -> Vec<String> {
    let series = percent_encoded("claude:tokens:inc1m");
    let page = format!("/api/v1/label/{label}/values?match[]={series}");
    let answer = wire.get(prometheus, &page).expect(prometheus);
    let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
    let values = answer["data"].as_array().expect("values").iter();
    values.map(|value| value.as_str().expect("text").to_owned()).collect()
}

#[test]
fn every_panel_shows_what_is_true() {
    Telemetry::alone(VERSIONS[0], |telemetry| {
        telemetry.start_collector();
        telemetry.start_prometheus();
        telemetry.start_current_prometheus(PROMETHEUS[1].1);
        let wire = telemetry.wire();
        let questions = questions(telemetry);

        // Before any use each query is taken, and finds nothing to show.
        for (prometheus, question) in PROMETHEUS
            .iter()
            .flat_map(|(at, _)| questions.iter().map(move |question| (at, question)))
        {
            let answer = question.ask(&wire, prometheus, &all(3600));
            // The pipeline is there before any use.
            if truth(&question.title, &|_| 1.0).is_none() {
                continue;
            }
            assert!(answer.iter().all(|(_, points)| points.is_empty()), "{question:?}: {answer:?}");
        }

        // The recordings know no cache miss, whose counter is then not there; the load does.
        let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
        let mut truths = replay(&wire, RECEIVER, &recordings);
        assert!(same(0.0, truths.sum("claude_cache_misses_total", |_, _| true)));
        check_all(&wire, &questions, &truths);
        let asked =
            Load { clients: 6, exports: 10, temporality: Temporality::Mixed, idle: 0.3, seed: 5 };
        truths.extend(load(&wire, RECEIVER, asked));
        truths.extend(send_spans(&wire, RECEIVER, 1).1);
        assert!(truths.sum("claude_cache_misses_total", |_, _| true) > 0.0);
        check_all(&wire, &questions, &truths);

        let top = truths.top_model("claude_tokens_total").to_owned();
        for (prometheus, _) in PROMETHEUS {
            for utc_offset in ["0", "5.5", "-9.5"] {
                let choice = Choice { utc_offset, ..all(86_400) };
                let hours = questions.iter().filter(|question| question.kind == "barchart");
                hours.for_each(|question| check_hours(&wire, prometheus, question, &choice));
            }
            assert!(values(&wire, prometheus, "model").contains(&top));
            for label in ["service_name", "service_version"] {
                assert!(!values(&wire, prometheus, label).is_empty(), "{label}");
            }
        }
    });
}

#[test]
#[should_panic(expected = "is true")]
fn a_token_too_few_on_a_panel_is_told() {
    let dashboard = include_str!("../golden/document/dashboards/claude-code-overview.json");
    let questions = Question::all(dashboard);
    let question = questions.iter().find(|question| question.title == "Tokens").expect("a panel");
    let mut truths = Totals::default();
    truths.add("claude_tokens_total", "m", "2.0.0", 42.0);
    let choice = Choice { model: None, service: None, utc_offset: "0", now: 0, range: 1 };
    check(question, &[(String::new(), vec![41.0])], &truths, &choice);
}
