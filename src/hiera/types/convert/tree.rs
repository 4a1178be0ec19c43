//! `Hash.new` of paths and values: `[[['a', 'b'], 1]]` is `{a => {b => 1}}`.

use super::{refused, wrong_arguments};
use crate::hiera::types::TypeError;
use crate::hiera::{Node, Value};

/// Grows a mapping; lists inside become mappings by index, if all are to be hashes.
pub(super) fn grow(node: &Node, all_hashes: bool) -> Result<Value, TypeError> {
    let Value::Sequence(items) = &node.value else { return Err(wrong_arguments("Hash")) };
    if items.is_empty() {
        return Err(wrong_arguments("Hash"));
    }
    let mut root = Node { value: Value::Mapping(Vec::new()), ..node.clone() };
    for item in items {
        let Value::Sequence(pair) = &item.value else { return Err(refused(node, "Hash")) };
        let [Node { value: Value::Sequence(path), .. }, value] = pair.as_slice() else {
            return Err(refused(node, "Hash"));
        };
        let value = if all_hashes { indexed(value.clone()) } else { value.clone() };
        match path.as_slice() {
            [] => merge(&mut root, value)?,
            path => plant(&mut root, path, value).ok_or_else(|| refused(node, "Hash"))?,
        }
    }
    Ok(root.value)
}

fn merge(root: &mut Node, value: Node) -> Result<(), TypeError> {
    let (Value::Mapping(known), Value::Mapping(entries)) = (&mut root.value, indexed(value).value)
    else {
        return Err(wrong_arguments("Hash"));
    };
    for (key, value) in entries {
        *entry(known, &key) = value;
    }
    Ok(())
}

fn entry<'a>(entries: &'a mut Vec<(Node, Node)>, key: &Node) -> &'a mut Node {
    let at = entries.iter().position(|(known, _)| known.value == key.value);
    let at = at.unwrap_or_else(|| {
        entries.push((key.clone(), Node { value: Value::Mapping(Vec::new()), ..key.clone() }));
        entries.len() - 1
    });
    #[allow(clippy::indexing_slicing, reason = "the place was just found or made")]
    &mut entries[at].1
}

fn plant(root: &mut Node, path: &[Node], value: Node) -> Option<()> {
    let mut place = root;
    for key in path {
        place = match &mut place.value {
            Value::Mapping(entries) => entry(entries, key),
            Value::Sequence(items) => {
                let Value::Integer(index) = key.value else { return None };
                let index = usize::try_from(index).ok().filter(|index| *index <= items.len())?;
                if index == items.len() {
                    items.push(Node { value: Value::Null, ..key.clone() });
                }
                items.get_mut(index)?
            }
            _ => return None,
        };
    }
    *place = value;
    Some(())
}

/// A list as a mapping of its indices.
fn indexed(node: Node) -> Node {
    let Value::Sequence(items) = node.value else { return node };
    let entries = items.into_iter().zip(0_i64..).map(|(item, index)| {
        let key = Node { value: Value::Integer(index), ..item.clone() };
        (key, indexed(item))
    });
    Node { value: Value::Mapping(entries.collect()), ..node }
}
