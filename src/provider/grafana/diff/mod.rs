//! Decides what of a Grafana changes. Pure.

mod dashboard;
mod datasource;
mod folder;
#[cfg(test)]
mod tests;

pub(super) use dashboard::differences as dashboard_differences;
pub(super) use datasource::differences as datasource_differences;

use super::{Call, DatasourceGoal, Desired, Observed, Operation, Running};
use crate::diagnostic::Diagnostic;
use crate::plan::{Action, Change, Stage};
use std::sync::Arc;

/// What was decided, and what the user should know of it.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The changes.
    pub changes: Vec<Change<Operation>>,
    /// What the plan says beside them.
    pub notes: Vec<Diagnostic>,
    /// What is said when they are made.
    pub afterwards: Vec<Diagnostic>,
}

/// What one Grafana that runs needs, and everything that stands in the way.
#[derive(Default)]
pub(super) struct Findings {
    pub changes: Vec<Change<Call>>,
    pub notes: Vec<Diagnostic>,
    pub refused: Vec<Diagnostic>,
}

/// Compares what a Grafana holds with what it shall hold.
///
/// # Errors
/// Everything that is not otelctl's to change.
pub fn diff(desired: &Desired, observed: &Observed) -> Result<Decision, Vec<Diagnostic>> {
    match observed {
        Observed::NotRunning(why) => Ok(blind(desired, why)),
        Observed::Running(running) => {
            let Findings { changes, mut notes, refused } = compare(desired, running);
            if !refused.is_empty() {
                return Err(refused);
            }
            notes.extend(too_old(&running.version));
            let changes = changes
                .into_iter()
                .map(|change| change.map(|call| Operation::Call(Box::new(call))))
                .collect();
            Ok(Decision { changes, notes, afterwards: Vec::new() })
        }
    }
}

/// Compares every object; what is refused does not keep the rest from being told.
pub(super) fn compare(desired: &Desired, running: &Running) -> Findings {
    let mut findings = Findings::default();
    datasource::compare(desired, running, &mut findings);
    folder::compare(desired, running, &mut findings);
    dashboard::compare(desired, running, &mut findings);
    // A folder goes when its dashboards are gone.
    folder::removal(desired, running, &mut findings);
    datasource::removal(desired, running, &mut findings);
    findings
}

/// The plan for a Grafana that comes up in the same apply: its volume may be
/// new, or hold what an earlier stack left in it.
fn blind(desired: &Desired, why: &str) -> Decision {
    let shared = Arc::new(desired.clone());
    let mut addresses = Vec::new();
    if let DatasourceGoal::Present { datasource, .. } = &desired.datasource {
        addresses.extend(datasource.uid.as_deref().map(datasource::address));
    }
    addresses.extend(desired.folder.as_ref().map(|folder| folder::address(&folder.uid)));
    addresses.extend(desired.dashboards.iter().map(|dashboard| dashboard::address(&dashboard.uid)));
    let settle = |address: String| {
        let operation =
            Operation::Settle { address: address.clone(), desired: Arc::clone(&shared) };
        Change::new(address, Action::Create, Stage::Grafana, operation)
            .because(format!("Grafana does not answer yet: {why}"))
    };
    let afterwards = desired.login.iter().map(|(user, file)| {
        Diagnostic::note(format!("Grafana is at `{}`", desired.url))
            .hint(format!("log in as `{user}`; the password is in `{}`", file.display()))
    });
    Decision {
        changes: addresses.into_iter().map(settle).collect(),
        notes: Vec::new(),
        afterwards: afterwards.collect(),
    }
}

/// The mark of an apply that changes something, for every dashboard to show.
///
/// It comes last: a key that may make no annotation keeps nothing else from being done.
///
/// None where there are no dashboards of ours, or nothing changes.
#[must_use]
pub fn annotation(desired: &Desired, changes: usize) -> Option<Change<Operation>> {
    if desired.dashboards.is_empty() || changes == 0 {
        return None;
    }
    let noun = if changes == 1 { "change" } else { "changes" };
    let version = env!("CARGO_PKG_VERSION");
    let text = format!("otelctl {version}: {changes} {noun} of stack `{}`", desired.stack);
    let tags = vec!["otelctl".to_owned(), format!("otelctl:{}", desired.stack)];
    let call = Operation::Call(Box::new(Call::Annotate { text, tags }));
    let change = Change::new("grafana/annotation", Action::Create, Stage::Mark, call);
    Some(change.because("marks this apply on the dashboards"))
}

/// The oldest release whose API otelctl is written for.
const OLDEST: u32 = 10;

fn too_old(version: &str) -> Option<Diagnostic> {
    let major: u32 = version.split('.').next()?.parse().ok()?;
    (major < OLDEST).then(|| {
        let message =
            format!("Grafana {version} is older than {OLDEST}, the oldest one known to work");
        Diagnostic::warning(message).code("grafana::old").hint("update Grafana")
    })
}
