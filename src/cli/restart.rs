//! `restart`: stops the stack's containers, starts them, and waits until they work.

use super::arguments::{Arguments, Lifecycle};
use super::selection::{self, Opened};
use super::{exit::Outcome, start, stop, terminal::Terminal};
use crate::diagnostic::Failure;
use std::slice;

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Lifecycle,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let opened = selection::open(arguments, options, terminal, "otelctl restart").await?;
    let Some(opened) = opened else { return Ok(Outcome::Done) };
    let Opened { target, found, writer, .. } = &opened;
    // One by one, so that each is away for as short as can be.
    for runtime in found {
        stop::stop(slice::from_ref(runtime), &opened, options.grace(), terminal).await?;
        start::start(slice::from_ref(runtime), writer, start::PATIENCE, terminal).await?;
    }
    start::follow(arguments, target).await?;
    Ok(Outcome::Done)
}
