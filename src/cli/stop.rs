//! `stop`: stops the stack's containers; they stay stopped until somebody starts them.
//!
//! The collector's waits for a scrape first: what it has counted since the last one goes with it.

use super::arguments::{Arguments, Lifecycle};
use super::selection::{self, Opened};
use super::{exit::Outcome, terminal::Terminal};
use crate::diagnostic::{Diagnostic, Failure};
use crate::provider::docker::Runtime;
use std::time::Duration;

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Lifecycle,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let opened = selection::open(arguments, options, terminal, "otelctl stop").await?;
    let Some(opened) = opened else { return Ok(Outcome::Done) };
    let Opened { found, .. } = &opened;
    stop(found, &opened, options.grace(), terminal).await?;
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
    opened: &Opened,
    grace: Option<Duration>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    for runtime in found {
        let spinner = terminal.spinner();
        let progress = |line: &str| spinner.set_message(line.to_owned());
        let scraped = match opened.scraper_of(runtime) {
            Some(scraper) => scraper.next(&progress).await,
            None => Ok(()),
        };
        let stopped = opened.writer.stop_service(runtime, grace, &progress).await;
        spinner.finish_and_clear();
        if let Err(why) = scraped {
            let lost = "what the collector counted since its last scrape is lost";
            terminal.notes(&[Diagnostic::warning(lost).cause(why)]);
        }
        stopped?;
    }
    Ok(())
}
