//! What was used, one line a row, for spreadsheets: no total, so that sums are right.

use super::csv::{line, number};
use crate::usage::{Amounts, Clock, Row, Tokens, Usage};

/// The columns after the keys and the times.
const COLUMNS: [&str; 15] = [
    "sessions",
    "requests",
    "cache_hits",
    "cache_misses",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_creation_tokens",
    "other_tokens",
    "tokens",
    "cost_usd",
    "cache_saved_usd",
    "cache_surcharge_usd",
    "cache_saved_net_usd",
    "unpriced_tokens",
];

/// Writes a line of titles and one for each row; what the counters do not tell is empty.
#[must_use]
pub fn usage_csv(usage: &Usage, clock: &Clock) -> String {
    let names = usage.grouping.names().into_iter().chain(["from", "to"]).chain(COLUMNS);
    let mut text = line(names.map(str::to_owned));
    for row in &usage.rows {
        let Row { keys, from, to, amounts } = row;
        let times = [clock.rfc3339(*from), clock.rfc3339(*to)];
        let cells = keys.iter().cloned().chain(times).chain(cells(amounts));
        text.push_str(&line(cells));
    }
    text
}

fn cells(amounts: &Amounts) -> [String; 15] {
    let Amounts { sessions, hits, misses, tokens, cost, saved, surcharge, unpriced } = amounts;
    let tokens = tokens.as_ref();
    [
        *sessions,
        amounts.requests(),
        *hits,
        *misses,
        tokens.and_then(|tokens| tokens.input),
        tokens.and_then(|tokens| tokens.output),
        tokens.and_then(|tokens| tokens.cache_read),
        tokens.and_then(|tokens| tokens.cache_creation),
        tokens.and_then(Tokens::other),
        tokens.map(|tokens| tokens.total),
        *cost,
        *saved,
        *surcharge,
        amounts.saved_net(),
        *unpriced,
    ]
    .map(number)
}
