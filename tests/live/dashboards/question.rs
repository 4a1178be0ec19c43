//! A query of a rendered dashboard, asked as Grafana asks it.
//!
//! Knows how Grafana puts its variables into a query and aligns the points of a chart. Written
//! from Grafana's documentation; no Grafana takes part.

use super::super::otlp::{Wire, percent_encoded};
use serde_json::Value;

/// What the reader of a dashboard has chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// A model; none is all of them.
    pub model: Option<String>,
    /// A `service.name`; none is all of them.
    pub service: Option<String>,
    /// Hours from UTC.
    pub utc_offset: &'static str,
    /// The end of the range, in seconds of the epoch.
    pub now: u64,
    /// The length of the range in seconds.
    pub range: u64,
}

/// One query of one panel.
#[derive(Clone, Debug)]
pub struct Question {
    pub panel: String,
    /// `stat`, `timeseries` …
    pub kind: String,
    /// The column or series: the panel's title where the query has none of its own.
    pub title: String,
    /// The label by which series are told apart.
    pub by: Option<String>,
    /// What its numbers are, by Grafana's name: `currencyUSD`.
    pub unit: String,
    /// Variables that choose from a label: name and label.
    pub filters: Vec<(String, String)>,
    pub expression: String,
    /// The least step in seconds; none for a query at one moment.
    pub step: Option<u64>,
}

/// A series of an answer: its label and its points; `NaN` is no point.
pub type Series = (String, Vec<f64>);

impl Question {
    /// Every question of a rendered dashboard.
    pub fn all(dashboard: &str) -> Vec<Self> {
        let document: Value = serde_json::from_str(dashboard).expect("JSON");
        let panels = document["panels"].as_array().expect("panels");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let filters = filters(&document);
        let mut all = Vec::new();
        for panel in panels {
            for target in panel["targets"].as_array().into_iter().flatten() {
                let legend = text(&target["legendFormat"]);
                let (title, by) = match legend.split_once("{{") {
                    Some((title, by)) => (title.trim(), Some(by.trim_end_matches('}').to_owned())),
                    None => (legend.as_str(), None),
                };
                let title = if title.is_empty() { text(&panel["title"]) } else { title.to_owned() };
                let step = target["range"] == true;
                assert_ne!(target["instant"], target["range"], "{legend}");
                all.push(Self {
                    unit: unit(panel, &title),
                    filters: filters.clone(),
                    panel: text(&panel["title"]),
                    kind: text(&panel["type"]),
                    title,
                    by,
                    expression: text(&target["expr"]),
                    step: step.then(|| seconds(panel["interval"].as_str().expect("an interval"))),
                });
            }
        }
        all
    }

    /// The expression as it reaches Prometheus.
    pub fn interpolated(&self, choice: &Choice) -> String {
        let chosen =
            |choice: &Option<String>| choice.as_deref().map_or_else(|| ".*".to_owned(), regular);
        let step = self.step.unwrap_or(60);
        // The longer names first: one may begin with another.
        let variables = [
            ("$__range_s", choice.range.to_string()),
            ("$__range", format!("{}s", choice.range)),
            ("$__interval_ms", (step * 1000).to_string()),
            ("$__interval", format!("{step}s")),
            ("$utc_offset", choice.utc_offset.to_owned()),
            ("$model", chosen(&choice.model)),
            ("$service", chosen(&choice.service)),
            ("$version", ".*".to_owned()),
        ];
        let filled = variables
            .iter()
            .fold(self.expression.clone(), |text, (name, value)| text.replace(name, value));
        // What `label_replace` takes from its match is Prometheus's.
        assert!(!filled.replace("0$1", "").contains('$'), "{filled} has an unknown variable");
        filled
    }

    /// Asks a Prometheus.
    pub fn ask(&self, wire: &Wire, prometheus: &str, choice: &Choice) -> Vec<Series> {
        let query = self.interpolated(choice);
        let encoded = percent_encoded(&query);
        let now = choice.now;
        let page = match self.step {
            None => format!("/api/v1/query?query={encoded}&time={now}"),
            Some(step) => {
                let (start, end) = ((now - choice.range) / step * step, now / step * step);
                format!("/api/v1/query_range?query={encoded}&start={start}&end={end}&step={step}")
            }
        };
        let answer = wire.get(prometheus, &page).expect(prometheus);
        assert_eq!(answer.status, 200, "{}: {query}: {}", self.panel, answer.body);
        let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
        let found = answer["data"]["result"].as_array().expect("a result");
        found.iter().map(|series| self.series(series)).collect()
    }

    fn series(&self, series: &Value) -> Series {
        let label = self.by.as_ref().and_then(|by| series["metric"][by].as_str());
        let points = series["values"].as_array().cloned();
        let points = points.unwrap_or_else(|| vec![series["value"].clone()]);
        let number = |point: &Value| point[1].as_str()?.parse::<f64>().ok();
        let points = points.iter().map(|point| number(point).expect("a number"));
        (label.unwrap_or_default().to_owned(), points.filter(|point| !point.is_nan()).collect())
    }
}

/// The variables that filter by a label.
fn filters(document: &Value) -> Vec<(String, String)> {
    let variables = document["templating"]["list"].as_array().expect("variables").iter();
    let filter = |variable: &Value| {
        let query = variable["query"]["query"].as_str()?.strip_prefix("label_values(")?;
        let (_, label) = query.trim_end_matches(')').split_once(", ")?;
        Some((variable["name"].as_str()?.to_owned(), label.to_owned()))
    };
    variables.filter_map(filter).collect()
}

/// The unit of a panel's query, which may have one of its own.
fn unit(panel: &Value, title: &str) -> String {
    let fields = &panel["fieldConfig"];
    let own = fields["overrides"].as_array().into_iter().flatten();
    let own = own.filter(|one| one["matcher"]["options"] == title);
    let own = own.map(|one| &one["properties"][0]["value"]).next();
    own.unwrap_or(&fields["defaults"]["unit"]).as_str().expect("a unit").to_owned()
}

/// One chosen value as Grafana writes it for `=~`.
fn regular(value: &str) -> String {
    value.replace('.', "\\\\.").replace('[', "\\\\[").replace(']', "\\\\]")
}

fn seconds(interval: &str) -> u64 {
    let (number, unit) = interval.split_at(interval.len() - 1);
    let unit = match unit {
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => panic!("{interval}"),
    };
    number.parse::<u64>().expect("a number") * unit
}
