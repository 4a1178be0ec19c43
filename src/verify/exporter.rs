//! The exporter's page shows what was sent, to the token.

use super::canary::Canary;
use super::check::Check;
use super::exposition;
use super::growth::Totals;
use super::http::Http;
use super::wait;
use crate::diagnostic::{Diagnostic, Kind};
use crate::stack::{Port, Stack};
use std::time::Duration;

pub(super) const NAME: &str = "exporter";

/// How long the pipeline may take beside its batch timeout.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads the counters of the canary's series.
pub(super) async fn read(stack: &Stack, http: &Http, port: &Port) -> Result<Totals, Diagnostic> {
    let url = format!("http://{}/metrics", port.local_address());
    let what = format!("the exporter at `{url}`");
    let hint = || format!("see `docker logs {}`", stack.collector.container);
    let page = http.get(&what, &url, &[]).await.map_err(|error| error.hint(hint()))?;
    let samples = exposition::samples(&page).map_err(|why| {
        let message = format!("{what} shows no metrics");
        Diagnostic::error(Kind::Verify, message).cause(why).hint(hint())
    })?;
    Ok(Totals::of(&samples))
}

/// Waits until each counter has grown by exactly what the canary brought;
/// returns the totals then, for the next hop.
pub(super) async fn check(
    stack: &Stack,
    http: &Http,
    port: &Port,
    canary: &Canary,
    before: Result<Totals, Diagnostic>,
) -> (Check, Option<Totals>) {
    let before = match before {
        Ok(before) => before,
        Err(error) => return (Check::failed(NAME, error), None),
    };
    let limit = wait::duration(&stack.collector.batch_timeout.value) + PATIENCE;
    let counted = wait::until(limit, async || {
        let after = read(stack, http, port).await?;
        let wrong = after.wrong_growth(&before, canary);
        if wrong.is_empty() { Ok(after) } else { Err(lost(stack, wrong, limit)) }
    });
    match counted.await {
        Ok(totals) => {
            let detail = format!("{} counters grew by exactly what was sent", totals.values.len());
            (Check::passed(NAME, detail), Some(totals))
        }
        Err(error) => (Check::failed(NAME, error), None),
    }
}

fn lost(stack: &Stack, wrong: Vec<String>, limit: Duration) -> Diagnostic {
    let message = format!("the exporter does not count what was sent within {} s", limit.as_secs());
    wrong.into_iter().fold(Diagnostic::error(Kind::Verify, message), Diagnostic::cause).hint(
        format!(
            "see `docker logs {}`, and check that no other run of verify was under way",
            stack.collector.container
        ),
    )
}
