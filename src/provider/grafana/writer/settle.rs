//! Decides late, by the same `diff`, about one object of a Grafana that did
//! not run when the plan was made.

use crate::diagnostic::Diagnostic;
use crate::provider::grafana::api::Api;
use crate::provider::grafana::diff::{Findings, compare};
use crate::provider::grafana::{Call, Desired, reader};

/// The call that the object at `address` needs now; none: it is as it should be.
pub(super) async fn decide(
    api: &Api,
    address: &str,
    desired: &Desired,
) -> Result<Option<Call>, Diagnostic> {
    let running = reader::load(api, desired).await.map_err(|error| {
        api.tell(&error, format!("cannot read what Grafana at `{}` holds", api.url()))
    })?;
    let Findings { changes, notes: _, refused } = compare(desired, &running);
    if let Some(error) = refused.into_iter().next() {
        return Err(error);
    }
    let change = changes.into_iter().find(|change| change.address == address);
    Ok(change.map(|change| change.operation))
}
