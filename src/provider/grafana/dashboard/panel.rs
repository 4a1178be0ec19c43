//! Pairs the panels of two dashboards, and compares each pair.

use super::value::Differences;
use serde_json::Value;

/// Compares all panels; those in a collapsed row as if it were open.
pub(super) fn compare(before: Option<&Value>, after: Option<&Value>, found: &mut Differences) {
    let (mut there, wanted) = (flat(before), flat(after));
    let mut pairs: Vec<(Value, Option<Value>)> =
        wanted.into_iter().map(|wanted| (wanted, None)).collect();
    // The same panel has the same number and title; else the same title; a
    // renamed one the same number.
    let rules: [fn(&Value, &Value) -> bool; 3] = [
        |one, other| number(one) == number(other) && title(one) == title(other),
        |one, other| title(one) == title(other) && kind(one) == kind(other),
        |one, other| number(one).is_some() && number(one) == number(other),
    ];
    for same in rules {
        for (wanted, pair) in pairs.iter_mut().filter(|(_, pair)| pair.is_none()) {
            if let Some(index) = there.iter().position(|panel| same(panel, wanted)) {
                *pair = Some(there.remove(index));
            }
        }
    }
    for (wanted, pair) in pairs {
        match pair {
            Some(there) => found.compare(&field(&wanted), "panel", Some(&there), Some(&wanted)),
            None => found.removed(field(&wanted), &wanted),
        }
    }
    for panel in there {
        found.added(field(&panel));
    }
}

/// `panel "Cost by model"`, `row "Details"`.
fn field(panel: &Value) -> String {
    let what = if kind(panel) == "row" { "row" } else { "panel" };
    match (title(panel), number(panel)) {
        ("", Some(number)) => format!("{what} #{number}"),
        (title, _) => format!("{what} {title:?}"),
    }
}

fn flat(panels: Option<&Value>) -> Vec<Value> {
    let panels = panels.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut flat = Vec::new();
    for panel in panels {
        let mut panel = panel.clone();
        let inner = panel.as_object_mut().and_then(|panel| panel.remove("panels"));
        flat.push(panel);
        flat.extend(self::flat(inner.as_ref()));
    }
    flat
}

fn title(panel: &Value) -> &str {
    panel.get("title").and_then(Value::as_str).unwrap_or_default()
}

fn kind(panel: &Value) -> &str {
    panel.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn number(panel: &Value) -> Option<i64> {
    panel.get("id").and_then(Value::as_i64)
}
