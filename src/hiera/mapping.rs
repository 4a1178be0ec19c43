//! A mapping while it is read: duplicate keys, merge keys.
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
    positions: HashMap<String, usize>,
    /// Where the file itself wrote a key, as against a merged one.
    written: HashMap<String, Location>,
}

/// Why an entry is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryError {
    /// The key stands twice; here is the first place.
    Duplicate(Location),
    /// A list or a mapping as key.
    NoScalar,
}

impl Mapping {
    /// Adds one entry.
    pub fn insert(&mut self, key: Node, value: Node) -> Result<(), EntryError> {
        let identity = identity(&key.value).ok_or(EntryError::NoScalar)?;
        if let Some(first) = self.written.get(&identity) {
            return Err(EntryError::Duplicate(first.clone()));
        }
        self.written.insert(identity.clone(), key.location.clone());
        self.put(identity, key, value);
        Ok(())
    }

    /// Merges the value of a `<<` key as Psych does: what is merged overrides
    /// the entries before it and is overridden by those after it.
    ///
    /// Gives back a value that cannot be merged.
    pub fn merge(&mut self, value: Value) -> Result<(), Value> {
        let mut mappings = Vec::new();
        match value {
            Value::Mapping(entries) => mappings.push(entries),
            Value::Sequence(items) => {
                if !items.iter().all(|item| matches!(item.value, Value::Mapping(_))) {
                    return Err(Value::Sequence(items));
                }
                // The first of the list wins, so it is merged last.
                for item in items.into_iter().rev() {
                    if let Value::Mapping(entries) = item.value {
                        mappings.push(entries);
                    }
                }
            }
            other => return Err(other),
        }
        for (key, value) in mappings.into_iter().flatten() {
            if let Some(identity) = identity(&key.value) {
                self.put(identity, key, value);
            }
        }
        Ok(())
    }

    /// Finishes the mapping.
    pub fn finish(self) -> Vec<(Node, Node)> {
        self.entries
    }

    fn put(&mut self, identity: String, key: Node, value: Node) {
        if let Some(entry) = self.positions.get(&identity).and_then(|at| self.entries.get_mut(*at))
        {
            *entry = (key, value);
        } else {
            self.positions.insert(identity, self.entries.len());
            self.entries.push((key, value));
        }
    }
}

/// Two scalar keys are the same when type and value are: `1` is not `"1"`.
fn identity(key: &Value) -> Option<String> {
    match key {
        Value::Null => Some("null".to_owned()),
        Value::Bool(value) => Some(format!("bool {value}")),
        Value::Integer(value) => Some(format!("integer {value}")),
        Value::Float(value) => Some(format!("float {value}")),
        Value::Text(value) => Some(format!("text {value}")),
        Value::Sequence(_) | Value::Mapping(_) | Value::Sensitive(_) => None,
    }
}
