//! The forms of an environment that have no room for comments.

use super::{Setting, Shell};
use serde_json::{Map, Value, json};

/// Writes lines of `NAME=value`, for what reads no shell.
#[must_use]
pub fn lines(settings: &[Setting]) -> String {
    let line = |setting: &Setting| Shell::Lines.assignment(setting.name, &setting.value) + "\n";
    settings.iter().filter(|setting| setting.set).map(line).collect()
}

/// Writes the part of a user's `settings.json` that is about telemetry.
#[must_use]
pub fn user_settings(settings: &[Setting]) -> String {
    let entry = |setting: &Setting| (setting.name.to_owned(), Value::from(setting.value.as_str()));
    let env: Map<String, Value> =
        settings.iter().filter(|setting| setting.set).map(entry).collect();
    format!("{:#}\n", json!({ "env": env }))
}
