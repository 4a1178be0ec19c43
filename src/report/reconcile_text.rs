//! Where two counts part, in words.

use super::grid::{Grid, WIDTH};
use super::number::{count, money};
use super::{Style, style::plain};
use crate::usage::reconcile::{Comparison, Fact, Origin, Pair, Reason};
use crate::usage::{Clock, Only};
use std::fmt::Write as _;

/// Writes what agrees in a line, and what parts day by day.
#[must_use]
pub fn reconcile_text(comparison: &Comparison, only: &Only, clock: &Clock, style: Style) -> String {
    // `since` is told by the reasons.
    let Comparison { origin, span, since: _, outside, pairs } = comparison;
    let (from, to) = (clock.minute(span.from), clock.minute(span.to));
    let title = format!("{}, {from} to {to}, {}", name(*origin), clock.zone_name(span.to));
    let mut text = style.bold(&title) + "\n";
    for (label, value) in &only.0 {
        let _ = writeln!(text, "only {label} = {}", plain(value));
    }
    let apart: Vec<(&Pair, Reason)> =
        pairs.iter().filter_map(|pair| Some((pair, pair.reason?))).collect();
    for (pair, reason) in &apart {
        text.push('\n');
        let _ = writeln!(text, "{}", style.bold(&format!("{}  {}", pair.day, plain(&pair.model))));
        grid(pair).write(&mut text, Style::new(false));
        let likely = format!("likely: {}", reason_text(*reason, *origin));
        let options = textwrap::Options::new(WIDTH).subsequent_indent("        ");
        let _ = writeln!(text, "{}", style.yellow(&textwrap::fill(&likely, options)));
    }
    text.push('\n');
    let agree = pairs.len() - apart.len();
    let _ = writeln!(text, "{agree} of {} days and models agree", pairs.len());
    if *outside > 0 {
        let _ = writeln!(text, "{} uses lie outside of the time: left out", count_of(*outside));
    }
    text
}

/// Who else counted.
pub(super) const fn name(origin: Origin) -> &'static str {
    match origin {
        Origin::Billing => "billing export",
        Origin::Transcripts => "transcripts of this machine",
    }
}

fn grid(pair: &Pair) -> Grid {
    let row = |fact: &Fact| {
        let Fact { name, expected, counted, agrees: _ } = *fact;
        let difference = counted - expected;
        let cells = [expected, counted, difference].map(|value| match name {
            "cost (est.)" => money(value, 4),
            _ => count(value),
        });
        (vec![name.to_owned()], cells.to_vec())
    };
    Grid {
        keys: vec![String::new()],
        numbers: vec!["expected", "counted", "difference"],
        rows: pair.facts().iter().filter(|fact| !fact.agrees).map(row).collect(),
        total: None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of lines")]
fn count_of(number: usize) -> String {
    count(number as f64)
}

/// A reason in words.
pub(super) const fn reason_text(reason: Reason, origin: Origin) -> &'static str {
    match (reason, origin) {
        (Reason::BeforeTheRules, _) => "used before the recording rules existed",
        (Reason::NotOver, _) => "the day is not over, and the last minutes are on their way",
        (Reason::Midnight, _) => "around midnight: what is missing here is counted on another day",
        (Reason::Prices, _) => "other prices: what is counted is the clients' own estimate",
        (Reason::Others, Origin::Billing) => {
            "use that is billed elsewhere: a subscription, a cloud provider, another \
             organisation or workspace"
        }
        (Reason::Others, Origin::Transcripts) => {
            "other machines, or requests that transcripts leave out; `--where` narrows it down"
        }
        (Reason::Nothing, Origin::Billing) => {
            "use outside of Claude Code, or by clients without telemetry"
        }
        (Reason::Nothing, Origin::Transcripts) => "sessions without telemetry",
        (Reason::Part, Origin::Billing) => {
            "some clients without telemetry, killed before their last export, or use outside of \
             Claude Code"
        }
        (Reason::Part, Origin::Transcripts) => {
            "some sessions without telemetry, or killed before their last export"
        }
    }
}
