//! `Array.new` and `Hash.new`, also for tuples and structs.

use super::tree;
use super::{refused, wrong_arguments};
use crate::hiera::types::TypeError;
use crate::hiera::{Node, Value};

/// How far a whole number may count up to itself.
const MAX_COUNT: i64 = 100_000;

/// Makes a list: of a mapping its pairs, of a text its characters, of a whole
/// number the numbers below it, of anything a list of it with the argument `true`.
pub(super) fn array(node: &Node, arguments: &[Node]) -> Result<Value, TypeError> {
    let wrap = match arguments {
        [] | [Node { value: Value::Bool(false), .. }] => false,
        [Node { value: Value::Bool(true), .. }] => true,
        _ => return Err(wrong_arguments("Array")),
    };
    match &node.value {
        Value::Sequence(items) => Ok(Value::Sequence(items.clone())),
        _ if wrap => Ok(Value::Sequence(vec![node.clone()])),
        _ => elements(node, "Array").map(Value::Sequence),
    }
}

fn elements(node: &Node, target: &str) -> Result<Vec<Node>, TypeError> {
    let like = |value: Value| Node { value, ..node.clone() };
    match &node.value {
        Value::Sequence(items) => Ok(items.clone()),
        Value::Mapping(entries) => {
            let pair = |(key, value): &(Node, Node)| Node {
                value: Value::Sequence(vec![key.clone(), value.clone()]),
                location: value.location.clone(),
                confidential: key.confidential || value.confidential,
            };
            Ok(entries.iter().map(pair).collect())
        }
        Value::Text(text) => {
            Ok(text.chars().map(|letter| like(Value::Text(letter.to_string()))).collect())
        }
        Value::Integer(count @ 0..=MAX_COUNT) => {
            Ok((0..*count).map(|value| like(Value::Integer(value))).collect())
        }
        _ => Err(refused(node, target)),
    }
}

/// Makes a mapping: of pairs, of a list of keys and values in turn, or of paths
/// and values with the argument `tree` or `hash_tree`.
pub(super) fn hash(node: &Node, arguments: &[Node]) -> Result<Value, TypeError> {
    match arguments {
        [] => {}
        [Node { value: Value::Text(option), .. }] if option == "tree" => {
            return tree::grow(node, false);
        }
        [Node { value: Value::Text(option), .. }] if option == "hash_tree" => {
            return tree::grow(node, true);
        }
        _ => return Err(wrong_arguments("Hash")),
    }
    if let Value::Mapping(entries) = &node.value {
        return Ok(Value::Mapping(entries.clone()));
    }
    let items = elements(node, "Hash")?;
    let pairs: Option<Vec<(Node, Node)>> = items.iter().map(pair).collect();
    let pairs = match pairs {
        Some(pairs) if !pairs.is_empty() => pairs,
        _ if items.len() % 2 == 0 => {
            let pairs = items.chunks_exact(2).filter_map(|pair| match pair {
                [key, value] => Some((key.clone(), value.clone())),
                _ => None,
            });
            pairs.collect()
        }
        _ => return Err(TypeError::new("keys and values do not pair off for a Hash")),
    };
    let mut entries: Vec<(Node, Node)> = Vec::new();
    for (key, value) in pairs {
        match entries.iter_mut().find(|(known, _)| known.value == key.value) {
            Some((_, old)) => *old = value,
            None => entries.push((key, value)),
        }
    }
    Ok(Value::Mapping(entries))
}

fn pair(node: &Node) -> Option<(Node, Node)> {
    match &node.value {
        Value::Sequence(items) => match items.as_slice() {
            [key, value] => Some((key.clone(), value.clone())),
            _ => None,
        },
        _ => None,
    }
}
