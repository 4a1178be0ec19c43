//! `backfill`: what was used before the recording rules existed, imported into Prometheus.

mod survey;

use super::arguments::{Arguments, Backfill as Options, Format};
use super::{exit::Outcome, source, terminal::Terminal, usage};
use crate::backfill::{Import, Missing, Unfit};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::provider::Progress;
use crate::provider::docker::{Blocks, Reader, Writer};
use crate::provider::prometheus::Querier;
use crate::report;
use crate::stack::Stack;
use crate::system::Lock;
use crate::usage::{Asked, Clock, Span};
use jiff::Timestamp;
use std::path::Path;
use std::time::{Duration, Instant};
use survey::Survey;

/// Prometheus looks for blocks once a minute; many take it some time.
const PATIENCE: Duration = Duration::from_secs(180);
const PAUSE: Duration = Duration::from_secs(1);

const HOUR: i64 = 3_600_000;

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Options,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let Some(target) = source::managed(arguments, terminal)? else {
        return Ok(Outcome::Done);
    };
    let stack = &target.stack;
    let (clock, note) = usage::clock(options.utc);
    terminal.notes(&note.into_iter().collect::<Vec<_>>());
    let from = from(options, &clock)?;
    if stack.prometheus.is_none() {
        return Err(not_ours().into());
    }
    let querier = usage::querier(stack)?;
    let directory = Path::new(&stack.directory.value);
    let mut lock =
        if options.dry_run { None } else { Some(Lock::take(directory, "otelctl backfill")?) };
    if let Some(lock) = &mut lock {
        lock.keep();
    }
    let spinner = terminal.spinner();
    let progress = |line: &str| {
        if spinner.is_hidden() {
            terminal.talk(&format!("{line}\n"));
        } else {
            spinner.set_message(line.to_owned());
        }
    };
    let now = clock.now.as_second();
    let now = now - now.rem_euclid(60);
    let survey = survey::survey(stack, &querier, (from, now), &progress).await?;
    let import = Import::of(&survey.missing, survey.storage.block());
    let fit = import.as_ref().map_or(Ok(()), |import| survey.storage.takes(import.span.1));
    let done = match (import, &fit) {
        (Some(import), Ok(())) if !options.dry_run => {
            fill(arguments, stack, &survey, import, &progress).await?;
            wait(&querier, &survey, &progress).await?;
            true
        }
        _ => false,
    };
    spinner.finish_and_clear();
    if done || fit.is_ok() || options.dry_run {
        tell(stack, &survey, done, options.format, &clock, terminal);
    }
    match fit {
        Err(unfit) if options.dry_run => {
            let Diagnostic { message, causes, hint, .. } = refusal(&unfit, &survey, &clock);
            let note = causes.into_iter().fold(Diagnostic::note(message), Diagnostic::cause);
            terminal.notes(&[hint.into_iter().fold(note, Diagnostic::hint)]);
        }
        Err(unfit) => return Err(refusal(&unfit, &survey, &clock).into()),
        Ok(()) => {}
    }
    Ok(Outcome::Done)
}

/// Where the time begins, in seconds since 1970.
fn from(options: &Options, clock: &Clock) -> Result<Option<i64>, Failure> {
    let Some(from) = options.from.as_deref() else { return Ok(None) };
    let span = Span::read(Asked { from: Some(from), ..Asked::default() }, clock);
    span.map(|span| Some(span.from.as_second())).map_err(Failure::of)
}

fn not_ours() -> Diagnostic {
    Diagnostic::error(Kind::Refused, "the Prometheus of this profile is not otelctl's")
        .code("backfill::external")
        .cause("an import writes into its data folder, which otelctl touches of its own alone")
        .hint("`otelctl backfill` needs `otelctl::prometheus::mode: managed`")
}

fn refusal(unfit: &Unfit, survey: &Survey, clock: &Clock) -> Diagnostic {
    match unfit {
        Unfit::Version => {
            let version = &survey.storage.version;
            let message = format!("Prometheus {version} cannot have blocks that overlap");
            Diagnostic::error(Kind::Refused, message)
                .code("backfill::version")
                .hint("set `otelctl::prometheus::image` to 2.39 or newer, and apply")
        }
        Unfit::Recent(ready) => {
            let ready = Timestamp::from_second(*ready).unwrap_or(clock.now);
            let message = "Prometheus still has the time before the rules in memory";
            Diagnostic::error(Kind::Failed, message)
                .code("backfill::recent")
                .cause("blocks of that time would have it forget what is there, at its next start")
                .hint(format!("run it again after {}", clock.minute(ready)))
        }
    }
}

async fn fill(
    arguments: &Arguments,
    stack: &Stack,
    survey: &Survey,
    import: Import,
    progress: Progress<'_>,
) -> Result<(), Failure> {
    let name = stack.prometheus.as_ref().map(|managed| managed.container.as_str());
    let runtimes = Reader::connect(arguments.docker_host()).await?;
    let runtimes = runtimes.runtimes(&stack.name.value).await?;
    let beside = runtimes.into_iter().find(|runtime| Some(runtime.name.as_str()) == name);
    let beside = beside.ok_or_else(|| {
        let message = format!("stack `{}` has no container of Prometheus", stack.name.value);
        Diagnostic::error(Kind::Failed, message).hint("`otelctl apply` makes it")
    })?;
    let blocks = Blocks {
        stack: stack.name.value.clone(),
        folder: survey.storage.folder.clone(),
        hours: survey.storage.block() / HOUR,
        samples: import.openmetrics(),
    };
    let writer = Writer::connect(arguments.docker_host()).await?;
    Ok(writer.create_blocks(&beside, blocks, progress).await?)
}

/// Waits until Prometheus shows all of it.
async fn wait(querier: &Querier, survey: &Survey, progress: Progress<'_>) -> Result<(), Failure> {
    progress("waiting until Prometheus has loaded the blocks");
    let begin = Instant::now();
    let written = survey.missing.iter().filter(|missing| missing.minutes > 0);
    for Missing { counter, border, expected, .. } in written {
        // Without its first millisecond: releases differ in whether a range has it.
        let length = border.0 - 2 - survey.start * 1000;
        let count = format!("sum(count_over_time({}[{length}ms]))", counter.increment);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let expected = *expected as f64;
        while querier.value(&count, border.0 - 1).await?.is_none_or(|there| there < expected) {
            if begin.elapsed() > PATIENCE {
                let message = format!(
                    "Prometheus does not show all of `{}` after {} s",
                    counter.increment,
                    PATIENCE.as_secs()
                );
                return Err(Diagnostic::error(Kind::Partial, message)
                    .code("backfill::not-loaded")
                    .hint("see `otelctl logs prometheus`, then run it again: nothing counts twice")
                    .into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}

fn tell(
    stack: &Stack,
    survey: &Survey,
    done: bool,
    format: Format,
    clock: &Clock,
    terminal: &Terminal,
) {
    let (name, missing) = (&stack.name.value, &survey.missing);
    let told = match format {
        Format::Human => report::backfill_text(name, missing, done, clock, terminal.data_style),
        Format::Json => format!("{:#}\n", report::backfill_json(name, missing, done, clock)),
    };
    terminal.data(&told);
}
