//! The dashboards: what a person edited is shown field by field.

use super::Findings;
use crate::artifact::MARK;
use crate::diagnostic::{Diagnostic, Kind};
use crate::plan::{Action, Change, FieldDiff, Shown, Stage};
use crate::provider::grafana::{
    Call, Dashboard, Desired, FoundDashboard, Running, dashboard as model,
};
use serde_json::Value;

/// The tag of every dashboard of ours.
const TAG: &str = "otelctl";

pub(super) fn address(uid: &str) -> String {
    format!("grafana/dashboard/{uid}")
}

pub(super) fn compare(desired: &Desired, running: &Running, findings: &mut Findings) {
    for dashboard in &desired.dashboards {
        let found = running.dashboards.get(&dashboard.uid);
        match change(desired, dashboard, found) {
            Ok(change) => findings.changes.extend(change),
            Err(refused) => findings.refused.push(refused),
        }
    }
    for (uid, found) in &running.dashboards {
        if desired.dashboards.iter().any(|dashboard| dashboard.uid == *uid) {
            continue;
        }
        let FoundDashboard { version, provisioned, .. } = found;
        let why = match provisioned {
            Some(from) => came_from(from),
            None if !is_marked(found) => "it no longer says that otelctl wrote it".to_owned(),
            None => {
                let call = Call::DeleteDashboard { uid: uid.clone(), version: *version };
                findings.changes.push(
                    Change::new(address(uid), Action::Delete, Stage::Grafana, call)
                        .because("no longer part of the stack"),
                );
                continue;
            }
        };
        let message = format!("dashboard `{}` stays: {why}", found.title());
        findings.notes.push(Diagnostic::warning(message).code("grafana::dashboard-stays"));
    }
}

fn change(
    desired: &Desired,
    dashboard: &Dashboard,
    found: Option<&FoundDashboard>,
) -> Result<Option<Change<Call>>, Diagnostic> {
    let folder_uid = desired.folder_uid.clone();
    let at = address(&dashboard.uid);
    let save = |version| Call::SaveDashboard {
        dashboard: dashboard.clone(),
        folder_uid: folder_uid.clone(),
        version,
    };
    let Some(found) = found else {
        let title = FieldDiff::compare("title", None, Some(dashboard.title()));
        let change = Change::new(at, Action::Create, Stage::Grafana, save(None));
        return Ok(Some(change.because("not there yet").fields(title)));
    };
    if let Some(from) = &found.provisioned {
        return Err(read_only(dashboard, found, from));
    }
    let adopted = desired.adopt.contains(&at);
    if !is_marked(found) && !adopted {
        return Err(foreign(found, &at));
    }
    let fields = differences(dashboard, &folder_uid, found);
    if fields.is_empty() {
        return Ok(None);
    }
    let reason = if is_marked(found) { "differs from what was rendered" } else { "adopted" };
    let reason = match found.updated.as_str() {
        "" => reason.to_owned(),
        updated => format!("{reason}; last saved by {updated}"),
    };
    let change = Change::new(at, Action::Update, Stage::Grafana, save(found.version));
    Ok(Some(change.because(reason).fields(fields)))
}

/// Everything in which a dashboard is not as it was rendered, the folder first.
pub(in crate::provider::grafana) fn differences(
    wanted: &Dashboard,
    folder_uid: &str,
    found: &FoundDashboard,
) -> Vec<FieldDiff> {
    let FoundDashboard {
        document,
        version: _,
        folder_uid: lies_in,
        folder_title,
        provisioned: _,
        updated: _,
    } = found;
    let mut fields = Vec::new();
    if lies_in != folder_uid {
        let before = match (folder_title.as_str(), lies_in.as_str()) {
            (_, "") => "(none)",
            ("", uid) => uid,
            (title, _) => title,
        };
        fields.push(FieldDiff {
            field: "folder".to_owned(),
            before: Shown::plain(before),
            after: Shown::plain(folder_uid),
        });
    }
    fields.extend(model::differences(document, &wanted.document));
    fields
}

/// A tag or the description says that otelctl wrote it.
fn is_marked(found: &FoundDashboard) -> bool {
    let tags = found.document.get("tags").and_then(Value::as_array);
    let tagged = tags.is_some_and(|tags| tags.iter().any(|tag| tag.as_str() == Some(TAG)));
    let description = found.document.get("description").and_then(Value::as_str);
    tagged || description.is_some_and(|text| text.contains(MARK))
}

fn came_from(file: &str) -> String {
    match file {
        "" => "it came from a provisioning file of Grafana".to_owned(),
        file => format!("it came from the provisioning file `{file}` of Grafana"),
    }
}

fn read_only(wanted: &Dashboard, found: &FoundDashboard, from: &str) -> Diagnostic {
    let message = format!("dashboard `{}` cannot be changed", found.title());
    Diagnostic::error(Kind::Refused, message)
        .code("grafana::provisioned")
        .cause(came_from(from))
        .hint(format!("take uid `{}` out of Grafana's provisioning", wanted.uid))
}

fn foreign(found: &FoundDashboard, address: &str) -> Diagnostic {
    let message = format!("dashboard `{}` is not otelctl's", found.title());
    Diagnostic::error(Kind::Refused, message)
        .code("grafana::foreign")
        .cause(format!("neither the tag `{TAG}` nor its description says `{MARK}`"))
        .hint(format!("move it away, or run `otelctl apply --adopt {address}`"))
}
