//! Decides which secret files change; makes no call.

use super::{Desired, FILE_MODE, FOLDER_MODE, File, Found, Observed, Operation, TOP, TOP_MODE};
use crate::plan::{Action, Change, FieldDiff, Shown, Stage};
use crate::stack::{GENERATED_SECRETS, SECRET_PATHS};
use crate::system::disk::EntryKind;

/// Compares the secret files that should be there with those that are.
#[must_use]
pub fn diff(desired: &Desired, observed: &Observed) -> Vec<Change<Operation>> {
    let mut changes = folders(desired, observed);
    for file in &desired.files {
        changes.extend(change(desired, file, observed.found.get(&file.path)));
    }
    for path in SECRET_PATHS {
        let wanted = desired.files.iter().any(|file| file.path == path);
        let kept = GENERATED_SECRETS.contains(&path) && !desired.remove_generated;
        if wanted || kept || !observed.found.contains_key(path) {
            continue;
        }
        let at = desired.directory.join(path);
        let folders = at.ancestors().skip(1).take(2).map(Into::into).collect();
        let operation = Operation::Remove { path: at, folders };
        changes.push(
            Change::new(path_address(path), Action::Delete, Stage::File, operation)
                .because("no longer wanted"),
        );
    }
    changes
}

fn path_address(path: &str) -> String {
    format!("file/{path}")
}

/// The folders, outermost first: each before what lies in it.
fn folders(desired: &Desired, observed: &Observed) -> Vec<Change<Operation>> {
    let mut wanted: Vec<(&str, u32, u32)> = Vec::new();
    for file in &desired.files {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for entry in [(TOP, TOP_MODE, 0), (folder, FOLDER_MODE, file.owner)] {
            if !wanted.contains(&entry) {
                wanted.push(entry);
            }
        }
    }
    let change = |(path, mode, owner): (&str, u32, u32)| {
        let found = observed.found.get(path);
        let (action, fields) = match found {
            None => (Action::Create, Vec::new()),
            Some(found) => (Action::Update, permissions(found, mode, owner)),
        };
        if found.is_some() && fields.is_empty() {
            return None;
        }
        let operation = Operation::SetFolder { path: desired.directory.join(path), mode, owner };
        let address = format!("{}/", path_address(path));
        let reason = if found.is_none() { "not there yet" } else { "changed on the host" };
        Some(Change::new(address, action, Stage::File, operation).because(reason).fields(fields))
    };
    wanted.into_iter().filter_map(change).collect()
}

fn change(desired: &Desired, file: &File, found: Option<&Found>) -> Option<Change<Operation>> {
    let File { path, owner, content } = file;
    let at = desired.directory.join(path);
    let write = || Operation::Write { path: at.clone(), owner: *owner, content: content.clone() };
    let hidden = |before| FieldDiff { field: "content".into(), before, after: Shown::Hidden };
    let new = |action, operation| Change::new(path_address(path), action, Stage::File, operation);
    let Some(found) = found else {
        let reason = match content {
            None => "made at random, since there is none",
            Some(_) => "not there yet",
        };
        let change = new(Action::Create, write()).because(reason);
        return Some(change.fields([hidden(Shown::Absent)]));
    };
    let differs = found.kind != EntryKind::File
        || content.as_ref().is_some_and(|content| found.content.as_ref() != Some(content));
    if differs {
        let change = new(Action::Update, write()).because("content differs");
        return Some(change.fields([hidden(Shown::Hidden)]));
    }
    let fields = permissions(found, FILE_MODE, *owner);
    let operation = Operation::SetFile { path: at.clone(), owner: *owner };
    (!fields.is_empty()).then(|| {
        new(Action::Update, operation).because("mode or owner changed on the host").fields(fields)
    })
}

