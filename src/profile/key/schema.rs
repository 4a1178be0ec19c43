//! The JSON Schema (draft 2020-12) of a profile, for editors and CI.
//!
//! It refuses nothing that otelctl reads, and not everything that otelctl
//! refuses: what settings mean together, only `validate` can tell.

use super::{Fallback, KEYS, Key, Shape};
use crate::profile::keys::CLOSED;
use crate::profile::price;
use serde_json::{Map, Value, json};

/// Makes the schema.
#[must_use]
pub fn schema() -> Value {
    let properties: Map<String, Value> =
        KEYS.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let closed = format!("^({})", CLOSED.join("|"));
    let known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "otelctl profile",
        "description": "A Hiera data file that otelctl makes a telemetry stack of. \
            Keys of other namespaces are the user's own.",
        "type": "object",
        "properties": properties,
        "propertyNames": {
            "if": { "pattern": closed },
            "then": { "enum": known },
        },
    })
}

fn property(key: &Key) -> Value {
    let Value::Object(mut property) = shape(key.shape) else { return Value::Null };
    let about = match key.default {
        Fallback::Follows(what) => format!("{}; by default {what}", key.about),
        _ => key.about.to_owned(),
    };
    property.insert("description".into(), about.into());
    // The table of prices is long, and an entry is merged over it.
    if !matches!(key.default, Fallback::Prices) {
        property.extend(key.default.value().map(|value| ("default".to_owned(), value)));
    }
    property.into()
}

fn shape(shape: Shape) -> Value {
    match shape {
        Shape::Switch => json!({ "type": "boolean" }),
        Shape::Port => whole_number(1, 65535),
        Shape::Count { least, most } => whole_number(least, most),
        Shape::Text { pattern } => json!({ "type": "string", "minLength": 1, "pattern": pattern }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::UserName => json!({ "type": ["string", "integer"], "pattern": "^[^:]*$" }),
        Shape::Secret => json!({ "type": "string", "minLength": 1 }),
        Shape::Labels => json!({
            "type": "object",
            "propertyNames": { "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" },
            "additionalProperties": { "type": "string" },
        }),
        Shape::LabelList => json!({
            "type": "array",
            "maxItems": 8,
            "uniqueItems": true,
            "items": { "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_.]*$" },
        }),
        Shape::Usd => json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000 }),
        Shape::Prices => {
            let usd = json!({ "type": "number", "minimum": 0, "maximum": 1_000_000 });
            let fields = price::FIELDS.iter().map(|field| ((*field).to_owned(), usd.clone()));
            let fields: Map<String, Value> = fields.collect();
            json!({
                "type": "object",
                "propertyNames": { "pattern": "^[A-Za-z0-9._:/@-]{1,128}$" },
                "additionalProperties": {
                    "type": "object",
                    "properties": fields,
                    "additionalProperties": false,
                },
            })
        }
        // Rules for other ports belong to other modules, which know more fields.
        Shape::Rules => json!({ "type": ["object", "null"] }),
    }
}

/// In YAML a number may stand in quotes.
fn whole_number(least: u64, most: u64) -> Value {
    json!({ "type": ["integer", "string"], "minimum": least, "maximum": most, "pattern": "^[0-9]+$" })
}
