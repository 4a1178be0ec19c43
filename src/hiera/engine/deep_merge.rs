//! The merge `deep`, as Ruby's `deep_merge` does it, surprises included.
//!
//! Ruby merges a value into a copy of itself where only the higher level has it,
//! and below the top of that copy both sides are one object: what is knocked out
//! on one side is gone on the other. `Same` and `Copy` keep that.

use super::Outcome;
use super::mistake::{fail, mistake_at};
use super::same::{identity, same, union};
use super::sort::sorted;
use super::strategy::Deep;
use crate::diagnostic::Location;
use crate::hiera::{Node, Value};
use std::collections::HashMap;

/// Merges `high` into `low`.
pub fn deep_merge(high: Node, low: Node, options: &Deep) -> Outcome<Node> {
    Merger { options }.merge(high, low)
}

struct Merger<'a> {
    options: &'a Deep,
}

impl Merger<'_> {
    fn merge(&self, high: Node, low: Node) -> Outcome<Node> {
        if matches!(high.value, Value::Null) {
            return Ok(low);
        }
        if is_falsy(&low.value) {
            return Ok(high);
        }
        match (high.value, low.value) {
            (Value::Mapping(high_entries), Value::Mapping(low_entries)) => {
                let entries = self.mappings(high_entries, low_entries)?;
                let confidential = high.confidential || low.confidential;
                Ok(Node { value: Value::Mapping(entries), location: high.location, confidential })
            }
            (Value::Mapping(entries), low_value) => {
                if entries.is_empty() {
                    return Ok(Node { value: low_value, ..low });
                }
                // From the second key on, Ruby merges the mapping with itself.
                let mut merged = Vec::with_capacity(entries.len());
                for (at, (key, value)) in entries.into_iter().enumerate() {
                    let value = if at == 0 { value } else { self.with_itself(value)? };
                    merged.push((key, value));
                }
                Ok(Node { value: Value::Mapping(merged), ..high })
            }
            (Value::Sequence(high_items), low_value) => {
                let confidential = high.confidential || low.confidential;
                let location = high.location;
                let value = self.list(high_items, low_value, &location)?;
                Ok(Node { value, location, confidential })
            }
            (value, _) => Ok(self.overwriting(Node { value, ..high })),
        }
    }

    fn mappings(
        &self,
        high: Vec<(Node, Node)>,
        mut low: Vec<(Node, Node)>,
    ) -> Outcome<Vec<(Node, Node)>> {
        let mut places: HashMap<String, usize> =
            low.iter().enumerate().map(|(at, (key, _))| (identity(key), at)).collect();
        for (key, value) in high {
            let identity = identity(&key);
            let entry = places.get(&identity).and_then(|at| low.get_mut(*at));
            match entry {
                Some((_, old)) if !is_falsy(&old.value) => {
                    let old_value = std::mem::replace(old, value.clone());
                    *old = self.merge(value, old_value)?;
                }
                Some((_, old)) => *old = self.with_copy(value)?,
                None => {
                    places.insert(identity, low.len());
                    let value = self.with_copy(value)?;
                    low.push((key, value));
                }
            }
        }
        Ok(low)
    }

    /// Merges a value with a copy whose elements are the same objects.
    fn with_copy(&self, node: Node) -> Outcome<Node> {
        let Node { value, location, confidential } = node;
        let value = match value {
            Value::Mapping(entries) => Value::Mapping(self.entries_with_themselves(entries)?),
            Value::Sequence(items) => {
                let copy = items.clone();
                self.lists(items, copy, true, &location)?
            }
            value => {
                let node = Node { value, location, confidential };
                return Ok(if is_falsy(&node.value) { node } else { self.overwriting(node) });
            }
        };
        Ok(Node { value, location, confidential })
    }

    /// Merges a value with the very same object.
    fn with_itself(&self, node: Node) -> Outcome<Node> {
        let Node { value, location, confidential } = node;
        let value = match value {
            Value::Mapping(entries) => Value::Mapping(self.entries_with_themselves(entries)?),
            Value::Sequence(items) => self.list_with_itself(items, &location)?,
            value => {
                let node = Node { value, location, confidential };
                return Ok(if is_falsy(&node.value) { node } else { self.overwriting(node) });
            }
        };
        Ok(Node { value, location, confidential })
    }

    fn entries_with_themselves(&self, entries: Vec<(Node, Node)>) -> Outcome<Vec<(Node, Node)>> {
        entries.into_iter().map(|(key, value)| Ok((key, self.with_itself(value)?))).collect()
    }

    fn list(&self, mut high: Vec<Node>, low: Value, at: &Location) -> Outcome<Value> {
        match low {
            Value::Sequence(low) => self.lists(high, low, false, at),
            low => {
                if self.has_prefix_alone(&high) && matches!(low, Value::Text(_) | Value::Mapping(_))
                {
                    high.retain(|item| !self.is_prefix(item));
                }
                high.retain(|item| self.stripped(item).is_none());
                Ok(Value::Sequence(high))
            }
        }
    }

    fn lists(
        &self,
        mut high: Vec<Node>,
        mut low: Vec<Node>,
        shared: bool,
        at: &Location,
    ) -> Outcome<Value> {
        if self.has_prefix_alone(&high) {
            low.clear();
            high.retain(|item| !self.is_prefix(item));
        }
        let mut gone = Vec::new();
        high.retain(|item| match self.stripped(item) {
            Some(stripped) => {
                gone.push(identity(&stripped));
                gone.push(identity(item));
                false
            }
            None => true,
        });
        if !gone.is_empty() {
            low.retain(|item| !gone.contains(&identity(item)));
        }
        let all_mappings =
            |items: &[Node]| items.iter().all(|item| matches!(item.value, Value::Mapping(_)));
        let joined = if self.options.merge_hash_arrays && all_mappings(&high) && all_mappings(&low)
        {
            self.one_by_one(high, low, shared)?
        } else {
            union(low, high)
        };
        self.finish(joined, at)
    }

    fn one_by_one(&self, high: Vec<Node>, low: Vec<Node>, shared: bool) -> Outcome<Vec<Node>> {
        let mut high = high.into_iter();
        let mut joined = Vec::new();
        for item in low {
            joined.push(match high.next() {
                Some(same) if shared => self.with_itself(same)?,
                Some(other) => self.merge(other, item)?,
                None => item,
            });
        }
        joined.extend(high);
        Ok(joined)
    }

    /// Ruby deletes from the list while it walks over it, so elements are skipped.
    fn list_with_itself(&self, mut items: Vec<Node>, at: &Location) -> Outcome<Value> {
        if self.has_prefix_alone(&items) {
            items.clear();
        }
        let (mut read, mut kept) = (0, 0);
        while let Some(item) = items.get(read).cloned() {
            read += 1;
            if let Some(stripped) = self.stripped(&item) {
                items.retain(|other| !same(other, &stripped) && !same(other, &item));
                continue;
            }
            if let Some(slot) = items.get_mut(kept) {
                *slot = item;
            }
            kept += 1;
        }
        if kept < read {
            let read = read.min(items.len());
            items.drain(kept.min(read)..read);
        }
        let joined = if self.options.merge_hash_arrays
            && items.iter().all(|item| matches!(item.value, Value::Mapping(_)))
        {
            items.into_iter().map(|item| self.with_itself(item)).collect::<Outcome<_>>()?
        } else {
            union(items, Vec::new())
        };
        self.finish(joined, at)
    }

    fn finish(&self, items: Vec<Node>, at: &Location) -> Outcome<Value> {
        if !self.options.sort_merged_arrays {
            return Ok(Value::Sequence(items));
        }
        sorted(items).map_or_else(
            || {
                let message = "`sort_merged_arrays` cannot compare the elements of this list";
                let told = mistake_at("hiera::merge", message, at);
                fail(told.hint("sorted lists hold only texts, only numbers or only lists"))
            },
            |items| Ok(Value::Sequence(items)),
        )
    }

    /// What overwrites something else becomes an empty text if it begins with the prefix.
    fn overwriting(&self, node: Node) -> Node {
        match self.stripped(&node) {
            Some(_) => Node { value: Value::Text(String::new()), ..node },
            None => node,
        }
    }

    /// A text without the prefix; nothing if it has none.
    fn stripped(&self, node: &Node) -> Option<Node> {
        let (prefix, text) = (self.options.knockout.as_ref()?, node.value.as_text()?);
        let stripped = prefix.replace_all(text, "");
        (stripped != text)
            .then(|| Node { value: Value::Text(stripped.into_owned()), ..node.clone() })
    }

    fn is_prefix(&self, node: &Node) -> bool {
        node.value
            .as_text()
            .is_some_and(|text| self.options.knockout_prefix.as_deref() == Some(text))
    }

    fn has_prefix_alone(&self, items: &[Node]) -> bool {
        items.iter().any(|item| self.is_prefix(item))
    }
}

const fn is_falsy(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false))
}
