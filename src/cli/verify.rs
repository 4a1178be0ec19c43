//! `verify`: follows a synthetic session through the stack, hop by hop.

use super::{arguments::Arguments, exit, source, terminal::Terminal};
use crate::diagnostic::Failure;
use crate::pipeline;
use crate::report;
use crate::stack::Stack;
use crate::system::Lock;
use crate::verify::Outcome;
use std::path::Path;

/// Runs the command.
pub async fn run(arguments: &Arguments, terminal: &Terminal) -> Result<exit::Outcome, Failure> {
    let Some(target) = source::managed(arguments, terminal)? else {
        return Ok(exit::Outcome::Done);
    };
    // An apply that replaces the collector meanwhile would look like a loss.
    let _lock = Lock::take(Path::new(&target.stack.directory.value), "otelctl verify")?;
    check(&target.stack, terminal).await?;
    Ok(exit::Outcome::Done)
}

/// Runs the checks and prints one line each.
///
/// # Errors
/// The first check that failed.
pub async fn check(stack: &Stack, terminal: &Terminal) -> Result<(), Failure> {
    let spinner = terminal.spinner();
    let progress = |line: &str| spinner.set_message(line.to_owned());
    let checks = pipeline::verify(stack, &source::environment, &progress).await;
    spinner.finish_and_clear();
    terminal.data(&report::checks_text(&checks, terminal.data_style));
    let failed = checks.into_iter().filter_map(|check| match check.outcome {
        Outcome::Failed(error) => Some(error),
        Outcome::Passed { .. } | Outcome::NotReached => None,
    });
    Failure::check(failed.collect())?;
    Ok(())
}
