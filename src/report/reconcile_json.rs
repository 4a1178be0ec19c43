//! Where two counts part, for programs and spreadsheets.

use super::csv::{line, number as cell};
use super::reconcile_text::reason_text;
use super::usage_json::number;
use crate::usage::reconcile::{Comparison, Fact, Origin, Pair, Reason};
use crate::usage::{Clock, Only, Recorded};
use serde_json::{Map, Value, json};

/// Makes the JSON form; `format_version` grows when a field changes its meaning.
#[must_use]
pub fn reconcile_json(comparison: &Comparison, only: &Only, clock: &Clock) -> Value {
    let Comparison { origin, span, since, outside, pairs } = comparison;
    let since = match since {
        Recorded::Since(at) => json!(clock.rfc3339(*at)),
        Recorded::Before | Recorded::Never => Value::Null,
    };
    json!({
        "format_version": 1,
        "source": match origin {
            Origin::Billing => "billing",
            Origin::Transcripts => "transcripts",
        },
        "from": clock.rfc3339(span.from),
        "to": clock.rfc3339(span.to),
        "time_zone": clock.zone_name(span.to),
        "where": only.0,
        "recorded_since": since,
        "outside": outside,
        "agrees": comparison.agrees(),
        "days": pairs.iter().map(|pair| one(pair, *origin)).collect::<Vec<_>>(),
    })
}

fn one(pair: &Pair, origin: Origin) -> Value {
    let facts = pair.facts();
    let side = |value: fn(&Fact) -> f64| {
        let entry = |fact: &Fact| (key(fact).to_owned(), number(Some(value(fact))));
        Value::Object(facts.iter().map(entry).collect::<Map<String, Value>>())
    };
    json!({
        "day": pair.day,
        "model": pair.model,
        "agrees": pair.reason.is_none(),
        "expected": side(|fact| fact.expected),
        "counted": side(|fact| fact.counted),
        "difference": side(|fact| fact.counted - fact.expected),
        "reason": pair.reason.map(code),
        "likely": pair.reason.map(|reason| reason_text(reason, origin)),
    })
}

/// Writes a line of titles and one for each day, model and what is counted of it.
#[must_use]
pub fn reconcile_csv(comparison: &Comparison) -> String {
    let titles = ["day", "model", "what", "expected", "counted", "difference", "reason"];
    let mut text = line(titles.map(str::to_owned));
    for pair in &comparison.pairs {
        for fact in pair.facts() {
            let Fact { name: _, expected, counted, agrees } = fact;
            let reason = pair.reason.filter(|_| !agrees).map_or("", code);
            text.push_str(&line([
                pair.day.clone(),
                pair.model.clone(),
                key(&fact).to_owned(),
                cell(Some(expected)),
                cell(Some(counted)),
                cell(Some(counted - expected)),
                reason.to_owned(),
            ]));
        }
    }
    text
}

/// The name of a fact, as `usage` has it.
fn key(fact: &Fact) -> &'static str {
    match fact.name {
        "input" => "input_tokens",
        "output" => "output_tokens",
        "cache read" => "cache_read_tokens",
        "cache write" => "cache_creation_tokens",
        "cost (est.)" => "cost_usd",
        other => other,
    }
}

const fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::BeforeTheRules => "before-the-rules",
        Reason::NotOver => "not-over",
        Reason::Midnight => "midnight",
        Reason::Prices => "prices",
        Reason::Others => "others",
        Reason::Nothing => "nothing-counted",
        Reason::Part => "part-missing",
    }
}
