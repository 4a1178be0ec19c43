//! Whether two values are the same wherever they stand, as Ruby's `eql?` has it.

use crate::hiera::{Node, Value};
use std::collections::HashSet;
use std::fmt::Write as _;

/// Writes a value so that equal ones give equal texts: `1` is not `1.0`, and the
/// order of a mapping's keys does not matter.
pub fn identity(node: &Node) -> String {
    let mut text = String::new();
    write(&node.value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    let _ = match value {
        Value::Null => write!(text, "~"),
        Value::Bool(value) => write!(text, "{value}"),
        Value::Integer(value) => write!(text, "i{value}"),
        Value::BigInteger(digits) => write!(text, "i{digits}"),
        Value::Float(value) => write!(text, "f{value:?}"),
        Value::Text(inner) => write!(text, "t{}:{inner}", inner.len()),
        Value::Symbol(inner) => write!(text, "s{}:{inner}", inner.len()),
        Value::Sequence(items) => {
            text.push('[');
            for item in items {
                write(&item.value, text);
                text.push(',');
            }
            write!(text, "]")
        }
        Value::Mapping(entries) => {
            let mut parts: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}={}", identity(key), identity(value)))
                .collect();
            parts.sort_unstable();
            write!(text, "{{{}}}", parts.join(","))
        }
        Value::Sensitive(inner) => write!(text, "S({})", identity(inner)),
    };
}

/// Says whether two values are the same.
pub fn same(one: &Node, other: &Node) -> bool {
    identity(one) == identity(other)
}

/// Puts two lists together and keeps the first of each value (Ruby's `|`).
pub fn union(first: Vec<Node>, second: Vec<Node>) -> Vec<Node> {
    let mut seen = HashSet::new();
    first.into_iter().chain(second).filter(|node| seen.insert(identity(node))).collect()
}
