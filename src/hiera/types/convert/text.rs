//! `String.new`: how Puppet writes a value, alone and inside a list, or by a format.

mod format;

use super::wrong_arguments;
use crate::hiera::print::float;
use crate::hiera::types::TypeError;
use crate::hiera::{Node, Value};
use format::Format;

/// Makes a text, by a format such as `%#x` if one is given.
pub(super) fn string(node: &Node, arguments: &[Node]) -> Result<String, TypeError> {
    match arguments {
        [] => Ok(plain(node)),
        [Node { value: Value::Text(format), .. }] => Format::parse(format)
            .ok_or_else(|| TypeError::new(format!("`{format}` is no format of a String")))?
            .apply(node),
        _ => Err(wrong_arguments("String")),
    }
}

fn plain(node: &Node) -> String {
    match &node.value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Float(value) => format::fixed(*value, 6),
        _ => inspected(node),
    }
}

/// As Puppet's own source would have it: `{'a' => [1, undef]}`.
fn inspected(node: &Node) -> String {
    match &node.value {
        Value::Null => "undef".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => float(*value),
        Value::BigInteger(digits) => digits.clone(),
        Value::Text(text) | Value::Symbol(text) => quoted(text),
        Value::Sequence(items) => format!("[{}]", joined(items.iter().map(inspected))),
        Value::Mapping(entries) => {
            let entry =
                |(key, value): &(Node, Node)| format!("{} => {}", inspected(key), inspected(value));
            format!("{{{}}}", joined(entries.iter().map(entry)))
        }
        Value::Sensitive(_) => "Sensitive [value redacted]".to_owned(),
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<String>>().join(", ")
}

/// Single quotes, or double ones around what single ones cannot hold.
fn quoted(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return format!("'{}'", text.replace('\'', "\\'"));
    }
    double_quoted(text)
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' | '$' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            _ if letter.is_control() => {
                let code = format!("\\u{{{:X}}}", u32::from(letter));
                quoted.push_str(&code);
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
