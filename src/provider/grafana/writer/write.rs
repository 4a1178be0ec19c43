//! The calls, and what a conflict or a lost answer means for each.

use crate::artifact::grafana::{Datasource, Folder};
use crate::diagnostic::{Diagnostic, Kind, Origin};
use crate::provider::grafana::answer::Moment;
use crate::provider::grafana::api::Api;
use crate::provider::grafana::call::CallError;
use crate::provider::grafana::diff::{dashboard_differences, datasource_differences};
use crate::provider::grafana::{Call, Dashboard, DatasourceGoal, reader};
use reqwest::Method;
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a look after a call that went wrong found.
enum Now {
    /// What was wanted is there: the call did its work, or somebody else did.
    Reached,
    /// Somebody else wrote; what they did, as causes.
    Changed(Vec<String>),
    /// It is as it was.
    Unchanged,
}

/// Makes one call.
pub(super) async fn run(api: &Api, call: &Call) -> Result<(), Diagnostic> {
    match call {
        Call::CreateDatasource { wanted, body } => {
            let sent = api.send(Method::POST, &["api", "datasources"], Some(body)).await;
            let what = format!("data source `{}`", wanted.name);
            told(api, sent, "make", &what, async || datasource(api, wanted).await).await
        }
        Call::UpdateDatasource { wanted, body } => {
            let uid = wanted.uid.as_deref().unwrap_or_default();
            let sent = api.send(Method::PUT, &["api", "datasources", "uid", uid], Some(body)).await;
            let what = format!("data source `{}`", wanted.name);
            told(api, sent, "update", &what, async || datasource(api, wanted).await).await
        }
        Call::DeleteDatasource { uid } => {
            let sent = api.send(Method::DELETE, &["api", "datasources", "uid", uid], None).await;
            let gone = async || {
                let goal = DatasourceGoal::Gone(uid.clone());
                Ok(gone(reader::datasource(api, &goal).await?.is_none()))
            };
            told(api, sent, "delete", &format!("data source `{uid}`"), gone).await
        }
        Call::CreateFolder(folder) => {
            let body = json!({ "uid": folder.uid, "title": folder.title });
            let sent = api.send(Method::POST, &["api", "folders"], Some(&body)).await;
            let what = format!("folder `{}`", folder.title);
            told(api, sent, "make", &what, async || folder_now(api, folder, None).await).await
        }
        Call::UpdateFolder { folder, version } => {
            let body = json!({ "title": folder.title, "version": version, "overwrite": false });
            let path = ["api", "folders", &folder.uid];
            let sent = api.send(Method::PUT, &path, Some(&body)).await;
            let what = format!("folder `{}`", folder.title);
            told(api, sent, "update", &what, async || folder_now(api, folder, *version).await).await
        }
        Call::DeleteFolder { uid, gone } => delete_folder(api, uid, gone).await,
        Call::SaveDashboard { dashboard, folder_uid, version } => {
            save_dashboard(api, dashboard, folder_uid, *version).await
        }
        Call::DeleteDashboard { uid, version } => delete_dashboard(api, uid, *version).await,
        Call::Annotate { text, tags } => annotate(api, text, tags).await,
    }
}

async fn save_dashboard(
    api: &Api,
    dashboard: &Dashboard,
    folder_uid: &str,
    version: Option<i64>,
) -> Result<(), Diagnostic> {
    let mut document = dashboard.document.clone();
    if let Some(version) = version {
        document.insert("version".to_owned(), json!(version));
    }
    let body = json!({
        "dashboard": document,
        "folderUid": folder_uid,
        "message": "otelctl apply",
        "overwrite": false,
    });
    let sent = api.send(Method::POST, &["api", "dashboards", "db"], Some(&body)).await;
    let now = async || {
        let Some(found) = reader::dashboard(api, &dashboard.uid).await? else {
            return Ok(Now::Unchanged);
        };
        let fields = dashboard_differences(dashboard, folder_uid, &found);
        if fields.is_empty() {
            return Ok(Now::Reached);
        }
        if found.version == version {
            return Ok(Now::Unchanged);
        }
        let fields = fields.into_iter().map(|field| format!("{} differs", field.field));
        Ok(Now::Changed(last_saved(&found.updated).into_iter().chain(fields).collect()))
    };
    told(api, sent, "save", &format!("dashboard `{}`", dashboard.title()), now).await
}

async fn delete_dashboard(api: &Api, uid: &str, version: Option<i64>) -> Result<(), Diagnostic> {
    let what = format!("dashboard `{uid}`");
    let find = async || {
        let found = reader::dashboard(api, uid).await;
        found.map_err(|error| api.tell(&error, format!("cannot delete {what}")))
    };
    // A deletion names no version, so it is compared here.
    match find().await? {
        None => return Ok(()),
        Some(found) if found.version != version => {
            let causes = last_saved(&found.updated).into_iter().collect();
            return Err(somebody_else("delete", &what, causes));
        }
        Some(_) => {}
    }
    let sent = api.send(Method::DELETE, &["api", "dashboards", "uid", uid], None).await;
    let now = async || Ok(gone(reader::dashboard(api, uid).await?.is_none()));
    told(api, sent, "delete", &what, now).await
}

