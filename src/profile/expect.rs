//! What a value must be, and how a mistake is told.
//!
//! Knows YAML values; may not know which key it reads.

use crate::diagnostic::Location;
pub use crate::diagnostic::nearest;
use crate::hiera::{Node, Value};

/// One mistake in a value, told as the rest of a sentence about its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// `profile::wrong-type` or another stable name.
    pub code: &'static str,
    /// Follows the key: `is text ‘abc’, expected a port (1–65535)`.
    pub message: String,
    /// The place, which may be inside the key's value.
    pub location: Location,
    /// An edit that cures it.
    pub hint: Option<String>,
}

/// What reading a value gives.
pub type Read<T> = Result<T, Vec<Mistake>>;

impl Mistake {
    /// A value of another type than expected.
    pub fn wrong_type(node: &Node, expected: &str) -> Self {
        Self::new("profile::wrong-type", node, expected)
    }

    /// A value of the right type that is not allowed.
    pub fn invalid(node: &Node, expected: &str) -> Self {
        Self::new("profile::invalid-value", node, expected)
    }

    fn new(code: &'static str, node: &Node, expected: &str) -> Self {
        Self::say(code, node, format!("is {}, expected {expected}", found(node)))
    }

    /// A mistake in words of its own.
    pub fn say(code: &'static str, node: &Node, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), location: node.location.clone(), hint: None }
    }

    /// Names the part of the value it is about.
    pub fn inside(mut self, part: &str) -> Self {
        self.message = format!("{part} {}", self.message);
        self
    }

    /// Adds the cure.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Makes it the only mistake.
    pub fn only<T>(self) -> Read<T> {
        Err(vec![self])
    }
}

/// Says what was found: "text `abc`", "a list".
pub fn found(node: &Node) -> String {
    let kind = node.value.kind();
    if node.confidential {
        return kind.to_owned();
    }
    match &node.value {
        Value::Null
        | Value::Symbol(_)
        | Value::Sequence(_)
        | Value::Mapping(_)
        | Value::Sensitive(_) => kind.to_owned(),
        Value::BigInteger(digits) => format!("{kind} (`{digits}`)"),
        Value::Bool(value) => format!("{kind} (`{value}`)"),
        Value::Integer(value) => format!("{kind} (`{value}`)"),
        Value::Float(value) => format!("{kind} (`{value}`)"),
        Value::Text(text) => {
            let mut short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
            if short.chars().count() < text.chars().count() {
                short.push('…');
            }
            format!("{kind} `{short}`")
        }
    }
}

/// Reads `true` or `false`.
pub fn boolean(node: &Node) -> Read<bool> {
    match &node.value {
        Value::Bool(value) => Ok(*value),
        Value::Text(_) => {
            Mistake::wrong_type(node, "`true` or `false`").hint("remove the quotes").only()
        }
        _ => Mistake::wrong_type(node, "`true` or `false`").only(),
    }
}

/// Reads text that is not blank.
pub fn text(node: &Node) -> Read<String> {
    match &node.value {
        Value::Text(text) if !text.trim().is_empty() && !text.contains(char::is_control) => {
            Ok(text.clone())
        }
        Value::Text(_) => Mistake::invalid(node, "text in one line").only(),
        Value::Bool(_)
        | Value::Integer(_)
        | Value::BigInteger(_)
        | Value::Float(_)
        | Value::Symbol(_) => {
            Mistake::wrong_type(node, "text").hint("put the value in quotes").only()
        }
        Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Sensitive(_) => {
            Mistake::wrong_type(node, "text").only()
        }
    }
}

/// Reads a whole number, also one in quotes, between two bounds.
pub fn number(node: &Node, least: u64, most: u64, unit: &str) -> Read<u64> {
    let expected = format!("{unit} ({least}–{most})");
    let number = match &node.value {
        Value::Integer(number) => u64::try_from(*number).ok(),
        Value::Text(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        _ => return Mistake::wrong_type(node, &expected).only(),
    };
    match number {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        _ => Mistake::invalid(node, &expected).only(),
    }
}

/// Reads a port, as number or as text.
pub fn port(node: &Node) -> Read<u16> {
    let number = number(node, 1, 65535, "a port")?;
    u16::try_from(number).or_else(|_| Mistake::invalid(node, "a port (1–65535)").only())
}

/// Reads text with one more condition.
pub fn text_that(node: &Node, expected: &str, holds: impl Fn(&str) -> bool) -> Read<String> {
    match &node.value {
        Value::Text(text) if holds(text) => Ok(text.clone()),
        Value::Text(_) => Mistake::invalid(node, expected).only(),
        _ => Mistake::wrong_type(node, expected).only(),
    }
}

/// Reads one of a few words.
pub fn one_of<T: Copy>(node: &Node, words: &[(&str, T)]) -> Read<T> {
    let names: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
    let expected = names.join(" or ");
    match &node.value {
        Value::Text(text) => match words.iter().find(|(word, _)| word == text) {
            Some((_, value)) => Ok(*value),
            None => Mistake::invalid(node, &expected).only(),
        },
        _ => Mistake::wrong_type(node, &expected).only(),
    }
}
