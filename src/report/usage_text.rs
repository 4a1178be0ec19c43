//! What was used, as tables that fit 80 columns, and bars for a terminal.

use super::grid::{Grid, WIDTH};
use super::number::{count, decimals, money, percent};
use super::{Style, style::plain};
use crate::usage::{Amounts, Clock, Row, Usage};
use std::fmt::Write as _;

/// More rows than these make no picture.
const MOST_BARS: usize = 62;

/// Names longer than this are cut beside a bar.
const BAR_NAME: usize = 32;

/// What stands where a number is not told.
const NONE: &str = "-";

/// Writes the tables; `chart` draws bars below them.
#[must_use]
pub fn usage_text(usage: &Usage, clock: &Clock, style: Style, chart: bool) -> String {
    // All of it is shown; a new field must find its place here. `since` is told as a note.
    let Usage { stack, span, grouping, only, since: _, rows, total } = usage;
    let (from, to) = (clock.minute(span.from), clock.minute(span.to));
    let title = format!("stack `{stack}`, {from} to {to}, {}", clock.zone_name(span.to));
    let mut text = style.bold(&title) + "\n";
    for (label, value) in only {
        let _ = writeln!(text, "only {label} = {}", plain(value));
    }
    if total.is_nothing() {
        text.push_str("nothing was used\n");
        return text;
    }
    let keys: Vec<String> = grouping.names().into_iter().map(str::to_owned).collect();
    let named: Vec<(Vec<String>, &Amounts)> = rows
        .iter()
        .map(|row| (row.keys.iter().map(|key| shown(key)).collect(), &row.amounts))
        .collect();
    text.push('\n');
    uses(&keys, &named, total).write(&mut text, style);
    text.push('\n');
    tokens(&keys, &named, total).write(&mut text, style);
    if chart && rows.len() > 1 && rows.len() <= MOST_BARS {
        bars(&mut text, rows, style);
    }
    remarks(&mut text, total);
    text
}

/// A key as people see it; a label that is missing is empty.
fn shown(key: &str) -> String {
    if key.is_empty() { "(none)".to_owned() } else { plain(key).replace(['\n', '\t'], " ") }
}

fn uses(keys: &[String], rows: &[(Vec<String>, &Amounts)], total: &Amounts) -> Grid {
    let largest = total.cost.unwrap_or_default().max(total.saved.unwrap_or_default());
    let decimals = decimals(largest);
    let cells = |amounts: &Amounts| {
        let money = |amount: Option<f64>| told(amount, |value| money(value, decimals));
        vec![
            told(amounts.sessions, count),
            told(amounts.requests(), count),
            told(amounts.hit_rate(), percent),
            money(amounts.cost),
            money(amounts.saved_net()),
        ]
    };
    Grid {
        keys: keys.to_vec(),
        numbers: vec!["sessions", "requests", "cached", "cost (est.)", "net saved"],
        rows: rows.iter().map(|(keys, amounts)| (keys.clone(), cells(amounts))).collect(),
        total: Some(cells(total)),
    }
}

fn tokens(keys: &[String], rows: &[(Vec<String>, &Amounts)], total: &Amounts) -> Grid {
    let cells = |amounts: &Amounts| {
        let of = |kind: fn(&crate::usage::Tokens) -> Option<f64>| {
            told(amounts.tokens.as_ref().and_then(kind), count)
        };
        vec![
            of(|tokens| tokens.input),
            of(|tokens| tokens.output),
            of(|tokens| tokens.cache_read),
            of(|tokens| tokens.cache_creation),
            of(|tokens| Some(tokens.total)),
        ]
    };
    Grid {
        keys: keys.to_vec(),
        numbers: vec!["input", "output", "cache read", "cache write", "tokens"],
        rows: rows.iter().map(|(keys, amounts)| (keys.clone(), cells(amounts))).collect(),
        total: Some(cells(total)),
    }
}

fn told(amount: Option<f64>, look: impl Fn(f64) -> String) -> String {
    amount.map_or_else(|| NONE.to_owned(), look)
}

/// Bars of the cost, or of the tokens where nothing has a cost.
fn bars(text: &mut String, rows: &[Row], style: Style) {
    let costs = rows.iter().any(|row| row.amounts.cost.is_some_and(|cost| cost > 0.0));
    let amount = |row: &Row| {
        let tokens = row.amounts.tokens.map(|tokens| tokens.total);
        (if costs { row.amounts.cost } else { tokens }).unwrap_or_default()
    };
    let sum: f64 = rows.iter().map(amount).sum();
    let largest = rows.iter().map(amount).fold(0.0, f64::max);
    if largest <= 0.0 {
        return;
    }
    let name = |row: &Row| {
        let name = row.keys.iter().map(|key| shown(key)).collect::<Vec<_>>().join("  ");
        if name.chars().count() <= BAR_NAME {
            return name;
        }
        name.chars().take(BAR_NAME - 1).chain(['…']).collect()
    };
    let width = rows.iter().map(|row| name(row).chars().count()).max().unwrap_or_default();
    let room = WIDTH - BAR_NAME.min(width) - "  100.0 %".len() - 2;
    let _ = writeln!(text, "\n{}", style.bold(if costs { "cost (est.)" } else { "tokens" }));
    for row in rows {
        let bar = bar(amount(row) / largest, room);
        let share = percent(amount(row) / sum);
        let bar = if bar.is_empty() { bar } else { format!("  {}", style.cyan(&bar)) };
        let _ = writeln!(text, "{:<width$}  {share:>7}{bar}", name(row));
    }
}

/// A bar of a share of the room, to the eighth of a character.
fn bar(share: f64, room: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of some dozen characters"
    )]
    let eighths = (share.clamp(0.0, 1.0) * room as f64 * 8.0).round() as usize;
    let rest = PARTS.get(eighths % 8).copied().unwrap_or_default();
    "█".repeat(eighths / 8) + rest
}

/// What the numbers leave out, or hold besides.
fn remarks(text: &mut String, total: &Amounts) {
    let mut remarks = Vec::new();
    if let Some(unpriced) = total.unpriced.filter(|tokens| *tokens > 0.0) {
        remarks.push(format!(
            "{} tokens are of models without a price: they are not in the savings; \
             add the models to `otelctl::model_prices`",
            count(unpriced)
        ));
    }
    let other = total.tokens.and_then(|tokens| tokens.other()).filter(|tokens| *tokens != 0.0);
    if let Some(other) = other {
        remarks.push(format!(
            "{} tokens are of no known type: they were counted before the counters told it",
            count(other)
        ));
    }
    if !remarks.is_empty() {
        text.push('\n');
    }
    for remark in remarks {
        let options = textwrap::Options::new(WIDTH).subsequent_indent("  ");
        let _ = writeln!(text, "{}", textwrap::fill(&remark, options));
    }
}

#[cfg(test)]
mod tests;