async fn delete_folder(api: &Api, uid: &str, ours: &[String]) -> Result<(), Diagnostic> {
    let what = format!("folder `{uid}`");
    let others = reader::others(api, uid, ours).await;
    let others = others.map_err(|error| api.tell(&error, format!("cannot delete {what}")))?;
    if !others.is_empty() {
        return Err(somebody_else(
            "delete",
            &what,
            vec![format!("it holds {}", others.join(", "))],
        ));
    }
    let sent = api.send(Method::DELETE, &["api", "folders", uid], None).await;
    let now = async || Ok(gone(reader::folder(api, uid).await?.is_none()));
    told(api, sent, "delete", &what, now).await
}

async fn annotate(api: &Api, text: &str, tags: &[String]) -> Result<(), Diagnostic> {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let time = u64::try_from(elapsed.as_millis()).unwrap_or_default();
    let body = json!({ "text": text, "tags": tags, "time": time });
    let sent = api.send(Method::POST, &["api", "annotations"], Some(&body)).await;
    let now = async || {
        let moment = time.to_string();
        let mut query = vec![("from", moment.as_str()), ("to", moment.as_str())];
        query.extend(tags.iter().map(|tag| ("tags", tag.as_str())));
        let found: Vec<Moment> = api.get(&["api", "annotations"], &query).await?;
        Ok(gone(found.iter().any(|moment| moment.text == text)))
    };
    told(api, sent, "make", "the annotation of this apply", now).await
}

async fn datasource(api: &Api, wanted: &Datasource) -> Result<Now, CallError> {
    let goal = DatasourceGoal::Present { datasource: wanted.clone(), origin: Origin::Default };
    let Some(found) = reader::datasource(api, &goal).await? else { return Ok(Now::Unchanged) };
    if Some(&found.uid) != wanted.uid.as_ref() {
        return Ok(Now::Changed(vec![format!("the name belongs to uid `{}`", found.uid)]));
    }
    let fields = datasource_differences(Some(&found), wanted);
    if fields.is_empty() {
        return Ok(Now::Reached);
    }
    Ok(Now::Changed(fields.into_iter().map(|field| format!("{} differs", field.field)).collect()))
}

async fn folder_now(api: &Api, wanted: &Folder, version: Option<i64>) -> Result<Now, CallError> {
    Ok(match reader::folder(api, &wanted.uid).await? {
        None => Now::Unchanged,
        Some(found) if found.title == wanted.title => Now::Reached,
        Some(found) if found.version == version => Now::Unchanged,
        Some(found) => {
            let title = format!("it is called `{}`", found.title);
            Now::Changed(last_saved(&found.updated).into_iter().chain([title]).collect())
        }
    })
}

const fn gone(reached: bool) -> Now {
    if reached { Now::Reached } else { Now::Unchanged }
}

fn last_saved(updated: &str) -> Option<String> {
    (!updated.is_empty()).then(|| format!("last saved by {updated}"))
}

/// Says how a call ended, after a second look where that decides it.
async fn told(
    api: &Api,
    sent: Result<(), CallError>,
    verb: &str,
    what: &str,
    now: impl AsyncFn() -> Result<Now, CallError>,
) -> Result<(), Diagnostic> {
    let Err(error) = sent else { return Ok(()) };
    let message = || format!("cannot {verb} {what}");
    // A deletion may find nothing left to delete.
    let missing = error.is_missing() && error.method == Method::DELETE;
    if !(error.is_conflict() || error.is_lost() || missing) {
        return Err(api.tell(&error, message()));
    }
    match now().await {
        Ok(Now::Reached) => Ok(()),
        Ok(Now::Changed(causes)) if error.is_conflict() => {
            let told = [error.message().to_owned()];
            let causes = told.into_iter().filter(|text| !text.is_empty()).chain(causes).collect();
            Err(somebody_else(verb, what, causes))
        }
        Ok(Now::Unchanged) if error.is_conflict() => Err(api.tell(&error, message()).hint(
            "rename what stands in the way in Grafana, or choose another name in the profile",
        )),
        Ok(Now::Changed(_) | Now::Unchanged) | Err(_) => Err(api.tell(&error, message())),
    }
}

fn somebody_else(verb: &str, what: &str, causes: Vec<String>) -> Diagnostic {
    let message = format!("cannot {verb} {what}: somebody else changed it meanwhile");
    let error = Diagnostic::error(Kind::Refused, message).code("grafana::changed-meanwhile");
    causes
        .into_iter()
        .fold(error, Diagnostic::cause)
        .hint("`otelctl plan` shows their edit; the next `otelctl apply` takes it back")
}
