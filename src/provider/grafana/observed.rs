//! A snapshot of what a Grafana holds of ours, and of what stands in its place.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What was found at the URL.
#[derive(Clone, Debug)]
pub enum Observed {
    /// The managed Grafana does not answer yet, or not as one; why.
    NotRunning(String),
    /// It answers.
    Running(Box<Running>),
}

/// What a running Grafana holds.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// Its version, such as `12.1.0`; empty where it hides it.
    pub version: String,
    /// The data source of our uid, or else of our name.
    pub datasource: Option<FoundDatasource>,
    /// The folder of our uid.
    pub folder: Option<FoundFolder>,
    /// What else lies in our folder, such as `` `Mine` `` or `2 alert rules`; asked only when the
    /// folder is to go.
    pub others: Vec<String>,
    /// Our dashboards, by uid.
    pub dashboards: BTreeMap<String, FoundDashboard>,
}

/// A data source.
#[derive(Clone, Debug, Default)]
pub struct FoundDatasource {
    /// Its uid.
    pub uid: String,
    /// What people see.
    pub name: String,
    /// The plugin: `prometheus`.
    pub kind: String,
    /// It came from a file, and cannot be changed here.
    pub read_only: bool,
    /// All of it, for an update that keeps what is not ours.
    pub document: Map<String, Value>,
}

/// A folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundFolder {
    /// What people see.
    pub title: String,
    /// Grows with every change.
    pub version: Option<i64>,
    /// What it came from, when it cannot be changed here.
    pub provisioned: Option<String>,
    /// Who changed it last, and when.
    pub updated: String,
}

/// A dashboard.
#[derive(Clone, Debug, Default)]
pub struct FoundDashboard {
    /// All of it.
    pub document: Map<String, Value>,
    /// Grows with every change.
    pub version: Option<i64>,
    /// The uid of the folder it lies in; empty: in none.
    pub folder_uid: String,
    /// The title of that folder.
    pub folder_title: String,
    /// What it came from, when it cannot be changed here.
    pub provisioned: Option<String>,
    /// Who changed it last, and when.
    pub updated: String,
}

impl FoundDashboard {
    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        self.document.get("title").and_then(Value::as_str).unwrap_or_default()
    }
}
