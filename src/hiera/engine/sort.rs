//! Sorting as Ruby's `sort!` does: values of different kinds cannot be compared.

use crate::hiera::{Node, Value};
use std::cmp::Ordering;

/// Sorts a list; `None` when two of its values cannot be compared.
pub fn sorted(items: Vec<Node>) -> Option<Vec<Node>> {
    let mut sorted: Vec<Node> = Vec::with_capacity(items.len());
    for item in items {
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match compare(&item.value, &sorted.get(middle)?.value)? {
                Ordering::Less => high = middle,
                Ordering::Equal | Ordering::Greater => low = middle + 1,
            }
        }
        sorted.insert(low, item);
    }
    Some(sorted)
}

fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Bool(one), Value::Bool(other)) => (one == other).then_some(Ordering::Equal),
        (Value::Text(one), Value::Text(other)) => Some(one.as_bytes().cmp(other.as_bytes())),
        (Value::Integer(one), Value::Integer(other)) => Some(one.cmp(other)),
        (Value::Sequence(one), Value::Sequence(other)) => {
            for (one, other) in one.iter().zip(other) {
                match compare(&one.value, &other.value)? {
                    Ordering::Equal => {}
                    unequal => return Some(unequal),
                }
            }
            Some(one.len().cmp(&other.len()))
        }
        (Value::Mapping(_), Value::Mapping(_)) => (one == other).then_some(Ordering::Equal),
        _ => number(one)?.partial_cmp(&number(other)?),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(value) => value.to_string().parse().ok(),
        Value::BigInteger(digits) => digits.parse().ok(),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}
