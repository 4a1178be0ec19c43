//! A mapping while it is read: duplicate keys, merge keys, symbols.
//!
//! Knows nodes; may not know events or files.

use super::{Node, Value};
use crate::diagnostic::Location;
use std::collections::HashMap;

/// A mapping under construction.
#[derive(Debug, Default)]
pub struct Mapping {
    entries: Vec<(Node, Node)>,
    /// Position in `entries` by the key's identity.
    positions: HashMap<Identity, Position>,
}

/// Where an entry stands, and whether the file itself wrote it here.
#[derive(Debug)]
struct Position {
    index: usize,
    written: bool,
}

/// What a value of a `<<` key is.
#[derive(Debug)]
pub enum Mergeable {
    /// These mappings are merged, each over what came before.
    Yes(Vec<Vec<(Node, Node)>>),
    /// An ordinary value under the key `<<`.
    No(Node),
}

impl Mergeable {
    /// Judges a value; Psych merges a list of mappings, unless it is an alias.
    pub fn of(node: Node, merge_key: bool, alias: bool) -> Self {
        if !merge_key {
            return Self::No(node);
        }
        let is_mapping = |item: &Node| matches!(item.value, Value::Mapping(_));
        match node.value {
            Value::Mapping(entries) => Self::Yes(vec![entries]),
            Value::Sequence(items) if !alias && items.iter().all(is_mapping) => {
                // The first of the list wins, so it is merged last.
                let mapping = |item: Node| match item.value {
                    Value::Mapping(entries) => Some(entries),
                    _ => None,
                };
                Self::Yes(items.into_iter().rev().filter_map(mapping).collect())
            }
            _ => Self::No(node),
        }
    }
}

impl Mapping {
    /// Adds one entry; the last of equal keys wins, in the place of the first.
    ///
    /// Gives the place of the first when the file writes the key twice.
    pub fn insert(&mut self, key: Node, value: Node) -> Option<Location> {
        self.put(key, value, true)
    }

    /// Merges mappings as Psych does: what is merged overrides the entries
    /// before it and is overridden by those after it.
    pub fn merge(&mut self, mappings: Vec<Vec<(Node, Node)>>) {
        for (key, value) in mappings.into_iter().flatten() {
            self.put(key, value, false);
        }
    }

    /// Finishes the mapping; Puppet makes symbols among the keys to text.
    pub fn finish(self) -> Vec<(Node, Node)> {
        if !self.entries.iter().any(|(key, _)| matches!(key.value, Value::Symbol(_))) {
            return self.entries;
        }
        let mut renamed = Self::default();
        for (key, value) in self.entries {
            let Node { value: name, location, confidential } = key;
            let name = match name {
                Value::Symbol(name) => Value::Text(name),
                other => other,
            };
            renamed.put(Node { value: name, location, confidential }, value, false);
        }
        renamed.entries
    }

    fn put(&mut self, key: Node, value: Node, written: bool) -> Option<Location> {
        let Some(identity) = identity(&key.value) else {
            self.entries.push((key, value));
            return None;
        };
        if let Some(position) = self.positions.get_mut(&identity)
            && let Some(entry) = self.entries.get_mut(position.index)
        {
            let twice = (written && position.written).then(|| entry.0.location.clone());
            position.written |= written;
            *entry = (key, value);
            return twice;
        }
        self.positions.insert(identity, Position { index: self.entries.len(), written });
        self.entries.push((key, value));
        None
    }
}

/// What makes two keys the same: `1` is neither `"1"` nor `1.0`.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Identity {
    Null,
    Bool(bool),
    Integer(i64),
    BigInteger(String),
    Float(u64),
    Text(String),
    Symbol(String),
}

/// Lists and mappings as keys are all different: nobody can look them up.
fn identity(key: &Value) -> Option<Identity> {
    match key {
        Value::Null => Some(Identity::Null),
        Value::Bool(value) => Some(Identity::Bool(*value)),
        Value::Integer(value) => Some(Identity::Integer(*value)),
        Value::BigInteger(digits) => Some(Identity::BigInteger(digits.clone())),
        Value::Float(value) => Some(Identity::Float(value.to_bits())),
        Value::Text(value) => Some(Identity::Text(value.clone())),
        Value::Symbol(value) => Some(Identity::Symbol(value.clone())),
        Value::Sequence(_) | Value::Mapping(_) | Value::Sensitive(_) => None,
    }
}
