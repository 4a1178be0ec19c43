//! Ruby's `to_s` and `inspect`.

use super::REDACTED;
use crate::hiera::{Node, Value};

/// Writes a value as Ruby's `to_s` does: a text bare, what is in a list inspected.
#[must_use]
pub fn to_s(node: &Node) -> String {
    match &node.value {
        Value::Null => String::new(),
        Value::Text(text) | Value::Symbol(text) => text.clone(),
        Value::Sensitive(_) => REDACTED.to_owned(),
        _ => inspect(node),
    }
}

fn inspect(node: &Node) -> String {
    match &node.value {
        Value::Null => "nil".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::BigInteger(digits) => digits.clone(),
        Value::Float(value) => float(*value),
        Value::Text(text) => quoted(text),
        Value::Symbol(text) => format!(":{text}"),
        Value::Sensitive(_) => format!("#<{REDACTED}>"),
        Value::Sequence(items) => {
            format!("[{}]", items.iter().map(inspect).collect::<Vec<_>>().join(", "))
        }
        Value::Mapping(entries) => {
            let entry =
                |(key, value): &(Node, Node)| format!("{}=>{}", inspect(key), inspect(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The shortest digits that read back the same.
pub(in crate::hiera) fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let size = value.abs();
    if size == 0.0 || (1e-4..1e15).contains(&size) {
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}{point}e{sign}{digits:0>2}")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '#' if letters.peek().is_some_and(|next| "{$@".contains(*next)) => {
                quoted.push_str("\\#");
            }
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\x1b' => quoted.push_str("\\e"),
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0b' => quoted.push_str("\\v"),
            '\x0c' => quoted.push_str("\\f"),
            '\u{2028}' | '\u{2029}' => {
                quoted.extend(letter.escape_unicode().filter(|c| !"{}".contains(*c)));
            }
            _ if letter.is_control() => {
                let code = format!("\\u{:04X}", u32::from(letter));
                quoted.push_str(&code);
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
