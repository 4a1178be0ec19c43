//! Runs an approved plan, operation by operation, and says what happened.
//!
//! May not know why a change is in the plan: it branches on nothing but
//! success, failure and interruption.

mod undo;
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
    /// A trial begins: nothing is touched yet.
    Tried(&'a Change<Operation>),
    /// Long work goes on: one short line.
    Progress(&'a str),
    /// The change is done.
    Done(&'a Change<Operation>),
}

/// Pulls images, runs the trials, then every change of the plan in its order, and stops at the
/// first that fails. What was done before any container changed is undone then.
///
/// # Errors
/// The failed change's or trial's own error while nothing was touched; `Kind::Partial`
/// with that error as its cause afterwards; `Kind::Interrupted` when
/// `interrupted` became true between two changes.
pub async fn apply(
    approved: &Approved<Operation>,
    writers: &Writers,
    interrupted: &AtomicBool,
    tell: &dyn Fn(Event<'_>),
) -> Result<(), Diagnostic> {
    let changes = approved.changes();
    let progress = |line: &str| tell(Event::Progress(line));
    // A pulled image changes nothing that runs.
    let images = changes.iter().take_while(|change| change.stage == Stage::Image).count();
    let mut tried = false;
    for (done, change) in changes.iter().enumerate() {
        let remaining = changes.get(done..).unwrap_or_default();
        if interrupted.load(Ordering::Relaxed) {
            return Err(interruption(done, remaining));
        }
        if done >= images && !tried {
            for trial in approved.trials() {
                tell(Event::Tried(trial));
                writers.execute(&trial.operation, &progress).await?;
            }
            tried = true;
            // Trials take their time.
            if interrupted.load(Ordering::Relaxed) {
                return Err(interruption(done, remaining));
            }
        }
        tell(Event::Started(change));
        if let Err(error) = writers.execute(&change.operation, &progress).await {
            let touched = changes.get(images..done).unwrap_or_default();
            let error = match touched {
                [] => return Err(error),
                _ => partial(error, done, remaining),
            };
            return Err(undo::undo(touched, writers, error, &progress).await);
        }
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
