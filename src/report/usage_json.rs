//! What was used, for programs; `format_version` grows when a field changes its meaning.

use crate::usage::{Amounts, Clock, Recorded, Row, Tokens, Usage};
use serde_json::{Map, Value, json};

/// Makes the JSON form. What the counters do not tell is `null`.
#[must_use]
pub fn usage_json(usage: &Usage, clock: &Clock) -> Value {
    let Usage { stack, span, grouping, only, since, rows, total } = usage;
    let since = match since {
        Recorded::Since(at) => json!(clock.rfc3339(*at)),
        Recorded::Before | Recorded::Never => Value::Null,
    };
    json!({
        "format_version": 1,
        "stack": stack,
        "from": clock.rfc3339(span.from),
        "to": clock.rfc3339(span.to),
        "time_zone": clock.zone_name(span.to),
        "by": grouping.names(),
        "where": only,
        "recorded_since": since,
        "has_samples": usage.since != Recorded::Never,
        "rows": rows.iter().map(|row| one(row, &grouping.names(), clock)).collect::<Vec<_>>(),
        "total": Value::Object(amounts(total)),
    })
}

fn one(row: &Row, names: &[&str], clock: &Clock) -> Value {
    let Row { keys, from, to, amounts: numbers } = row;
    let keys: Map<String, Value> = names
        .iter()
        .map(|name| (*name).to_owned())
        .zip(keys.iter().map(|key| json!(key)))
        .collect();
    let mut fields = Map::new();
    fields.insert("keys".to_owned(), Value::Object(keys));
    fields.insert("from".to_owned(), json!(clock.rfc3339(*from)));
    fields.insert("to".to_owned(), json!(clock.rfc3339(*to)));
    fields.extend(amounts(numbers));
    Value::Object(fields)
}

fn amounts(amounts: &Amounts) -> Map<String, Value> {
    let Amounts { sessions, hits, misses, tokens, cost, saved, surcharge, unpriced } = amounts;
    let mut fields = Map::new();
    let mut tell = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    tell("sessions", number(*sessions));
    tell("requests", number(amounts.requests()));
    tell("cache_hits", number(*hits));
    tell("cache_misses", number(*misses));
    tell("cache_hit_rate", json!(amounts.hit_rate()));
    tell("tokens", tokens.as_ref().map_or(Value::Null, of_tokens));
    tell("cost_usd", json!(cost));
    tell("cache_saved_usd", json!(saved));
    tell("cache_surcharge_usd", json!(surcharge));
    tell("cache_saved_net_usd", json!(amounts.saved_net()));
    tell("unpriced_tokens", number(*unpriced));
    fields
}

fn of_tokens(tokens: &Tokens) -> Value {
    let Tokens { total, input, output, cache_read, cache_creation } = tokens;
    json!({
        "total": number(Some(*total)),
        "input": number(*input),
        "output": number(*output),
        "cache_read": number(*cache_read),
        "cache_creation": number(*cache_creation),
        "other": number(tokens.other()),
    })
}

/// A count: whole, unless a client sent parts of it.
pub(super) fn number(value: Option<f64>) -> Value {
    match value {
        // Up to here every whole number is one.
        Some(value) if value.fract() == 0.0 && value.abs() < 9.007_199_254_740_992e15 => {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
            let whole = value as i64;
            json!(whole)
        }
        other => json!(other),
    }
}
