//! What a person edited in a dashboard, and nothing else.
//!
//! Grafana numbers, migrates and fills in defaults when it saves; those are no
//! edits. Panels, variables and annotations are found again by what they are
//! called, so that an edit is told as `panel "Cost".targets[0].expr`. Pure.

mod default;
mod panel;
#[cfg(test)]
mod tests;
mod value;

use crate::plan::{FieldDiff, Shown};
use serde_json::{Map, Value};
use value::Differences;

/// The server's own fields of a dashboard.
const SERVER: [&str; 8] =
    ["id", "uid", "version", "iteration", "schemaVersion", "gnetId", "revision", "pluginVersion"];

/// Every field in which one dashboard is not as it was rendered.
pub(super) fn differences(
    there: &Map<String, Value>,
    wanted: &Map<String, Value>,
) -> Vec<FieldDiff> {
    let mut found = Differences::default();
    let keys = wanted.keys().chain(there.keys().filter(|key| !wanted.contains_key(*key)));
    for key in keys {
        let (before, after) = (there.get(key), wanted.get(key));
        match key.as_str() {
            key if SERVER.contains(&key) => {}
            "panels" => panel::compare(before, after, &mut found),
            "templating" => named("variable", before, after, &mut found),
            "annotations" => named("annotation", before, after, &mut found),
            key => found.compare(key, key, before, after),
        }
    }
    found.fields
}

/// Compares the entries of `list` by their names.
fn named(what: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Differences) {
    let (before, after) = (list(before), list(after));
    let name = |entry: &Value| entry.get("name").and_then(Value::as_str).map(str::to_owned);
    let field = |entry: &Value| format!("{what} {:?}", name(entry).unwrap_or_default());
    for wanted in after {
        let there = before.iter().find(|entry| name(entry) == name(wanted));
        match there {
            Some(there) => {
                let wanted = default::without_state(wanted, wanted);
                let there = default::without_state(there, &wanted);
                found.compare(&field(&wanted), what, Some(&there), Some(&wanted));
            }
            None => found.removed(field(wanted), wanted),
        }
    }
    for entry in before {
        let ours = after.iter().any(|wanted| name(wanted) == name(entry));
        // Grafana adds its own annotation to every dashboard.
        let builtin = entry.get("builtIn").and_then(Value::as_i64).is_some_and(|mark| mark != 0)
            || entry.get("builtIn").and_then(Value::as_bool).unwrap_or_default();
        if !ours && !builtin {
            found.added(field(entry));
        }
    }
    let order = |entries: &[Value]| -> Vec<String> { entries.iter().filter_map(name).collect() };
    let ours: Vec<String> = order(after);
    let kept: Vec<String> = order(before).into_iter().filter(|name| ours.contains(name)).collect();
    if what == "variable" && kept.len() == ours.len() && kept != ours {
        found.fields.push(FieldDiff {
            field: "variables".to_owned(),
            before: Shown::Plain(kept.join(", ")),
            after: Shown::Plain(ours.join(", ")),
        });
    }
}

fn list(value: Option<&Value>) -> &[Value] {
    let list = value.and_then(|value| value.get("list")).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}
