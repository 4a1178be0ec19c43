//! Asks a question of a panel for what a reader chose, as Grafana does.
//!
//! Written from Grafana's documentation; no Grafana takes part.

use super::super::dashboards::Question;
use super::super::otlp::{Wire, percent_encoded};
use super::MINUTE;
use serde_json::Value;
use std::collections::BTreeMap;

/// Points that a chart asks for at most: about its width in pixels.
const WIDTH: u64 = 1000;

/// What the reader of a dashboard chose.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// The end of the range, in seconds of the epoch.
    pub now: u64,
    /// The length of the range in seconds.
    pub range: u64,
    /// Hours from UTC.
    pub utc_offset: &'static str,
    /// One value of a label; all of those that are not here.
    pub chosen: BTreeMap<&'static str, String>,
}

/// The points of each series, by the label that tells them apart and the time.
pub type Points = BTreeMap<(String, u64), f64>;

impl Reader {
    /// The same reader with those choices alone that a question's dashboard has.
    pub fn at(&self, question: &Question) -> Self {
        let mut reader = self.clone();
        reader.chosen.retain(|label, _| question.filters.iter().any(|(_, known)| known == label));
        reader
    }

    /// The times at which a question is asked, and what one point stands for.
    pub fn times(&self, question: &Question) -> Vec<(u64, u64)> {
        let Some(least) = question.step else { return vec![(self.now, self.range)] };
        let step = least.max(rounded(self.range / WIDTH));
        let first = (self.now - self.range) / step * step;
        (first..=self.now)
            .step_by(usize::try_from(step).expect("a step"))
            .map(|t| (t, step))
            .collect()
    }

    /// The expression as it reaches Prometheus.
    pub fn interpolated(&self, question: &Question) -> String {
        let step = self.times(question).first().map_or(MINUTE, |(_, step)| *step);
        let mut values = BTreeMap::from([
            ("__range_s".to_owned(), self.range.to_string()),
            ("__range".to_owned(), format!("{}s", self.range)),
            ("__interval_ms".to_owned(), (step * 1000).to_string()),
            ("__interval".to_owned(), format!("{step}s")),
            ("utc_offset".to_owned(), self.utc_offset.to_owned()),
        ]);
        for (variable, label) in &question.filters {
            let chosen = self.chosen.get(label.as_str());
            let value = chosen.map_or_else(|| ".*".to_owned(), |value| regular(value));
            values.insert(variable.clone(), value);
        }
        let mut filled = question.expression.clone();
        // The longer names first: one may begin with another.
        let mut names: Vec<&String> = values.keys().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names {
            filled = filled.replace(&format!("${name}"), &values[name]);
        }
        // What `label_replace` takes from its match is Prometheus's.
        assert!(!filled.replace("0$1", "").contains('$'), "{filled} has an unknown variable");
        filled
    }

    /// Asks a Prometheus.
    pub fn ask(&self, question: &Question, wire: &Wire, prometheus: &str) -> Points {
        let query = self.interpolated(question);
        let encoded = percent_encoded(&query);
        let times = self.times(question);
        let (first, last) = (times[0], times[times.len() - 1]);
        let page = match question.step {
            None => format!("/api/v1/query?query={encoded}&time={}", self.now),
            Some(_) => format!(
                "/api/v1/query_range?query={encoded}&start={}&end={}&step={}",
                first.0, last.0, first.1
            ),
        };
        let answer = wire.get(prometheus, &page).expect(prometheus);
        assert_eq!(answer.status, 200, "{}: {query}: {}", question.panel, answer.body);
        let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
        let mut points = Points::new();
        for series in answer["data"]["result"].as_array().expect("a result") {
            let label = question
                .by
                .as_ref()
                .map_or("", |by| series["metric"][by].as_str().unwrap_or("(none)"));
            let values = series["values"].as_array().cloned();
            for point in values.unwrap_or_else(|| vec![series["value"].clone()]) {
                let at = point[0].as_f64().expect("a time");
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "whole"
                )]
                let at = at as u64;
                let value = point[1].as_str().and_then(|value| value.parse().ok());
                let twice = points.insert((label.to_owned(), at), value.expect("a number"));
                assert_eq!(twice, None, "two series of {label:?}: {query}");
            }
        }
        points
    }
}

/// The width of a point by Grafana's table, in seconds, for the one that was asked for.
fn rounded(seconds: u64) -> u64 {
    const TABLE: [(u64, u64); 14] = [
        (90, 60),
        (210, 120),
        (450, 300),
        (750, 600),
        (1050, 900),
        (1500, 1200),
        (2700, 1800),
        (5400, 3600),
        (9000, 7200),
        (16_200, 10_800),
        (32_400, 21_600),
        (86_400, 43_200),
        (604_800, 86_400),
        (1_814_400, 604_800),
    ];
    TABLE.iter().find(|(limit, _)| seconds <= *limit).map_or(604_800, |(_, width)| *width)
}

/// One chosen value as Grafana writes it for `=~`.
fn regular(value: &str) -> String {
    value.replace('.', "\\\\.").replace('[', "\\\\[").replace(']', "\\\\]")
}
