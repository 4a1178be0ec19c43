//! Runs an approved plan, operation by operation, and says what happened.
//!
//! May not know why a change is in the plan: it branches on nothing but
//! success, failure and interruption.

mod writers;

pub use writers::Writers;

use crate::diagnostic::{Diagnostic, Kind};
use crate::plan::{Approved, Change, Stage};
use crate::provider::Operation;
use std::sync::atomic::{AtomicBool, Ordering};

/// What happens while a plan runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// Work on a change begins.
    Started(&'a Change<Operation>),
    /// Long work goes on: one short line.
    Progress(&'a str),
    /// The change is done.
    Done(&'a Change<Operation>),
}

/// Runs every change of the plan in its order and stops at the first that fails.
///
/// # Errors
/// The failed change's own error while nothing was touched; `Kind::Partial`
/// with that error as its cause afterwards; `Kind::Interrupted` when
/// `interrupted` became true between two changes.
pub async fn apply(
    approved: &Approved<Operation>,
    writers: &Writers,
    interrupted: &AtomicBool,
    tell: &dyn Fn(Event<'_>),
) -> Result<(), Diagnostic> {
    let changes = approved.changes();
    let mut touched = false;
    for (done, change) in changes.iter().enumerate() {
        let remaining = changes.get(done..).unwrap_or_default();
        if interrupted.load(Ordering::Relaxed) {
            return Err(interruption(done, remaining));
        }
        tell(Event::Started(change));
        let progress = |line: &str| tell(Event::Progress(line));
        if let Err(error) = writers.execute(&change.operation, &progress).await {
            return Err(if touched { partial(error, done, remaining) } else { error });
        }
        // A pulled image changes nothing that runs.
        touched |= change.stage != Stage::Image;
        tell(Event::Done(change));
    }
    Ok(())
}

fn partial(error: Diagnostic, done: usize, remaining: &[Change<Operation>]) -> Diagnostic {
    let Diagnostic { severity: _, kind: _, code: _, message, origin: _, causes, hint } = error;
    let failed = remaining.first().map_or("", |change| change.address.as_str());
    let total = done + remaining.len();
    let mut told = Diagnostic::error(
        Kind::Partial,
        format!("`{failed}` failed after {done} of {total} changes"),
    )
    .code("apply::partial")
    .cause(message);
    told.causes.extend(causes);
    told.hint(
        hint.unwrap_or_else(|| "cure the cause; the next `otelctl apply` goes on here".into()),
    )
}

fn interruption(done: usize, remaining: &[Change<Operation>]) -> Diagnostic {
    let total = done + remaining.len();
    let mut told = Diagnostic::error(
        Kind::Interrupted,
        format!("interrupted after {done} of {total} changes"),
    )
    .code("apply::interrupted");
    for change in remaining {
        told = told.cause(format!("`{}` is not done", change.address));
    }
    told.hint("the next `otelctl apply` goes on here")
}
