//! The folder of the dashboards; its place among other folders is the user's.

use super::Findings;
use crate::diagnostic::{Diagnostic, Kind};
use crate::plan::{Action, Change, FieldDiff, Stage};
use crate::provider::grafana::{Call, Desired, FoundFolder, Running};

pub(super) fn address(uid: &str) -> String {
    format!("grafana/folder/{uid}")
}

pub(super) fn compare(desired: &Desired, running: &Running, findings: &mut Findings) {
    let Some(folder) = &desired.folder else { return };
    let new = |action, call| Change::new(address(&folder.uid), action, Stage::Grafana, call);
    let Some(found) = &running.folder else {
        findings.changes.push(
            new(Action::Create, Call::CreateFolder(folder.clone()))
                .because("not there yet")
                .fields(FieldDiff::compare("title", None, Some(folder.title.clone()))),
        );
        return;
    };
    let FoundFolder { title, version, provisioned, updated } = found;
    let fields = FieldDiff::compare("title", Some(title), Some(&folder.title));
    let Some(field) = fields else { return };
    if let Some(by) = provisioned {
        let message = format!("folder `{title}` cannot be changed");
        findings.refused.push(
            Diagnostic::error(Kind::Refused, message)
                .code("grafana::provisioned")
                .cause(format!("it is managed by `{by}`"))
                .hint(format!("take uid `{}` out of there", folder.uid)),
        );
        return;
    }
    let call = Call::UpdateFolder { folder: folder.clone(), version: *version };
    let reason = if updated.is_empty() {
        "the title differs".to_owned()
    } else {
        format!("the title differs; last saved by {updated}")
    };
    findings.changes.push(new(Action::Update, call).because(reason).fields([field]));
}

pub(super) fn removal(desired: &Desired, running: &Running, findings: &mut Findings) {
    let (None, Some(found)) = (&desired.folder, &running.folder) else { return };
    let mut staying = running.others.clone();
    // Ours that stay, since they lost their mark or came from a file.
    staying.extend(running.dashboards.iter().filter_map(|(uid, dashboard)| {
        let goes = findings.changes.iter().any(|change| {
            matches!(&change.operation, Call::DeleteDashboard { uid: gone, .. } if gone == uid)
        });
        let here = dashboard.folder_uid == desired.folder_uid;
        (here && !goes).then(|| format!("`{}`", dashboard.title()))
    }));
    if !staying.is_empty() {
        let message =
            format!("folder `{}` stays: it also holds {}", found.title, staying.join(", "));
        findings.notes.push(Diagnostic::warning(message).code("grafana::folder-stays"));
        return;
    }
    let uid = desired.folder_uid.clone();
    let call = Call::DeleteFolder { uid: uid.clone(), gone: desired.known.clone() };
    findings.changes.push(
        Change::new(address(&uid), Action::Delete, Stage::Grafana, call)
            .because("no longer part of the stack"),
    );
}
