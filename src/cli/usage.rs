//! `usage`: what was used in a time, exactly, from Prometheus; writes nothing.

use super::arguments::{Arguments, Tabular, Usage as Options};
use super::{exit::Outcome, reconcile, source, terminal::Terminal};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::provider::prometheus::Querier;
use crate::report;
use crate::stack::Stack;
use crate::usage::{
    Asked, Clock, Closure, Grouping, Labels, Only, Recorded, Search, Span, Tally, Usage, buckets,
    existed_before, questions,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

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
    let (clock, note) = clock(options.utc);
    terminal.notes(&note.into_iter().collect::<Vec<_>>());
    if let Some(path) = &options.reconcile {
        reconcile::run(stack, options, path, clock, terminal).await?;
        return Ok(Outcome::Done);
    }
    let request = Request::read(stack, options, &clock)?;
    let (usage, querier) = ask(stack, &request, &clock).await?;
    let told = match options.format {
        Tabular::Table => {
            report::usage_text(&usage, &clock, terminal.data_style, terminal.shows_data)
        }
        Tabular::Json => format!("{:#}\n", report::usage_json(&usage, &clock)),
        Tabular::Csv => report::usage_csv(&usage, &clock),
    };
    terminal.data(&told);
    terminal.notes(&notes(&usage, &clock, &querier));
    Ok(Outcome::Done)
}

/// What the command line asks for.
pub struct Request {
    /// The time.
    pub span: Span,
    /// What a row stands for.
    pub grouping: Grouping,
    /// Label values that everything has.
    pub only: Only,
    /// The labels that there are.
    pub labels: Labels,
}

/// The words of the command line about the time.
pub fn asked(options: &Options) -> Asked<'_> {
    Asked {
        range: options.range.as_deref(),
        from: options.from.as_deref(),
        to: options.to.as_deref(),
    }
}

impl Request {
    /// Reads it; tells all mistakes at once.
    fn read(stack: &Stack, options: &Options, clock: &Clock) -> Result<Self, Failure> {
        let labels = Labels::of(stack);
        let span = Span::read(asked(options), clock);
        let grouping = Grouping::read(&options.by, &labels);
        let only = Only::read(&options.only, &labels);
        match (span, grouping, only) {
            (Ok(span), Ok(grouping), Ok(only)) => Ok(Self { span, grouping, only, labels }),
            (span, grouping, only) => {
                let errors = [span.err(), grouping.err(), only.err()];
                Err(Failure::of(errors.into_iter().flatten().flatten().collect()))
            }
        }
    }
}

/// The machine's time and zone; a zone that cannot be told is UTC, and said to be.
pub fn clock(utc: bool) -> (Clock, Option<Diagnostic>) {
    let now = Timestamp::now();
    if utc {
        return (Clock { now, zone: TimeZone::UTC }, None);
    }
    match TimeZone::try_system() {
        Ok(zone) => (Clock { now, zone }, None),
        Err(why) => {
            let note =
                Diagnostic::note("this machine's time zone is unknown: days are those of UTC");
            let note = note
                .cause(why.to_string())
                .hint("set TZ, such as `TZ=Europe/Berlin`, or use `--utc`");
            (Clock { now, zone: TimeZone::UTC }, Some(note))
        }
    }
}

/// Counts what is asked for; returns whom it asked, too.
pub async fn ask(
    stack: &Stack,
    request: &Request,
    clock: &Clock,
) -> Result<(Usage, Querier), Diagnostic> {
    let querier = querier(stack)?;
    let closure = closure(&querier, clock).await?;
    let usage = count(stack, request, clock, &querier, closure).await?;
    Ok((usage, querier))
}

/// Whom to ask.
///
/// # Errors
/// When the profile has no Prometheus.
pub fn querier(stack: &Stack) -> Result<Querier, Diagnostic> {
    Querier::of(stack, &source::environment)?.ok_or_else(|| {
        Diagnostic::error(Kind::Profile, "the profile has no Prometheus that could be asked")
            .code("usage::no-prometheus")
            .hint("set `otelctl::prometheus::mode` to `external`, and `otelctl::prometheus::url`")
    })
}

/// Asks which samples a range of this Prometheus holds.
async fn closure(querier: &Querier, clock: &Clock) -> Result<Closure, Diagnostic> {
    let second = clock.now.as_second();
    let answer = querier.at(Closure::PROBE, second - second.rem_euclid(60)).await?;
    let value = answer.first().and_then(|series| series.points.first()).map(|(_, value)| *value);
    let value = value.ok_or_else(|| {
        let message = format!("Prometheus at `{}` cannot count minutes", querier.url());
        Diagnostic::error(Kind::Failed, message)
    })?;
    Ok(Closure::of(value))
}

async fn count(
    stack: &Stack,
    request: &Request,
    clock: &Clock,
    querier: &Querier,
    closure: Closure,
) -> Result<Usage, Diagnostic> {
    let Request { span, grouping, only, labels } = request;
    let buckets = buckets(*span, grouping.step, clock);
    let mut tally = Tally::new(&buckets, grouping, only, labels);
    for question in questions(&buckets, grouping, only, labels, closure) {
        let times = (question.start, question.end, question.step);
        for series in querier.between(&question.expression, times).await? {
            tally.add(&question, &series.labels, &series.points);
        }
    }
    let (rows, total) = tally.finish();
    Ok(Usage {
        stack: stack.name.value.clone(),
        span: *span,
        grouping: grouping.clone(),
        only: only.0.clone(),
        since: since(querier, *span, closure).await?,
        rows,
        total,
    })
}

/// How far back the samples of the rules go.
async fn since(querier: &Querier, span: Span, closure: Closure) -> Result<Recorded, Diagnostic> {
    let before = querier.at(&existed_before(closure), span.from.as_second()).await?;
    if !before.is_empty() {
        return Ok(Recorded::Before);
    }
    let mut search = Search::of(span);
    loop {
        let (expression, start, end, step) = search.question(closure);
        let answer = querier.between(&expression, (start, end, step)).await?;
        let times = answer.iter().filter_map(|series| series.points.first());
        let Some(first) = times.map(|(time, _)| *time).reduce(f64::min) else {
            return Ok(Recorded::Never);
        };
        #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970 fit")]
        match search.narrow(first.round() as i64) {
            Ok(found) => return Ok(Recorded::Since(found)),
            Err(narrower) => search = narrower,
        }
    }
}

/// What the numbers cannot say of themselves.
pub fn notes(usage: &Usage, clock: &Clock, querier: &Querier) -> Vec<Diagnostic> {
    let url = querier.url();
    let note = match usage.since {
        Recorded::Before => return Vec::new(),
        Recorded::Since(at) => {
            let message = format!("the recording rules exist since {}", clock.minute(at));
            let note = Diagnostic::note(message);
            let note = note.cause("what was used before is not in these numbers");
            if querier.is_managed() {
                note.hint("`otelctl backfill` counts it, if Prometheus has scraped it")
            } else {
                note
            }
        }
        Recorded::Never => {
            let message = format!("Prometheus at `{url}` has no samples of the recording rules");
            Diagnostic::note(message)
                .cause("no client has sent anything yet, or the rules are not loaded")
                .hint("`otelctl verify` follows a session through the stack")
        }
    };
    vec![note.code("usage::recorded")]
}
