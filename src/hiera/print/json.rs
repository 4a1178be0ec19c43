//! JSON on one line, as Ruby's `JSON.generate` writes it.

use super::{REDACTED, ruby};
use crate::hiera::{Node, Value};

/// Writes a value; what JSON has no number for becomes its name as a text.
#[must_use]
pub fn json(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::BigInteger(digits) => digits.clone(),
        Value::Float(value) if value.is_finite() => ruby::float(*value),
        Value::Float(value) => quoted(&ruby::float(*value)),
        Value::Text(text) | Value::Symbol(text) => quoted(text),
        Value::Sensitive(_) => quoted(REDACTED),
        Value::Sequence(items) => {
            format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(","))
        }
        Value::Mapping(entries) => {
            let entry = |(key, value): &(Node, Node)| {
                format!("{}:{}", quoted(&ruby::to_s(key)), json(value))
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
