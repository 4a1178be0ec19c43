//! Decides which files and folders change; makes no call.

use super::{Desired, FOLDER_MODE, Folder, Found, Observed, Operation, folders};
use crate::artifact::{Artifact, MARK};
use crate::diagnostic::{Diagnostic, Kind};
use crate::plan::{Action, Change, FieldDiff, Shown, Stage};

/// The other stack that the folder belongs to; none: it is ours, or nobody's yet.
#[must_use]
pub fn stack_of_another<'a>(desired: &Desired, observed: &'a Observed) -> Option<&'a str> {
    observed.stack.as_deref().filter(|name| *name != desired.stack)
}

/// Compares the files that should be there with those that are.
///
/// # Errors
/// Names every file in our way that is somebody else's.
pub fn diff(
    desired: &Desired,
    observed: &Observed,
) -> Result<Vec<Change<Operation>>, Vec<Diagnostic>> {
    if let Some(other) = stack_of_another(desired, observed) {
        // To remove a stack is to leave every other one alone.
        let asks = !desired.artifacts.is_empty();
        return if asks { Err(vec![of_another(desired, other)]) } else { Ok(Vec::new()) };
    }
    let mut changes = folder_changes(desired, observed);
    let mut refused = no_folders(desired, observed);
    refused.extend(occupied(desired, observed, &changes));
    for artifact in &desired.artifacts {
        match observed.files.get(&artifact.path) {
            None => changes.push(creation(desired, artifact)),
            Some(found) if !found.ours && !desired.adopt.contains(&address(&artifact.path)) => {
                refused.push(foreign(desired, &artifact.path));
            }
            Some(found) => changes.extend(update(desired, artifact, found)),
        }
    }
    changes.extend(removals(desired, observed));
    if refused.is_empty() { Ok(changes) } else { Err(refused) }
}

fn address(path: &str) -> String {
    format!("file/{path}")
}

fn folder_address(path: &str) -> String {
    if path.is_empty() { "file/".to_owned() } else { format!("file/{path}/") }
}

fn folder_changes(desired: &Desired, observed: &Observed) -> Vec<Change<Operation>> {
    if desired.artifacts.is_empty() {
        return Vec::new();
    }
    let wanted = folders(desired.artifacts.iter().map(|artifact| artifact.path.as_str()));
    let change = |path: &String| {
        let at = desired.directory.join(path);
        let Some(found) = observed.folders.get(path) else {
            let operation = Operation::CreateFolder { path: at };
            let change = Change::new(folder_address(path), Action::Create, Stage::File, operation);
            let undo = Operation::RemoveFolder { path: desired.directory.join(path) };
            return Some(change.because("not there yet").undone_by(undo));
        };
        // What is no folder is refused.
        let Folder { is_folder: _, mode, owner } = *found;
        let fields: Vec<FieldDiff> = [
            FieldDiff::mode(mode, FOLDER_MODE),
            FieldDiff::compare("owner", desired.owner.map(|_| owner), desired.owner),
        ]
        .into_iter()
        .flatten()
        .collect();
        let operation = Operation::SetFolder { path: at, owner: desired.owner };
        // A folder that is as it should be harms nobody: it stays so.
        let undo = operation.clone();
        (!fields.is_empty()).then(|| {
            Change::new(folder_address(path), Action::Update, Stage::File, operation)
                .because("changed on the host")
                .fields(fields)
                .undone_by(undo)
        })
    };
    wanted.iter().filter_map(change).collect()
}

fn creation(desired: &Desired, artifact: &Artifact) -> Change<Operation> {
    let content = FieldDiff {
        field: "content".to_owned(),
        before: Shown::Absent,
        after: Shown::plain(&String::from_utf8_lossy(&artifact.bytes)),
    };
    Change::new(address(&artifact.path), Action::Create, Stage::File, write(desired, artifact))
        .because("not there yet")
        .fields([content])
        .undone_by(Operation::Remove { path: desired.directory.join(&artifact.path) })
}

fn update(desired: &Desired, artifact: &Artifact, found: &Found) -> Option<Change<Operation>> {
    let Found { ours, bytes, mode, owner } = found;
    let text = |bytes: &[u8]| Some(String::from_utf8_lossy(bytes).into_owned());
    let fields: Vec<FieldDiff> = [
        FieldDiff::compare("content", text(bytes), text(&artifact.bytes)),
        FieldDiff::mode(*mode, artifact.mode),
        FieldDiff::compare("owner", desired.owner.map(|_| *owner), desired.owner),
    ]
    .into_iter()
    .flatten()
    .collect();
    if fields.is_empty() && *ours && *bytes == *artifact.bytes {
        return None;
    }
    let reason = match (ours, *bytes == *artifact.bytes) {
        (false, _) => "somebody else's, adopted",
        (true, true) => "mode or owner changed on the host",
        (true, false) => "content differs",
    };
    let operation = write(desired, artifact);
    let change = Change::new(address(&artifact.path), Action::Update, Stage::File, operation);
    // An owner that was not ours is not given back.
    let path = desired.directory.join(&artifact.path);
    let undo = Operation::Write { path, bytes: bytes.clone(), mode: *mode };
    Some(change.because(reason).fields(fields).undone_by(undo))
}

