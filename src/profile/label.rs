//! `const_labels`: labels that are added to every exported series.

use super::expect::{Mistake, Read};
use super::value::LABELS;
use crate::hiera::{Node, Value};
use std::collections::BTreeMap;

/// Reads a mapping of label names to text.
pub fn labels(node: &Node) -> Read<BTreeMap<String, String>> {
    let Value::Mapping(entries) = &node.value else {
        return Mistake::wrong_type(node, "a mapping of label names to text").only();
    };
    let mut labels = BTreeMap::new();
    let mut mistakes = Vec::new();
    for (key, value) in entries {
        match (name(key), &value.value) {
            (Ok(name), Value::Text(text)) => {
                labels.insert(name, text.clone());
            }
            (Ok(name), _) => mistakes.push(
                Mistake::wrong_type(value, "text")
                    .inside(&format!("label `{name}`"))
                    .hint("put the value in quotes"),
            ),
            (Err(mistake), _) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(labels) } else { Err(mistakes) }
}

/// A label name by Prometheus's rule, and none of the stack's own.
fn name(key: &Node) -> Result<String, Mistake> {
    let rule = "a label name (letters, digits and `_`, no digit first, no `__` first)";
    let Value::Text(name) = &key.value else {
        return Err(Mistake::wrong_type(key, rule).inside("label name"));
    };
    let shape_ok = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with("__");
    if !shape_ok {
        return Err(Mistake::invalid(key, rule).inside("label name"));
    }
    // With `honor_labels` the scrape job would no longer be told by `job`.
    if LABELS.contains(&name.as_str()) || name == "job" {
        let message = format!("names `{name}`, a label that the stack sets itself");
        return Err(Mistake::say("profile::invalid-value", key, message));
    }
    Ok(name.clone())
}