fn permissions(found: &Found, mode: u32, owner: u32) -> Vec<FieldDiff> {
    let Found { kind: _, mode: found_mode, owner: found_owner, modified: _, content: _ } = found;
    [
        FieldDiff::mode(*found_mode, mode),
        FieldDiff::compare("owner", Some(*found_owner), Some(owner)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    const PASSWORD: &str = "secrets/grafana/admin-password";
    const TEMPO: &str = "secrets/collector/tempo-authorization";

    fn desired(files: Vec<File>, remove_generated: bool) -> Desired {
        Desired { directory: "/opt/otel".into(), files, remove_generated }
    }

    fn file(path: &str, content: Option<&str>) -> File {
        let content = content.map(|text| Secret::new(text.to_owned()));
        File { path: path.to_owned(), owner: 472, content }
    }

    fn there(entries: &[(&str, EntryKind, u32, u32, Option<&str>)]) -> Observed {
        let found = entries.iter().map(|(path, kind, mode, owner, content)| {
            let content = content.map(|text| Secret::new(text.to_owned()));
            let (kind, mode, owner) = (*kind, *mode, *owner);
            let found = Found { kind, mode, owner, modified: None, content };
            ((*path).to_owned(), found)
        });
        Observed { found: found.collect() }
    }

    fn told(changes: &[Change<Operation>]) -> Vec<(Action, &str)> {
        changes.iter().map(|change| (change.action, change.address.as_str())).collect()
    }

    #[test]
    fn a_missing_password_is_made_once_and_never_compared() {
        let wanted = desired(vec![file(PASSWORD, None)], false);
        let changes = diff(&wanted, &Observed::default());
        assert_eq!(
            told(&changes),
            [
                (Action::Create, "file/secrets/"),
                (Action::Create, "file/secrets/grafana/"),
                (Action::Create, "file/secrets/grafana/admin-password"),
            ]
        );
        assert_eq!(changes[2].fields[0].after, Shown::Hidden);
        let made = there(&[
            (TOP, EntryKind::Folder, 0o700, 0, None),
            ("secrets/grafana", EntryKind::Folder, 0o500, 472, None),
            (PASSWORD, EntryKind::File, 0o400, 472, None),
        ]);
        assert!(diff(&wanted, &made).is_empty());
        let open = there(&[
            (TOP, EntryKind::Folder, 0o755, 0, None),
            ("secrets/grafana", EntryKind::Folder, 0o500, 472, None),
            (PASSWORD, EntryKind::File, 0o444, 0, None),
        ]);
        assert_eq!(
            told(&diff(&wanted, &open)),
            [
                (Action::Update, "file/secrets/"),
                (Action::Update, "file/secrets/grafana/admin-password")
            ]
        );
    }

    #[test]
    fn a_password_lives_as_long_as_its_volume() {
        let left = there(&[
            (PASSWORD, EntryKind::File, 0o400, 472, None),
            (TEMPO, EntryKind::File, 0o400, 10001, None),
        ]);
        assert_eq!(
            told(&diff(&desired(Vec::new(), false), &left)),
            [(Action::Delete, "file/secrets/collector/tempo-authorization")]
        );
        let changes = diff(&desired(Vec::new(), true), &left);
        assert_eq!(changes.len(), 2);
        let Operation::Remove { folders, .. } = &changes[0].operation else { panic!("a removal") };
        assert_eq!(folders[1].to_str(), Some("/opt/otel/secrets"));
    }

    #[test]
    fn a_given_secret_is_compared_and_never_shown() {
        let wanted = desired(vec![file(TEMPO, Some("new"))], false);
        let old = |content| {
            there(&[
                (TOP, EntryKind::Folder, 0o700, 0, None),
                ("secrets/collector", EntryKind::Folder, 0o500, 472, None),
                (TEMPO, EntryKind::File, 0o400, 472, Some(content)),
            ])
        };
        assert!(diff(&wanted, &old("new")).is_empty());
        let changes = diff(&wanted, &old("old"));
        assert_eq!(changes[0].fields[0].before, Shown::Hidden);
        assert!(!format!("{changes:?}").contains("old"), "{changes:?}");
    }
}