fn write(desired: &Desired, artifact: &Artifact) -> Operation {
    let Artifact { path, bytes, mode } = artifact;
    let path = desired.directory.join(path);
    Operation::Write { path, bytes: bytes.to_vec(), mode: *mode }
}

fn removals(desired: &Desired, observed: &Observed) -> Vec<Change<Operation>> {
    let is_wanted = |path: &str| desired.artifacts.iter().any(|artifact| artifact.path == path);
    let orphans = observed.files.iter().filter(|(path, found)| found.ours && !is_wanted(path));
    let mut changes: Vec<Change<Operation>> = orphans
        .map(|(path, _)| {
            let operation = Operation::Remove { path: desired.directory.join(path) };
            Change::new(address(path), Action::Delete, Stage::File, operation)
                .because("no longer wanted")
        })
        .collect();
    // A folder goes when nothing of ours is wanted in it; innermost first.
    let wanted = folders(desired.artifacts.iter().map(|artifact| artifact.path.as_str()));
    let gone = observed
        .folders
        .iter()
        .rev()
        .filter(|(path, found)| found.is_folder && !path.is_empty() && !wanted.contains(path));
    changes.extend(gone.map(|(path, _)| {
        let operation = Operation::RemoveFolder { path: desired.directory.join(path) };
        Change::new(folder_address(path), Action::Delete, Stage::File, operation)
            .because("unless somebody else has files in it")
    }));
    changes
}

/// Refuses what stands where a folder must be: a file, or a link to who knows where.
fn no_folders(desired: &Desired, observed: &Observed) -> Vec<Diagnostic> {
    let wanted = folders(desired.artifacts.iter().map(|artifact| artifact.path.as_str()));
    let in_the_way =
        observed.folders.iter().filter(|(path, found)| !found.is_folder && wanted.contains(path));
    let refuse = |(path, _): (&String, &Folder)| {
        let at = desired.directory.join(path);
        Diagnostic::error(Kind::Refused, format!("`{}` is no folder", at.display()))
            .code("files::foreign")
            .cause("files of the stack belong in it")
            .hint("move it away")
    };
    in_the_way.map(refuse).collect()
}

/// Refuses to take over a folder that others use, such as `/tmp` or a home.
fn occupied(
    desired: &Desired,
    observed: &Observed,
    changes: &[Change<Operation>],
) -> Option<Diagnostic> {
    let top = folder_address("");
    let taken = changes
        .iter()
        .find(|change| change.address == top && change.action == Action::Update)
        .filter(|_| observed.occupied && !desired.adopt.contains(&top))?;
    let at = desired.directory.display();
    let error = Diagnostic::error(Kind::Refused, format!("`{at}` is not otelctl's"))
        .code("files::foreign")
        .cause("it holds other things, and its mode or owner would change");
    let fields = taken.fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>();
    Some(error.cause(format!("these differ: {}", fields.join(", "))).hint(format!(
        "choose another `profile::otel_collector::otel_dir`, or run `otelctl apply --adopt {top}`"
    )))
}

/// Two stacks in one folder would overwrite each other's files.
fn of_another(desired: &Desired, other: &str) -> Diagnostic {
    let at = desired.directory.display();
    Diagnostic::error(Kind::Refused, format!("`{at}` holds the files of stack `{other}`"))
        .code("files::other-stack")
        .cause(format!("`otelctl::stack` is `{}`", desired.stack))
        .hint("give each stack a `profile::otel_collector::otel_dir` of its own; to rename a stack, destroy it first under its old name")
}

