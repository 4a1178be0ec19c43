//! `restart`: stops the stack's containers, starts them, and waits until they work.

use super::arguments::{Arguments, Lifecycle};
use super::{exit::Outcome, selection, source, start, stop, terminal::Terminal};
use crate::diagnostic::Failure;
use crate::provider::docker::{Reader, Writer};
use crate::system::Lock;
use std::path::Path;
use std::slice;

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Lifecycle,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let Some(target) = source::managed(arguments, terminal)? else {
        return Ok(Outcome::Done);
    };
    let _lock = Lock::take(Path::new(&target.stack.directory.value), "otelctl restart")?;
    let reader = Reader::connect(arguments.docker_host()).await?;
    let found = selection::containers(&target, &reader, options.service.as_deref()).await?;
    let writer = Writer::connect(arguments.docker_host()).await?;
    // One by one, so that each is away for as short as can be.
    for runtime in &found {
        stop::stop(slice::from_ref(runtime), &writer, options.grace(), terminal).await?;
        start::start(slice::from_ref(runtime), &writer, start::PATIENCE, terminal).await?;
    }
    start::follow(arguments, &target).await?;
    Ok(Outcome::Done)
}
