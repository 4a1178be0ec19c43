//! What Grafana's API answers, as far as otelctl reads it.
//!
//! Lenient on purpose: 10 to 13 add and drop fields, and a managed Grafana's
//! neighbours may be newer still.

use serde::Deserialize;
use serde_json::{Map, Value};

/// `GET /api/health`.
#[derive(Debug, Deserialize)]
pub(super) struct Health {
    /// Says that it is Grafana: `ok`.
    pub database: String,
    /// Empty where it is told to hide it.
    #[serde(default)]
    pub version: String,
}

/// `GET /api/dashboards/uid/UID`.
#[derive(Debug, Deserialize)]
pub(super) struct DashboardAnswer {
    pub dashboard: Map<String, Value>,
    #[serde(default)]
    pub meta: Meta,
}

/// What surrounds a dashboard.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Meta {
    pub folder_uid: Option<String>,
    pub folder_title: Option<String>,
    pub provisioned: Option<bool>,
    pub provisioned_external_id: Option<String>,
    pub updated_by: Option<String>,
    pub updated: Option<String>,
    pub version: Option<i64>,
}

/// `GET /api/folders/UID`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FolderAnswer {
    pub title: String,
    pub version: Option<i64>,
    pub managed_by: Option<String>,
    pub updated_by: Option<String>,
    pub updated: Option<String>,
}

/// One entry of `GET /api/search`.
#[derive(Debug, Deserialize)]
pub(super) struct Hit {
    pub uid: String,
    #[serde(default)]
    pub title: String,
}

/// One entry of `GET /api/annotations`.
#[derive(Debug, Deserialize)]
pub(super) struct Moment {
    #[serde(default)]
    pub text: String,
}