fn foreign(desired: &Desired, path: &str) -> Diagnostic {
    let at = desired.directory.join(path);
    Diagnostic::error(Kind::Refused, format!("`{}` is not otelctl's", at.display()))
        .code("files::foreign")
        .cause(format!("its first lines do not say `{MARK}`"))
        .hint(format!("move it away, or run `otelctl apply --adopt {}`", address(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desired(artifacts: Vec<Artifact>) -> Desired {
        let known = vec!["config/a.yaml".to_owned(), "old/b.yaml".to_owned()];
        Desired {
            stack: "otel".into(),
            directory: "/opt/otel".into(),
            artifacts,
            known,
            owner: Some(0),
            adopt: Vec::new(),
        }
    }

    fn artifact(text: &str) -> Artifact {
        Artifact { path: "config/a.yaml".into(), bytes: text.as_bytes().into(), mode: 0o644 }
    }

    fn found(text: &str) -> Found {
        Found { ours: true, bytes: text.into(), mode: 0o644, owner: 0 }
    }

    fn observed(files: &[(&str, Found)], folders: &[&str]) -> Observed {
        let folder = Folder { is_folder: true, mode: 0o755, owner: 0 };
        Observed {
            occupied: false,
            stack: None,
            files: files.iter().map(|(path, found)| ((*path).to_owned(), found.clone())).collect(),
            folders: folders.iter().map(|path| ((*path).to_owned(), folder)).collect(),
        }
    }

    fn summary(changes: &[Change<Operation>]) -> Vec<(Action, &str)> {
        changes.iter().map(|change| (change.action, change.address.as_str())).collect()
    }

    #[test]
    fn what_is_missing_is_made_and_what_is_equal_is_left() {
        let wanted = desired(vec![artifact("x")]);
        let changes = diff(&wanted, &observed(&[], &[])).unwrap();
        assert_eq!(
            summary(&changes),
            [
                (Action::Create, "file/"),
                (Action::Create, "file/config/"),
                (Action::Create, "file/config/a.yaml")
            ]
        );
        let there = observed(&[("config/a.yaml", found("x"))], &["", "config"]);
        assert!(diff(&wanted, &there).unwrap().is_empty());
    }

    #[test]
    fn content_mode_and_owner_are_compared() {
        let wanted = desired(vec![artifact("x")]);
        let other = Found { mode: 0o600, owner: 7, ..found("y") };
        let changes =
            diff(&wanted, &observed(&[("config/a.yaml", other)], &["", "config"])).unwrap();
        let fields: Vec<&str> = changes[0].fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["content", "mode", "owner"]);
    }

    #[test]
    fn a_foreign_file_is_refused_unless_adopted() {
        let mut wanted = desired(vec![artifact("x")]);
        let theirs = Found { ours: false, ..found("x") };
        let there = observed(&[("config/a.yaml", theirs)], &["", "config"]);
        let refused = diff(&wanted, &there).unwrap_err();
        assert_eq!(refused[0].kind, Kind::Refused);
        wanted.adopt.push("file/config/a.yaml".into());
        assert_eq!(diff(&wanted, &there).unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_longer_wanted_goes_and_foreign_files_stay() {
        let theirs = Found { ours: false, ..found("x") };
        let there = observed(
            &[("config/a.yaml", found("x")), ("old/b.yaml", theirs)],
            &["", "config", "old"],
        );
        let changes = diff(&desired(Vec::new()), &there).unwrap();
        assert_eq!(
            summary(&changes),
            [
                (Action::Delete, "file/config/a.yaml"),
                (Action::Delete, "file/old/"),
                (Action::Delete, "file/config/")
            ]
        );
    }

    #[test]
    fn what_is_no_folder_is_refused_and_never_removed() {
        let mut there = observed(&[], &["", "config"]);
        there.folders.insert("config".into(), Folder { is_folder: false, mode: 0o644, owner: 0 });
        let refused = diff(&desired(vec![artifact("x")]), &there).unwrap_err();
        assert_eq!(refused[0].kind, Kind::Refused);
        assert_eq!(refused[0].message, "`/opt/otel/config` is no folder");
        assert!(diff(&desired(Vec::new()), &there).unwrap().is_empty());
    }

    #[test]
    fn a_folder_that_others_use_is_not_taken_over() {
        let mut wanted = desired(vec![artifact("x")]);
        let mut there = observed(&[], &[""]);
        there.occupied = true;
        assert!(diff(&wanted, &there).is_ok(), "its mode and owner stay");
        let shared = Folder { is_folder: true, mode: 0o1777, owner: 0 };
        there.folders.insert(String::new(), shared);
        let refused = diff(&wanted, &there).unwrap_err();
        assert_eq!(refused[0].message, "`/opt/otel` is not otelctl's");
        wanted.adopt.push("file/".into());
        assert!(diff(&wanted, &there).is_ok());
    }

    #[test]
    fn another_stacks_folder_is_left_alone() {
        let mut there = observed(&[("config/a.yaml", found("x"))], &["", "config"]);
        there.stack = Some("otel".into());
        assert!(diff(&desired(vec![artifact("x")]), &there).unwrap().is_empty());
        there.stack = Some("two".into());
        let refused = diff(&desired(vec![artifact("x")]), &there).unwrap_err();
        assert_eq!(refused[0].message, "`/opt/otel` holds the files of stack `two`");
        assert!(diff(&desired(Vec::new()), &there).unwrap().is_empty(), "destroy");
    }
}
