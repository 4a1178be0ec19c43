//! `apply`: makes the host what the profile says.

use super::arguments::{Apply, Arguments};
use super::{connection, exit::Outcome, source, terminal::Terminal, verify};
use crate::apply::{Event, Writers};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::pipeline;
use crate::plan::{Limits, Plan};
use crate::provider::{Operation, Wanted};
use crate::report;
use crate::system::Lock;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Apply,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let Some(target) = source::managed(arguments, terminal)? else {
        return Ok(Outcome::Done);
    };
    let wanted = Wanted::stack(
        &target.stack,
        &target.artifacts,
        &options.adoption.addresses,
        &source::environment,
    )?;
    let directory = Path::new(&target.stack.directory.value);
    let mut lock = if options.noop { None } else { Some(Lock::take(directory, "otelctl apply")?) };
    let readers = connection::readers(arguments, &target.stack).await?;
    let plan = pipeline::plan(&wanted, &readers).await?;
    terminal.warnings(&plan.notes);
    let changes = !plan.is_empty();
    if options.noop || !changes {
        terminal.data(&report::plan_text(&plan, terminal.data_style));
    } else {
        // Told when something was made, not every half hour.
        let boot: Vec<Diagnostic> = plan
            .notes
            .iter()
            .filter(|n| n.code.is_some_and(|code| code.starts_with("service::")))
            .cloned()
            .collect();
        let afterwards = plan.afterwards.clone();
        let writers = connection::writers(arguments, &target.stack).await?;
        realise(plan, Limits::default(), &writers, terminal).await?;
        terminal.notes(&boot);
        terminal.notes(&afterwards);
    }
    if let Some(lock) = &mut lock {
        lock.keep();
    }
    if options.verify && !options.noop {
        verify::check(&target.stack, terminal).await?;
    }
    Ok(Outcome::of(changes, options.detailed_exitcode))
}

/// Approves and runs a plan, and tells one line a change.
pub async fn realise(
    plan: Plan<Operation>,
    limits: Limits,
    writers: &Writers,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let approved = plan.approve(limits)?;
    let total = approved.changes().len();
    let spinner = terminal.spinner();
    let tell = |event: Event<'_>| match event {
        Event::Tried(change) | Event::Started(change) => {
            spinner.set_message(change.address.clone());
        }
        Event::Progress(line) => spinner.set_message(line.to_owned()),
        Event::Done(change) => spinner.suspend(|| {
            terminal.data(&format!("{}\n", report::change_line(change, terminal.data_style)));
        }),
    };
    let interrupted = watch_signals();
    let result = pipeline::apply(&approved, writers, &interrupted, &tell).await;
    spinner.finish_and_clear();
    result?;
    let noun = if total == 1 { "change" } else { "changes" };
    terminal.data(&format!("stack `{}`: {total} {noun} made\n", approved.plan().stack));
    Ok(())
}

/// The first SIGINT or SIGTERM lets the current change finish; a second one ends at once.
fn watch_signals() -> Arc<AtomicBool> {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = Arc::new(AtomicBool::new(false));
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let seen = Arc::clone(&interrupted);
        if let Ok(mut signals) = signal(kind) {
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    if seen.swap(true, Ordering::Relaxed) {
                        leave();
                    }
                }
            });
        }
    }
    interrupted
}

/// Nothing is half-written: files are replaced by rename, and the next apply converges.
#[expect(clippy::exit, reason = "the user insists, and the current step may never end")]
fn leave() -> ! {
    std::process::exit(i32::from(Kind::Interrupted.exit_code()))
}
