//! Merging two values by a strategy; the first has the higher priority.

use super::deep_merge::deep_merge;
use super::mistake::{fail, mistake_at};
use super::same::{identity, union};
use super::{Outcome, Strategy};
use crate::hiera::{Node, Value};
use std::collections::HashMap;

impl Strategy {
    /// Prepares the first value that was found.
    pub(super) fn first_value(&self, node: Node) -> Node {
        match self {
            Self::Unique => listed(node),
            _ => node,
        }
    }

    /// What becomes of the value when there is only one place to look.
    pub(super) fn only_value(&self, node: Node) -> Node {
        match (self, node) {
            (Self::Unique, Node { value: Value::Sequence(items), location, confidential }) => {
                let value = Value::Sequence(union(items, Vec::new()));
                Node { value, location, confidential }
            }
            (_, node) => node,
        }
    }

    /// Merges two values.
    pub(super) fn merge(&self, high: Node, low: Node) -> Outcome<Node> {
        match self {
            Self::First => Ok(high),
            Self::Unique => {
                self.check(&high, is_list_or_scalar, "a list or a plain value")?;
                self.check(&low, is_list_or_scalar, "a list or a plain value")?;
                let (high, low) = (listed(high), listed(low));
                let confidential = high.confidential || low.confidential;
                let location = high.location.clone();
                let value = Value::Sequence(union(items(high), items(low)));
                Ok(Node { value, location, confidential })
            }
            Self::Hash => {
                self.check(&high, is_text_keyed, "a mapping")?;
                self.check(&low, is_text_keyed, "a mapping")?;
                Ok(hash(high, low))
            }
            Self::Deep(options) => deep_merge(high, low, options),
            Self::ReverseDeep(options) => deep_merge(low, high, options),
        }
    }

    fn check(&self, node: &Node, fits: fn(&Value) -> bool, expected: &str) -> Outcome<()> {
        if fits(&node.value) {
            return Ok(());
        }
        let message =
            format!("the merge `{}` expects {expected}, found {}", self.name(), node.value.kind());
        let told = mistake_at("hiera::merge", message, &node.location);
        fail(told.hint("all levels must give the same kind, or use the merge `deep`"))
    }
}

/// A list without lists in it; anything else becomes the one element.
fn listed(node: Node) -> Node {
    let Node { value, location, confidential } = node;
    let items = match value {
        Value::Sequence(items) => {
            let mut flat = Vec::with_capacity(items.len());
            flatten(items, &mut flat);
            flat
        }
        value => vec![Node { value, location: location.clone(), confidential }],
    };
    Node { value: Value::Sequence(items), location, confidential }
}

fn flatten(items: Vec<Node>, flat: &mut Vec<Node>) {
    for item in items {
        match item.value {
            Value::Sequence(inner) => flatten(inner, flat),
            _ => flat.push(item),
        }
    }
}

fn items(node: Node) -> Vec<Node> {
    match node.value {
        Value::Sequence(items) => items,
        _ => Vec::new(),
    }
}

/// The lower keys come first; the higher values win.
fn hash(high: Node, low: Node) -> Node {
    let confidential = high.confidential || low.confidential;
    let (Value::Mapping(high_entries), Value::Mapping(mut entries)) = (high.value, low.value)
    else {
        return Node::new(Value::Null, high.location);
    };
    let mut places: HashMap<String, usize> =
        entries.iter().enumerate().map(|(at, (key, _))| (identity(key), at)).collect();
    for (key, value) in high_entries {
        let identity = identity(&key);
        if let Some(entry) = places.get(&identity).and_then(|at| entries.get_mut(*at)) {
            *entry = (key, value);
        } else {
            places.insert(identity, entries.len());
            entries.push((key, value));
        }
    }
    Node { value: Value::Mapping(entries), location: high.location, confidential }
}

fn is_list_or_scalar(value: &Value) -> bool {
    match value {
        Value::Sequence(items) => items.iter().all(|item| is_plain(&item.value)),
        Value::Null | Value::Mapping(_) | Value::Symbol(_) | Value::Sensitive(_) => false,
        _ => true,
    }
}

/// Puppet's type `Data`.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Sequence(items) => items.iter().all(|item| is_plain(&item.value)),
        Value::Mapping(_) => is_text_keyed(value),
        Value::Symbol(_) | Value::Sensitive(_) => false,
        _ => true,
    }
}

fn is_text_keyed(value: &Value) -> bool {
    let Value::Mapping(entries) = value else { return false };
    entries.iter().all(|(key, value)| key.value.as_text().is_some() && is_plain(&value.value))
}
