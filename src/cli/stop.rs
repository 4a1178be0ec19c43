//! `stop`: stops the stack's containers; they stay stopped until somebody starts them.

use super::arguments::{Arguments, Lifecycle};
use super::selection::{self, Opened};
use super::{exit::Outcome, terminal::Terminal};
use crate::diagnostic::Failure;
use crate::provider::docker::{Runtime, Writer};
use std::time::Duration;

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Lifecycle,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let opened = selection::open(arguments, options, terminal, "otelctl stop").await?;
    let Some(opened) = opened else { return Ok(Outcome::Done) };
    let Opened { found, writer, .. } = &opened;
    stop(found, writer, options.grace(), terminal).await?;
    for runtime in found {
        terminal.data(&format!("{} is stopped\n", runtime.name));
    }
    Ok(Outcome::Done)
}

/// Stops containers, one after the other.
///
/// # Errors
/// The first one that cannot be stopped.
pub async fn stop(
    found: &[Runtime],
    writer: &Writer,
    grace: Option<Duration>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    for runtime in found {
        let spinner = terminal.spinner();
        let progress = |line: &str| spinner.set_message(line.to_owned());
        let stopped = writer.stop_service(runtime, grace, &progress).await;
        spinner.finish_and_clear();
        stopped?;
    }
    Ok(())
}
