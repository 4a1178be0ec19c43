//! Labels that a profile adds: `const_labels` to every exported series, and
//! `otelctl::metric_labels` from what clients send.

use super::expect::{Mistake, Read};
use super::value::{ExtraLabel, LABELS, OWN_LABELS};
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

/// More would multiply the series beyond what one Prometheus likes to keep.
const MOST_LABELS: usize = 8;

/// The labels of counters where the profile does not say.
pub fn default_extra() -> Vec<ExtraLabel> {
    vec![ExtraLabel::of(ExtraLabel::TYPE)]
}

/// Reads a list of labels, each named as the label or as the attribute it comes from.
pub fn extra(node: &Node) -> Read<Vec<ExtraLabel>> {
    let Value::Sequence(entries) = &node.value else {
        return Mistake::wrong_type(node, "a list of labels").only();
    };
    let mut labels: Vec<ExtraLabel> = Vec::new();
    let mut mistakes = Vec::new();
    for entry in entries {
        match extra_label(entry) {
            Ok(label) if labels.iter().any(|known| known.label == label.label) => {
                let message = format!("has `{}` twice", label.label);
                mistakes.push(Mistake::say("profile::invalid-value", entry, message));
            }
            Ok(label) => labels.push(label),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if labels.len() > MOST_LABELS {
        let message = format!("has {} labels, expected at most {MOST_LABELS}", labels.len());
        mistakes.push(
            Mistake::say("profile::invalid-value", node, message)
                .hint("each label multiplies the series; keep those that somebody asks for"),
        );
    }
    if mistakes.is_empty() { Ok(labels) } else { Err(mistakes) }
}

fn extra_label(node: &Node) -> Result<ExtraLabel, Mistake> {
    let rule = "a label or an attribute (letters, digits, `_` and `.`, a letter first)";
    let Value::Text(name) = &node.value else {
        return Err(Mistake::wrong_type(node, rule).inside("label"));
    };
    let shape_ok = name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c));
    if !shape_ok {
        return Err(Mistake::invalid(node, rule).inside("label"));
    }
    let label = ExtraLabel::of(name);
    let refused = |message: String| Mistake::say("profile::invalid-value", node, message);
    match label.label.as_str() {
        ExtraLabel::TYPE => Ok(label),
        "session_id" | "prompt_id" | "request_id" => {
            Err(refused(format!("names `{name}`, which would make series without end"))
                .hint("leave it out: totals by session would outgrow Prometheus"))
        }
        taken if is_taken(taken) => {
            Err(refused(format!("names `{name}`, a label that the stack sets itself")))
        }
        theirs if PROMETHEUS.contains(&theirs) => {
            Err(refused(format!("names `{name}`, a label of Prometheus's own")))
        }
        _ => Ok(label),
    }
}

/// Prometheus and its rules give these a meaning.
const PROMETHEUS: [&str; 4] = ["instance", "le", "quantile", "alertname"];

/// With `honor_labels` the scrape job would no longer be told by `job`.
fn is_taken(label: &str) -> bool {
    LABELS.contains(&label) || OWN_LABELS.contains(&label) || label == "job"
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
    if PROMETHEUS.contains(&name.as_str()) {
        let message = format!("names `{name}`, a label of Prometheus's own");
        return Err(Mistake::say("profile::invalid-value", key, message));
    }
    if is_taken(name) {
        let message = format!("names `{name}`, a label that the stack sets itself");
        return Err(Mistake::say("profile::invalid-value", key, message));
    }
    Ok(name.clone())
}
