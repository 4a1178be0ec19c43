//! JSON on one line, as Ruby's `JSON.generate` writes it.

use super::{REDACTED, ruby};
use crate::hiera::{Node, Value};

/// What JSON has no number for: an infinity, or none at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("JSON has no number `{0}`")]
pub struct NoJson(String);

/// Writes a value.
///
/// # Errors
/// An infinity or what is not a number, wherever in the value it stands.
pub fn json(node: &Node) -> Result<String, NoJson> {
    Ok(match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::BigInteger(digits) => digits.clone(),
        Value::Float(value) if value.is_finite() => ruby::float(*value),
        Value::Float(value) => return Err(NoJson(ruby::float(*value))),
        Value::Text(text) | Value::Symbol(text) => quoted(text),
        Value::Sensitive(_) => quoted(REDACTED),
        Value::Sequence(items) => {
            let items: Vec<String> = items.iter().map(json).collect::<Result<_, _>>()?;
            format!("[{}]", items.join(","))
        }
        Value::Mapping(entries) => {
            let entry = |(key, value): &(Node, Node)| {
                Ok(format!("{}:{}", quoted(&ruby::to_s(key)), json(value)?))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect::<Result<_, _>>()?;
            format!("{{{}}}", entries.join(","))
        }
    })
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
