//! Takes back what a failed run has done, where no container has changed yet.
//!
//! Files and the firewall come before containers. While those are as they were, the old stack
//! serves, and what was written for the new one would only wait for the next restart of the
//! old. May not know why anything failed.

use super::Writers;
use crate::diagnostic::Diagnostic;
use crate::plan::Change;
use crate::provider::{Operation, Progress};

/// Undoes all of `done`, the last first, and says in `error` what came of it.
pub(super) async fn undo(
    done: &[Change<Operation>],
    writers: &Writers,
    error: Diagnostic,
    progress: Progress<'_>,
) -> Diagnostic {
    // One that cannot be undone means that the next apply goes on from here.
    let Some(way) = way_back(done) else { return error };
    progress("putting everything back as it was");
    let mut left = Vec::new();
    for operation in way {
        if let Err(failed) = writers.execute(operation, progress).await {
            left.push(failed);
        }
    }
    if left.is_empty() {
        return error.cause("what was changed before it is as it was again").hint(
            "cure what the causes name, then apply again: until then all is as it was before",
        );
    }
    left.into_iter().fold(error, |error, failed| {
        let error = error.cause(format!("going back failed: {}", failed.message));
        failed.causes.into_iter().fold(error, Diagnostic::cause)
    })
}

/// The operations that lead back, if each change has one.
fn way_back(done: &[Change<Operation>]) -> Option<Vec<&Operation>> {
    done.iter().rev().map(|change| change.undo.as_ref()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Action, Stage};
    use crate::provider::files;

    fn change(name: &str, undo: bool) -> Change<Operation> {
        let operation = |kind: &str| {
            Operation::File(files::Operation::Remove { path: format!("/{kind}/{name}").into() })
        };
        let change = Change::new(name, Action::Create, Stage::File, operation("do"));
        if undo { change.undone_by(operation("undo")) } else { change }
    }

    #[test]
    fn the_way_back_is_whole_or_none() {
        let both = [change("a", true), change("b", true)];
        let way = way_back(&both).expect("both can be undone");
        let paths: Vec<String> = way.iter().map(|operation| format!("{operation:?}")).collect();
        assert!(paths[0].contains("/undo/b") && paths[1].contains("/undo/a"), "{paths:?}");
        assert!(way_back(&[change("a", true), change("b", false)]).is_none());
    }
}
