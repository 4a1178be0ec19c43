//! What is missing of the time before the rules, or was imported, for programs.

use super::usage_json::number;
use crate::backfill::Missing;
use crate::usage::Clock;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Makes the JSON form; counters of which nothing is missing are left out.
#[must_use]
pub fn backfill_json(stack: &str, missing: &[Missing], done: bool, clock: &Clock) -> Value {
    let time = |at: Option<i64>| {
        at.and_then(|at| Timestamp::from_millisecond(at).ok()).map(|at| clock.rfc3339(at))
    };
    let one = |missing: &Missing| {
        let Missing { counter, border, samples, series, minutes, amount, span, expected: _ } =
            missing;
        json!({
            "counter": counter.name,
            "unit": counter.unit,
            "rules_since": time(Some(border.0)),
            "samples": samples.len(),
            "series": series,
            "minutes": minutes,
            "amount": number(Some(*amount)),
            "from": time(span.map(|(first, _)| first)),
            "to": time(span.map(|(_, last)| last)),
        })
    };
    let written = missing.iter().filter(|missing| missing.has_samples());
    json!({
        "format_version": 1,
        "stack": stack,
        "imported": done,
        "counters": written.map(one).collect::<Vec<_>>(),
    })
}
