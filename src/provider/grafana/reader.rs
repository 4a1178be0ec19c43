//! Observes what a Grafana holds of ours. Has no way to change it.

use super::answer::{DashboardAnswer, FolderAnswer, Health, Hit, Meta};
use super::api::Api;
use super::call::{CallError, Reason};
use super::{
    Connection, DatasourceGoal, Desired, FoundDashboard, FoundDatasource, FoundFolder, Observed,
    Running,
};
use crate::diagnostic::Diagnostic;
use crate::provider::Observe;
use futures_util::future::try_join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Reads a Grafana over its HTTP API.
#[derive(Clone, Debug)]
pub struct Reader {
    connection: Option<Connection>,
}

impl Reader {
    /// Makes a reader; connects to nothing yet.
    #[must_use]
    pub const fn new(connection: Option<Connection>) -> Self {
        Self { connection }
    }
}

impl Observe for Reader {
    type Desired = Desired;
    type Observed = Observed;

    async fn observe(&self, desired: &Desired) -> Result<Observed, Diagnostic> {
        let not_running = |why: &str| Ok(Observed::NotRunning(why.to_owned()));
        let Some(connection) = &self.connection else {
            return not_running("there is no connection to it");
        };
        // Whoever answers at that port before the first apply is not ours to ask.
        if !connection.has_key()? {
            return not_running("it was never started");
        }
        let api = connection.open()?;
        match load(&api, desired).await {
            Ok(running) => Ok(Observed::Running(Box::new(running))),
            Err(error) if connection.is_managed() && error.is_not_there() => {
                Ok(Observed::NotRunning(error.reason.to_string()))
            }
            Err(error) => {
                let told =
                    api.tell(&error, format!("cannot read what Grafana at `{}` holds", api.url()));
                let removal = matches!(desired.datasource, DatasourceGoal::Gone(_));
                Err(if removal && error.is_not_there() { told.hint(GONE) } else { told })
            }
        }
    }
}

/// A Grafana that will never answer again keeps nobody from removing the rest.
const GONE: &str = "start it, or correct `otelctl::grafana::url`; if it is gone for good, set \
    `otelctl::grafana::mode: none`";

/// Takes the whole snapshot, everything at the same time.
pub(super) async fn load(api: &Api, desired: &Desired) -> Result<Running, CallError> {
    let folder_goes = desired.folder.is_none();
    let others = async {
        if !folder_goes {
            return Ok(Vec::new());
        }
        others(api, &desired.folder_uid, &desired.known).await
    };
    let dashboards = desired.known.iter().map(|uid| async move {
        Ok::<_, CallError>(dashboard(api, uid).await?.map(|found| (uid.clone(), found)))
    });
    let (health, datasource, folder, others, dashboards) = tokio::try_join!(
        api.get::<Health>(&["api", "health"], &[]),
        datasource(api, &desired.datasource),
        folder(api, &desired.folder_uid),
        others,
        try_join_all(dashboards),
    )?;
    if health.database != "ok" {
        let why = "its database is not well".to_owned();
        let url = format!("{}/api/health", api.url());
        return Err(CallError { method: Method::GET, url, reason: Reason::Garbage(why) });
    }
    Ok(Running {
        version: health.version,
        datasource,
        folder,
        others,
        dashboards: dashboards.into_iter().flatten().collect(),
    })
}

/// The data source of the uid, or else the one of the name.
pub(super) async fn datasource(
    api: &Api,
    goal: &DatasourceGoal,
) -> Result<Option<FoundDatasource>, CallError> {
    let (uid, name) = match goal {
        DatasourceGoal::Present { datasource, .. } => {
            // One that exists is looked for by the uid that was given, or by its name.
            let by_name = datasource.settings.is_some() || datasource.uid.is_none();
            (datasource.uid.as_deref(), by_name.then_some(datasource.name.as_str()))
        }
        DatasourceGoal::Gone(uid) => (Some(uid.as_str()), None),
    };
    if let Some(uid) = uid {
        let path = ["api", "datasources", "uid", uid];
        if let Some(document) = api.find(&path, &[]).await? {
            return Ok(Some(found_datasource(document)));
        }
    }
    let Some(name) = name else { return Ok(None) };
    let path = ["api", "datasources", "name", name];
    Ok(api.find(&path, &[]).await?.map(found_datasource))
}

