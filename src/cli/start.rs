//! `start`: starts the stack's containers and waits until they work.

use super::arguments::{Arguments, Lifecycle};
use super::selection::{self, Opened};
use super::{exit::Outcome, terminal::Terminal};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::pipeline::Target;
use crate::provider::docker::{Runtime, Writer};
use crate::provider::{Execute as _, Observe as _, service};
use std::time::Duration;

/// How long a container may take until it answers, unless `--timeout` says otherwise.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Lifecycle,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let opened = selection::open(arguments, options, terminal, "otelctl start").await?;
    let Some(opened) = opened else { return Ok(Outcome::Done) };
    let Opened { target, found, writer, .. } = &opened;
    if options.service.is_none() {
        missing(target, found)?;
    }
    start(found, writer, options.timeout(PATIENCE), terminal).await?;
    follow(arguments, target).await?;
    Ok(Outcome::Done)
}

/// A stack is started as a whole or said to be incomplete.
fn missing(target: &Target, found: &[Runtime]) -> Result<(), Failure> {
    let services = selection::services(target)?;
    let has = |service: &String| found.iter().any(|runtime| runtime.service == *service);
    let errors = services.iter().filter(|service| !has(service)).map(|service| {
        Diagnostic::error(Kind::Failed, format!("service `{service}` has no container"))
            .code("service::absent")
            .hint("`otelctl apply` makes it")
    });
    Failure::check(errors.collect())?;
    Ok(())
}

/// Starts containers, one after the other, and tells one line each.
///
/// # Errors
/// The first one that does not work.
pub async fn start(
    found: &[Runtime],
    writer: &Writer,
    patience: Duration,
    terminal: &Terminal,
) -> Result<(), Failure> {
    for runtime in found {
        let spinner = terminal.spinner();
        let progress = |line: &str| spinner.set_message(line.to_owned());
        let started = writer.start_service(runtime, patience, &progress).await;
        spinner.finish_and_clear();
        started?;
        terminal.data(&format!("{} runs\n", runtime.name));
    }
    Ok(())
}

/// systemd's unit follows a container that runs; one that was stopped by hand has ended it.
///
/// # Errors
/// What systemd says; nothing where it does not run.
pub async fn follow(arguments: &Arguments, target: &Target) -> Result<(), Failure> {
    let desired = service::Desired::of(&target.stack, &target.artifacts, &[]);
    let observed = service::Reader::new(arguments.docker_host()).observe(&desired).await?;
    for operation in service::starts(&desired, &observed) {
        service::Writer.execute(&operation, &|_| ()).await?;
    }
    Ok(())
}
