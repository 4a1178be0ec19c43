//! What is missing of the time before the rules, or was imported, for people.

use super::Style;
use super::grid::Grid;
use super::number::{count, decimals, money};
use crate::backfill::Missing;
use crate::diagnostic::thousands;
use crate::usage::Clock;
use jiff::Timestamp;
use std::fmt::Write as _;

/// Writes it.
#[must_use]
pub fn backfill_text(
    stack: &str,
    missing: &[Missing],
    done: bool,
    clock: &Clock,
    style: Style,
) -> String {
    let day = |at: Option<i64>| {
        let at = at.and_then(|at| Timestamp::from_millisecond(at).ok());
        at.map_or_else(String::new, |at| clock.day(at))
    };
    let written: Vec<&Missing> = missing.iter().filter(|missing| missing.has_samples()).collect();
    let border = missing.iter().map(|missing| missing.border.0).min();
    let border = border.and_then(|border| Timestamp::from_millisecond(border).ok());
    let since = border.map_or_else(String::new, |border| clock.minute(border));
    let mut text = String::new();
    if written.is_empty() {
        let _ = writeln!(
            text,
            "nothing to do: what was used before the rules of stack `{stack}` began\n\
             ({since}) is there"
        );
        return text;
    }
    let verb = if done { "was imported" } else { "is missing" };
    let _ = writeln!(text, "Before the rules of stack `{stack}` began ({since}), this {verb}:\n");
    let row = |missing: &&Missing| {
        let Missing { counter, series, minutes, amount, span, .. } = missing;
        let stem = counter.name.strip_prefix("claude_").unwrap_or(counter.name);
        let stem = stem.strip_suffix("_total").unwrap_or(stem).to_owned();
        let amount =
            if counter.unit == "USD" { money(*amount, decimals(*amount)) } else { count(*amount) };
        let numbers = vec![
            series.to_string(),
            thousands(&minutes.to_string()),
            amount,
            day(span.map(|(first, _)| first)),
            day(span.map(|(_, last)| last)),
        ];
        (vec![stem], numbers)
    };
    let grid = Grid {
        keys: vec!["counter".to_owned()],
        numbers: vec!["series", "minutes", "amount", "from", "to"],
        rows: written.iter().map(row).collect(),
        total: None,
    };
    grid.write(&mut text, style);
    if !done {
        text.push_str("\nNothing was changed.\n");
    }
    text
}
