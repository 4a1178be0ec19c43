//! YAML as a tree whose every node knows its place. May not know compose.

use crate::artifact::path;
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use crate::hiera::{self, Document, Format};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) value: Value,
}

/// A YAML value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number,
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key, with its own place, and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) value: Node,
}

impl Value {
    /// What it is, in words.
    pub(super) const fn noun(&self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Bool(_) => "a boolean",
            Self::Number => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

/// A place in the compose file.
pub(super) fn origin(line: usize, column: usize) -> Origin {
    Origin::File(Location { layer: "compose".into(), file: path::COMPOSE.into(), line, column })
}

impl Node {
    /// Reads one YAML document, as strictly as the strictest of those who read it: some
    /// take `yes` for a boolean, so text that looks like one has to be in quotes.
    pub(super) fn parse(text: &str) -> Result<Self, Diagnostic> {
        let (layer, file) = ("compose".into(), path::COMPOSE.into());
        let document = Document::read(text.as_bytes(), Format::Yaml, &layer, &file);
        let read = document.and_then(|document| match document {
            Document { root: Some(root), remarks } if remarks.is_empty() => Ok(Self::of(root)),
            Document { remarks, root: Some(_) } => Err(remarks),
            Document { root: None, .. } => Ok(Self { line: 1, column: 1, value: Value::Null }),
        });
        read.map_err(|errors| {
            let error = Diagnostic::error(Kind::Profile, "the compose file is not valid YAML");
            let place = errors.first().map_or(origin(1, 1), |error| error.origin.clone());
            let error = error.code("compose::yaml").at(&place);
            errors.iter().fold(error, |error, mistake| error.cause(mistake.message.clone()))
        })
    }

    fn of(node: hiera::Node) -> Self {
        let Location { line, column, .. } = node.location;
        Self { line, column, value: Value::of(node.value) }
    }
}

impl Value {
    fn of(value: hiera::Value) -> Self {
        match value {
            hiera::Value::Null => Self::Null,
            hiera::Value::Bool(value) => Self::Bool(value),
            hiera::Value::Integer(_) | hiera::Value::BigInteger(_) | hiera::Value::Float(_) => {
                Self::Number
            }
            hiera::Value::Text(text) => Self::Text(text),
            hiera::Value::Symbol(name) => Self::Text(format!(":{name}")),
            hiera::Value::Sensitive(inner) => Self::of(inner.value),
            hiera::Value::Sequence(items) => Self::List(items.into_iter().map(Node::of).collect()),
            hiera::Value::Mapping(entries) => {
                Self::Map(entries.into_iter().map(Entry::of).collect())
            }
        }
    }
}

impl Entry {
    fn of((key, value): (hiera::Node, hiera::Node)) -> Self {
        let Location { line, column, .. } = key.location;
        let key = match key.value {
            hiera::Value::Text(text) => text,
            hiera::Value::Bool(value) => value.to_string(),
            hiera::Value::Integer(number) => number.to_string(),
            other => other.kind().to_owned(),
        };
        Self { key, line, column, value: Node::of(value) }
    }
}
