//! The readable source of a dashboard, and its mistakes with file and line.
//!
//! Owns the words that `dashboards/*.yaml` may use. May not know Grafana's JSON.

use crate::diagnostic::{Diagnostic, Location, Origin};
use crate::render::templates::SourceText;
use serde::Deserialize;
pub use serde_saphyr::Spanned;
use std::sync::Arc;

/// Stands for a label in a row for each of them.
const LABEL: &str = "{label}";

/// One dashboard, as people write it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The title.
    pub title: String,
    /// The end of its uid: `overview` of `otelctl-otel-overview`.
    pub uid: Spanned<String>,
    /// What it is for.
    pub description: String,
    /// For which profiles it is, if not for all of them.
    pub when: Option<Spanned<String>>,
    /// Tags beside `otelctl`.
    pub tags: Vec<String>,
    /// The range that it opens with: `7d`.
    pub range: String,
    /// How often it asks again: `1m`.
    pub refresh: String,
    /// What its reader can choose, beside the data source and the profile's labels.
    pub variables: Vec<Variable>,
    /// Its rows from top to bottom.
    pub rows: Vec<Row>,
}

/// Something that the reader of a dashboard can choose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name in queries, without `$`.
    pub name: String,
    /// Its name on the page.
    pub title: String,
    /// What the choice means.
    pub description: String,
    /// The label that it chooses from; every query is then filtered by it.
    pub label: Option<Spanned<String>>,
    /// Whether it has one value at a time, and not several or all of them.
    #[serde(default)]
    pub single: bool,
    /// The variable that narrows its values.
    pub within: Option<Spanned<String>>,
    /// The fixed choices of one that is not about a label; the first is taken at first.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// A row of panels with a heading.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The heading.
    pub title: Spanned<String>,
    /// `label`: it stands once for each of the profile's labels, which `{label}` names.
    pub each: Option<Each>,
    /// Its panels from left to right; those that do not fit go to the next line.
    pub panels: Vec<Panel>,
}

/// What a row is repeated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// The labels that the profile adds to every counter.
    Label,
}

/// One panel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// The title.
    pub title: Spanned<String>,
    /// How it is drawn.
    pub kind: Kind,
    /// Columns of 24 and grid rows: `6x4`.
    pub size: Spanned<String>,
    /// What its numbers are.
    #[serde(default)]
    pub unit: Unit,
    /// What it means, for people.
    pub description: String,
    /// For which profiles it is: `label user_email`, `monthly budget`, `session detail`,
    /// `own metrics`.
    pub when: Option<Spanned<String>>,
    /// What it says where there is nothing, if that is not about new use.
    pub empty: Option<String>,
    /// From which number on a `stat` is orange.
    pub warn: Option<f64>,
    /// From which number on a `stat` is red.
    pub alarm: Option<f64>,
    /// The label by which its series or rows are told apart.
    pub by: Option<Spanned<String>>,
    /// More labels that stand beside it in a table.
    #[serde(default)]
    pub with: Vec<Spanned<String>>,
    /// The end of the uid of the dashboard that a click on a table's row opens.
    pub link: Option<Spanned<String>>,
    /// The least width of one point or bar: `1d`; a minute, unless it says so.
    pub every: Option<String>,
    /// Its query, if it has one.
    pub query: Option<Spanned<String>>,
    /// Its queries, if it has several: the columns of a table, the series of a chart.
    #[serde(default)]
    pub queries: Vec<Series>,
}

/// One of several queries.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// The column's or series' name.
    pub title: Spanned<String>,
    /// What its numbers are, where that is not the panel's unit.
    pub unit: Option<Unit>,
    /// The query.
    pub query: Spanned<String>,
}

/// How a panel is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One number over the dashboard's range.
    Stat,
    /// Lines over time.
    Lines,
    /// Stacked bars over time.
    Bars,
    /// Shares of the whole, over the dashboard's range.
    Share,
    /// The greatest first, over the dashboard's range.
    Ranking,
    /// Rows and columns, over the dashboard's range.
    Table,
    /// One bar for each hour of the day, over the dashboard's range.
    Hours,
}

impl Kind {
    /// Says whether it shows time, so that its queries are asked for each point.
    pub const fn is_over_time(self) -> bool {
        matches!(self, Self::Lines | Self::Bars)
    }
}

/// What numbers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A plain number.
    #[default]
    Count,
    /// US dollars.
    Usd,
    /// A share between 0 and 1.
    Ratio,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// A moment, in milliseconds since 1970.
    Time,
}

impl Unit {
    /// Grafana's id of the unit.
    pub const fn grafana(self) -> &'static str {
        match self {
            Self::Count => "short",
            Self::Usd => "currencyUSD",
            Self::Ratio => "percentunit",
            Self::Seconds => "s",
            Self::Bytes => "bytes",
            Self::Time => "dateTimeAsIso",
        }
    }
}

impl Row {
    /// The row as it is shown: itself, or once for each of the profile's labels.
    pub fn shown<'a>(&self, labels: impl Iterator<Item = &'a str>) -> Vec<(String, Vec<Panel>)> {
        match self.each {
            None => vec![(self.title.value.clone(), self.panels.clone())],
            Some(Each::Label) => labels.map(|label| self.about(label)).collect(),
        }
    }

    fn about(&self, label: &str) -> (String, Vec<Panel>) {
        let words = label.replace('_', " ");
        let filled = |text: &str| text.replace(LABEL, label);
        let spoken = |text: &str| text.replace(LABEL, &words);
        let panel = |panel: &Panel| {
            let mut panel = panel.clone();
            panel.title.value = spoken(&panel.title.value);
            panel.description = spoken(&panel.description);
            for text in [&mut panel.by, &mut panel.query].into_iter().flatten() {
                text.value = filled(&text.value);
            }
            for series in &mut panel.queries {
                series.query.value = filled(&series.query.value);
            }
            panel
        };
        (spoken(&self.title.value), self.panels.iter().map(panel).collect())
    }
}

impl Panel {
    /// Its queries with their titles and units, however they are written.
    pub fn queries(&self) -> Vec<(&Spanned<String>, Unit, &Spanned<String>)> {
        let one = self.query.iter().map(|query| (&self.title, self.unit, query));
        let several = self.queries.iter();
        one.chain(several.map(|q| (&q.title, q.unit.unwrap_or(self.unit), &q.query))).collect()
    }
}

impl Source {
    /// Reads a source.
    ///
    /// # Errors
    /// Bad YAML, an unknown word, a field that is missing, with its place.
    pub fn read(text: &SourceText<'_>) -> Result<Self, Diagnostic> {
        serde_saphyr::from_str(text.text).map_err(|error| {
            let cause = error.without_snippet().to_string();
            // The origin already says where.
            let cause = cause.split(" at line ").next().unwrap_or_default().to_owned();
            let origin = error.location().map_or(Origin::Default, |at| place(text.file, &at));
            Diagnostic::error(text.kind, format!("cannot read the dashboard `{}`", text.file))
                .code("render::dashboard")
                .at(&origin)
                .cause(cause)
        })
    }
}

/// A mistake at one place of a source.
pub fn mistake<T>(
    text: &SourceText<'_>,
    at: &Spanned<T>,
    message: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(text.kind, message)
        .code("render::dashboard")
        .at(&place(text.file, &at.referenced))
}

fn place(file: &str, at: &serde_saphyr::Location) -> Origin {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Origin::File(Location {
        layer: Arc::from("dashboard"),
        file: Arc::from(file),
        line: number(at.line()),
        column: number(at.column()),
    })
}
