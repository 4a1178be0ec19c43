//! `otelctl::model_prices`, merged over the default table.

use super::expect::{Mistake, Read, nearest};
use super::value::{DEFAULT_PRICES, Price};
use crate::hiera::{Node, Value};

/// The fields of a model's price, in the order of the default table.
pub const FIELDS: [&str; 5] = ["input", "output", "cache_read", "cache_write", "cache_write_1h"];

/// Returns the default table.
#[must_use]
pub fn defaults() -> Vec<Price> {
    DEFAULT_PRICES.iter().map(|(model, prices)| price(model, *prices)).collect()
}

fn price(model: &str, [input, output, cache_read, cache_write, cache_write_1h]: [f64; 5]) -> Price {
    Price { model: model.to_owned(), input, output, cache_read, cache_write, cache_write_1h }
}

/// Reads prices by model: a known model may change some fields, a new one
/// gives them all.
pub fn prices(node: &Node) -> Read<Vec<Price>> {
    let Value::Mapping(models) = &node.value else {
        return Mistake::wrong_type(node, "a mapping of model ids to prices").only();
    };
    let mut table = defaults();
    let mut mistakes = Vec::new();
    for (key, value) in models {
        let Some(model) = key.value.as_text().filter(|id| is_model_id(id)) else {
            let expected = "a model id (letters, digits and `.-_:/@`)";
            mistakes.push(Mistake::invalid(key, expected).inside("model"));
            continue;
        };
        let base = table.iter().find(|known| known.model == model).cloned();
        match merge(model, base.as_ref(), value) {
            Ok(price) => match table.iter_mut().find(|known| known.model == model) {
                Some(known) => *known = price,
                None => table.push(price),
            },
            Err(found) => mistakes.extend(
                found.into_iter().map(|mistake| mistake.inside(&format!("model `{model}`"))),
            ),
        }
    }
    if mistakes.is_empty() { Ok(table) } else { Err(mistakes) }
}

fn is_model_id(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:/@".contains(c))
}

fn merge(model: &str, base: Option<&Price>, node: &Node) -> Read<Price> {
    let Value::Mapping(fields) = &node.value else {
        return Mistake::wrong_type(node, "a mapping of prices").only();
    };
    let mut values = base.map_or([None; 5], |p| {
        [p.input, p.output, p.cache_read, p.cache_write, p.cache_write_1h].map(Some)
    });
    let mut mistakes = Vec::new();
    for (key, value) in fields {
        let name = key.value.as_text().unwrap_or_default();
        let slot = FIELDS.iter().zip(values.iter_mut()).find(|(field, _)| **field == name);
        match (slot, usd(value)) {
            (Some((_, slot)), Ok(price)) => *slot = Some(price),
            (Some(_), Err(mistake)) => mistakes.push(mistake.inside(&format!("field `{name}`"))),
            (None, _) => mistakes.push(unknown_field(key, name)),
        }
    }
    let missing: Vec<String> = FIELDS
        .iter()
        .zip(values)
        .filter(|(_, value)| value.is_none())
        .map(|(field, _)| format!("`{field}`"))
        .collect();
    if mistakes.is_empty() && !missing.is_empty() {
        let message = format!("is new and lacks {}", missing.join(", "));
        mistakes.push(Mistake::say("profile::invalid-value", node, message));
    }
    let price = price(model, values.map(Option::unwrap_or_default));
    // A counter of savings may only grow.
    if mistakes.is_empty() && price.cache_read > price.input {
        let message = "has a `cache_read` above its `input`, so its savings would be negative";
        mistakes.push(Mistake::say("profile::invalid-value", node, message));
    }
    if mistakes.is_empty() { Ok(price) } else { Err(mistakes) }
}

fn unknown_field(key: &Node, name: &str) -> Mistake {
    let fields = FIELDS.map(|field| format!("`{field}`")).join(", ");
    let mistake =
        Mistake::say("profile::unknown-key", key, format!("has the unknown field `{name}`"));
    match nearest(name, FIELDS) {
        Some(field) => mistake.hint(format!("did you mean `{field}`?")),
        None => mistake.hint(format!("the fields are {fields}")),
    }
}

/// Reads USD per million tokens.
fn usd(node: &Node) -> Result<f64, Mistake> {
    amount(node, "a price in USD per million tokens")
}

/// Reads an amount of USD up to a million.
pub fn amount(node: &Node, expected: &str) -> Result<f64, Mistake> {
    let value = match &node.value {
        Value::Float(value) => *value,
        Value::Integer(value) => u32::try_from(*value).map_or(f64::NAN, f64::from),
        _ => return Err(Mistake::wrong_type(node, expected)),
    };
    if (0.0..=1e6).contains(&value) { Ok(value) } else { Err(Mistake::invalid(node, expected)) }
}
