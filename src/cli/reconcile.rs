//! `usage --reconcile`: what was counted beside what somebody else counted.

use super::arguments::{Tabular, Usage as Options};
use super::terminal::Terminal;
use super::usage::{self, Request};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::report;
use crate::stack::Stack;
use crate::system::disk::{self, EntryKind};
use crate::system::{Line, each_line, tree};
use crate::usage::reconcile::{Billing, Comparison, Expected, LONGEST_LINE, Origin, Transcripts};
use crate::usage::{Clock, Grouping, Labels, Only, Span, Step};
use jiff::tz::TimeZone;
use std::path::Path;

/// How the names of transcripts end.
const TRANSCRIPT: &str = ".jsonl";

/// Compares and prints.
pub async fn run(
    stack: &Stack,
    options: &Options,
    path: &Path,
    clock: Clock,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let labels = Labels::of(stack);
    let only = Only::read(&options.only, &labels).map_err(Failure::of)?;
    let expected = read(path, terminal)?;
    let clock = match expected.origin {
        // A day of a billing export is one of UTC, whatever the machine's zone.
        Origin::Billing => Clock { zone: TimeZone::UTC, ..clock },
        Origin::Transcripts => clock,
    };
    let asked = usage::asked(options);
    let span = if asked.is_any() {
        Span::read(asked, &clock).map_err(Failure::of)?
    } else {
        expected.span(&clock).ok_or_else(|| nothing(path))?
    };
    terminal.notes(&expected.troubles.told);
    let grouping = Grouping { step: Some(Step::Day), labels: vec!["model".to_owned()] };
    let request = Request { span, grouping, only, labels };
    let (counted, querier) = usage::ask(stack, &request, &clock).await?;
    let comparison = Comparison::of(&expected, &counted, &clock);
    let only = &request.only;
    terminal.data(&match options.format {
        Tabular::Table => report::reconcile_text(&comparison, only, &clock, terminal.data_style),
        Tabular::Json => format!("{:#}\n", report::reconcile_json(&comparison, only, &clock)),
        Tabular::Csv => report::reconcile_csv(&comparison),
    });
    terminal.notes(&usage::notes(&counted, &clock, &querier));
    Ok(())
}

/// Reads a billing export, a transcript, or the transcripts below a folder.
fn read(path: &Path, terminal: &Terminal) -> Result<Expected, Failure> {
    // What the user names may be a link; what lies below may not.
    let real = disk::real_path(path)?.ok_or_else(|| missing(path))?;
    let entry = disk::entry(&real)?.ok_or_else(|| missing(path))?;
    let shown = path.display().to_string();
    if entry.kind == EntryKind::File && !shown.ends_with(TRANSCRIPT) {
        let mut billing = Billing::new(&shown);
        each_line(&real, LONGEST_LINE, |number, line| billing.line(number, text(line)))?;
        return billing.finish().map_err(Failure::of);
    }
    let files = if entry.kind == EntryKind::File {
        vec![real]
    } else {
        let found = tree(&real, TRANSCRIPT)?;
        if found.links > 0 {
            let message = format!("{} symbolic links are not followed", found.links);
            terminal.notes(&[Diagnostic::note(message).code("usage::links")]);
        }
        found.files
    };
    if files.is_empty() {
        return Err(nothing(path).into());
    }
    let spinner = terminal.spinner();
    let mut transcripts = Transcripts::default();
    for file in files {
        let shown = file.display().to_string();
        spinner.set_message(shown.clone());
        each_line(&file, LONGEST_LINE, |number, line| {
            transcripts.line(&shown, number, text(line));
        })?;
    }
    spinner.finish_and_clear();
    Ok(transcripts.finish())
}

const fn text(line: Line<'_>) -> Option<&[u8]> {
    match line {
        Line::Text(text) => Some(text),
        Line::TooLong => None,
    }
}

fn missing(path: &Path) -> Diagnostic {
    Diagnostic::error(Kind::Usage, format!("there is no `{}`", path.display()))
        .code("usage::missing")
        .hint("name a billing export (CSV), or the folder of transcripts, `~/.claude/projects`")
}

fn nothing(path: &Path) -> Diagnostic {
    let message = format!("`{}` holds nothing to compare", path.display());
    Diagnostic::error(Kind::Usage, message)
        .code("usage::nothing")
        .hint("transcripts are files `*.jsonl`, billing exports have a row for each day and model")
}
