//! A Grafana dashboard, read back from the rendered bytes.
//!
//! Owns what must be true of every dashboard that is pushed: a uid that
//! Grafana takes, a title, our mark, and neither `id` nor `version`, which
//! belong to the server. Panels are read as far as they can be checked. May
//! not know Grafana's API, the table of metrics or the profile.

use super::MARK;
use crate::diagnostic::{Diagnostic, Kind};
use serde::Deserialize;
use serde_json::Value;

/// Grafana's limit for a uid, in characters.
const UID_LIMIT: usize = 40;

/// What Grafana takes for a uid, for messages.
pub const UID_FORM: &str = "1 to 40 letters, digits, `-` and `_`";

/// Says whether Grafana takes a text for a uid.
#[must_use]
pub fn is_uid(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=UID_LIMIT).contains(&text.len()) && text.chars().all(known)
}

/// A dashboard as it is pushed.
#[derive(Clone, Debug, PartialEq)]
pub struct Dashboard {
    /// The uid, the same with every push.
    pub uid: String,
    /// The title.
    pub title: String,
    /// The whole document, without `id` and `version`.
    pub document: Value,
    /// The panels, rows included, in the document's order.
    pub panels: Vec<Panel>,
}

/// One panel, as far as it can be checked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Panel {
    /// Its id, unique in the dashboard.
    pub id: u64,
    /// The visualisation: `stat`, `timeseries`, `row`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The title.
    pub title: String,
    /// What the panel means, for people; rows have none.
    #[serde(default)]
    pub description: String,
    /// Where it stands.
    #[serde(rename = "gridPos")]
    pub position: Position,
    /// Where its data come from.
    pub datasource: Option<DataSource>,
    /// Its queries.
    #[serde(default)]
    pub targets: Vec<Target>,
}

/// A place on the grid of 24 columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The left column.
    pub x: u32,
    /// The top row.
    pub y: u32,
    /// The width in columns.
    pub w: u32,
    /// The height in rows.
    pub h: u32,
}

impl Position {
    /// Says whether two places share a cell.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }
}

/// A reference to a data source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSource {
    /// The plugin: `prometheus`.
    #[serde(rename = "type")]
    pub plugin: String,
    /// The uid, or a variable such as `${datasource}`.
    pub uid: String,
}

/// One query of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Target {
    /// Its name in the panel: `A`.
    #[serde(rename = "refId")]
    pub name: String,
    /// The `PromQL` expression, with Grafana's variables.
    pub expr: String,
    /// Where it is asked.
    pub datasource: DataSource,
}

/// What every dashboard says of itself; the rest is Grafana's.
#[derive(Deserialize)]
struct Head {
    uid: String,
    title: String,
    description: String,
    #[serde(rename = "schemaVersion")]
    _schema_version: u32,
    tags: Vec<String>,
    panels: Vec<Panel>,
    id: Option<Value>,
    version: Option<Value>,
}

impl Dashboard {
    /// Reads a rendered dashboard.
    ///
    /// # Errors
    /// Text that is no JSON, or a dashboard that Grafana would not keep as it is.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        let unreadable = || {
            Diagnostic::error(Kind::Profile, format!("cannot read the rendered `{file}`"))
                .code("artifact::dashboard")
                .hint("correct the source in `dashboards/` that renders it")
        };
        let document: Value =
            serde_json::from_str(text).map_err(|error| unreadable().caused_by(&error))?;
        let head = Head::deserialize(&document).map_err(|error| unreadable().caused_by(&error))?;
        if let Some(mistake) = head.mistake() {
            return Err(unreadable().cause(mistake));
        }
        let Head { uid, title, panels, .. } = head;
        Ok(Self { uid, title, document, panels })
    }
}

impl Head {
    fn mistake(&self) -> Option<String> {
        if !is_uid(&self.uid) {
            return Some(format!("the uid `{}` is not {UID_FORM}", self.uid));
        }
        if self.title.is_empty() || self.tags.is_empty() {
            return Some("it has no title or no tags".to_owned());
        }
        if !self.description.contains(MARK) {
            return Some(format!("its description does not say `{MARK}`"));
        }
        let server = [("id", &self.id), ("version", &self.version)];
        let (field, _) = server.into_iter().find(|(_, value)| value.is_some())?;
        Some(format!("it names `{field}`, which the server decides"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn dashboard() -> Value {
        json!({
            "description": "Written by otelctl.",
            "uid": "otelctl-otel-overview",
            "title": "Overview",
            "schemaVersion": 38,
            "tags": ["otelctl"],
            "panels": [{"id": 1, "type": "row", "title": "R",
                "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}}],
        })
    }

    #[test]
    fn reads_what_a_provider_needs() {
        let read = Dashboard::parse("d.json", &dashboard().to_string()).unwrap();
        assert_eq!((read.uid.as_str(), read.title.as_str()), ("otelctl-otel-overview", "Overview"));
        assert_eq!(read.document, dashboard());
        assert_eq!(read.panels.len(), 1);
    }

    #[test]
    fn what_grafana_would_not_keep_is_refused() {
        for (field, value, cause) in [
            ("uid", json!("a/b"), "the uid `a/b`"),
            ("uid", json!("x".repeat(41)), "1 to 40"),
            ("title", json!(""), "no title"),
            ("description", json!("ours"), "Written by otelctl"),
            ("id", json!(7), "names `id`"),
            ("version", json!(7), "names `version`"),
            ("panels", json!([{"id": 1}]), "missing field"),
            ("schemaVersion", json!("38"), "invalid type"),
        ] {
            let mut document = dashboard();
            document[field] = value;
            let error = Dashboard::parse("d.json", &document.to_string()).unwrap_err();
            assert!(error.causes.concat().contains(cause), "{field}: {error:?}");
        }
    }

    #[test]
    fn places_that_touch_do_not_overlap() {
        let at = |x, y, w, h| Position { x, y, w, h };
        assert!(!at(0, 0, 12, 8).overlaps(&at(12, 0, 12, 8)));
        assert!(!at(0, 0, 12, 8).overlaps(&at(0, 8, 12, 8)));
        assert!(at(0, 0, 12, 8).overlaps(&at(11, 7, 2, 2)));
    }
}
