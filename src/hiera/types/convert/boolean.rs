//! `Boolean.new`.

use super::{no_arguments, refused};
use crate::hiera::types::TypeError;
use crate::hiera::{Node, Value};

/// Makes a boolean; the words count in any case of letters, `on` and `1` do not.
pub(super) fn boolean(node: &Node, arguments: &[Node]) -> Result<Value, TypeError> {
    no_arguments("Boolean", arguments)?;
    let value = match &node.value {
        Value::Bool(value) => Some(*value),
        Value::Integer(value) => Some(*value != 0),
        Value::Float(value) => Some(*value != 0.0),
        Value::Text(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" => Some(true),
            "false" | "no" | "n" => Some(false),
            _ => None,
        },
        _ => None,
    };
    value.map(Value::Bool).ok_or_else(|| refused(node, "Boolean"))
}
