//! A YAML value and the place where it stands. Knows nothing of YAML's syntax.

use crate::diagnostic::{Location, Origin};
use std::fmt;

/// A value and where it stands.
#[derive(Clone, PartialEq)]
pub struct Node {
    /// The resolved value.
    pub value: Value,
    /// Where the value begins; of an alias, where the anchored value begins.
    pub location: Location,
    /// Whether it was decrypted, wholly or in part: no message may show it.
    pub confidential: bool,
}

/// A YAML value after scalar resolution.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `~`, `null` or nothing.
    Null,
    /// `true`, `yes`, `on` and their opposites.
    Bool(bool),
    /// A whole number in any of YAML 1.1's notations.
    Integer(i64),
    /// A whole number beyond 64 bits: a sign and decimal digits.
    BigInteger(String),
    /// A number with a point, `.inf` or `.nan`.
    Float(f64),
    /// Everything quoted, and what is nothing else.
    Text(String),
    /// `:name`: Puppet reads it and then refuses to look it up.
    Symbol(String),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping in the file's order, merge keys already merged.
    Mapping(Vec<(Node, Node)>),
    /// What `convert_to: Sensitive` wraps; nothing shows what is in it.
    Sensitive(Box<Node>),
}

impl Node {
    /// Makes a node that anybody may see.
    #[must_use]
    pub const fn new(value: Value, location: Location) -> Self {
        Self { value, location, confidential: false }
    }

    /// Says whether any part of the value was encrypted or is sensitive.
    #[must_use]
    pub fn holds_secret(&self) -> bool {
        self.confidential
            || match &self.value {
                Value::Sensitive(_) => true,
                Value::Sequence(items) => items.iter().any(Self::holds_secret),
                Value::Mapping(entries) => {
                    entries.iter().any(|(key, value)| key.holds_secret() || value.holds_secret())
                }
                _ => false,
            }
    }

    /// Returns the place as an origin.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::File(self.location.clone())
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Node");
        if self.confidential || matches!(self.value, Value::Sensitive(_)) {
            shown.field("value", &"(hidden)");
        } else {
            shown.field("value", &self.value);
        }
        shown.field("location", &self.location).finish()
    }
}

impl Value {
    /// Names the type as messages do: `text`, `a list`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::BigInteger(_) => "a whole number",
            Self::Float(_) => "a decimal number",
            Self::Text(_) => "text",
            Self::Symbol(_) => "a symbol",
            Self::Sequence(_) => "a list",
            Self::Mapping(_) => "a mapping",
            Self::Sensitive(_) => "a sensitive value",
        }
    }

    /// Returns the text of a text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}