fn found_datasource(document: Map<String, Value>) -> FoundDatasource {
    let text = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    FoundDatasource {
        uid: text("uid"),
        name: text("name"),
        kind: text("type"),
        read_only: document.get("readOnly").and_then(Value::as_bool).unwrap_or_default(),
        document,
    }
}

/// The folder of a uid.
pub(super) async fn folder(api: &Api, uid: &str) -> Result<Option<FoundFolder>, CallError> {
    let found = api.find::<FolderAnswer>(&["api", "folders", uid], &[]).await?;
    Ok(found.map(|answer| {
        let FolderAnswer { title, version, managed_by, updated_by, updated } = answer;
        FoundFolder {
            title,
            version,
            provisioned: managed_by.filter(|by| !by.is_empty()),
            updated: last_change(updated_by, updated),
        }
    }))
}

/// The dashboard of a uid.
pub(super) async fn dashboard(api: &Api, uid: &str) -> Result<Option<FoundDashboard>, CallError> {
    let found = api.find::<DashboardAnswer>(&["api", "dashboards", "uid", uid], &[]).await?;
    Ok(found.map(|DashboardAnswer { dashboard, meta }| {
        let Meta {
            folder_uid,
            folder_title,
            provisioned,
            provisioned_external_id,
            updated_by,
            updated,
            version,
        } = meta;
        let from = provisioned_external_id.unwrap_or_default();
        FoundDashboard {
            version: dashboard.get("version").and_then(Value::as_i64).or(version),
            document: dashboard,
            folder_uid: folder_uid.unwrap_or_default(),
            folder_title: folder_title.unwrap_or_default(),
            provisioned: provisioned.unwrap_or_default().then_some(from),
            updated: last_change(updated_by, updated),
        }
    }))
}

/// What lies in a folder beside our dashboards; nothing in one that does not exist.
///
/// Deleting a folder is refused for its alert rules, and takes its library panels along.
pub(super) async fn others(
    api: &Api,
    folder: &str,
    ours: &[String],
) -> Result<Vec<String>, CallError> {
    let hits = contents(api, folder).await?.into_iter().filter(|hit| !ours.contains(&hit.uid));
    let mut others: Vec<String> = hits.map(|hit| format!("`{}`", hit.title)).collect();
    let path = ["api", "folders", folder, "counts"];
    let counts: Option<BTreeMap<String, i64>> = api.find(&path, &[]).await?;
    others.extend(counts.iter().flatten().filter_map(|(kind, count)| unseen(kind, *count)));
    Ok(others)
}

/// `2 alert rules`; none for what a search finds.
fn unseen(kind: &str, count: i64) -> Option<String> {
    let plural = if count == 1 { "" } else { "s" };
    let what = match kind {
        _ if count <= 0 => return None,
        "dashboard" | "dashboards" | "folder" | "folders" => return None,
        "alertrule" | "alertrules" => format!("alert rule{plural}"),
        "librarypanel" | "librarypanels" | "library_elements" => format!("library panel{plural}"),
        other => format!("`{other}`"),
    };
    Some(format!("{count} {what}"))
}

/// What a search finds in a folder; nothing in one that does not exist.
async fn contents(api: &Api, folder: &str) -> Result<Vec<Hit>, CallError> {
    let found = api.get::<Vec<Hit>>(&["api", "search"], &[("folderUIDs", folder)]).await;
    match found {
        Err(error) if matches!(error.status(), Some(StatusCode::NOT_FOUND)) => Ok(Vec::new()),
        found => found,
    }
}

/// `alice, 2026-11-22T18:00:00Z`.
fn last_change(by: Option<String>, at: Option<String>) -> String {
    let told: Vec<String> =
        [by, at].into_iter().flatten().filter(|text| !text.is_empty()).collect();
    told.join(", ")
}
