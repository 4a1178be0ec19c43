//! Compares two values, field by field, defaults left out.

use super::default;
use crate::plan::{FieldDiff, Shown};
use serde_json::{Map, Value};

/// Longer values are cut when they are shown.
const SHOWN: usize = 300;

/// The fields that differ so far.
#[derive(Default)]
pub(super) struct Differences {
    pub fields: Vec<FieldDiff>,
}

impl Differences {
    /// Compares two values; `key` names the kind of thing, for its defaults.
    pub(super) fn compare(
        &mut self,
        field: &str,
        key: &str,
        before: Option<&Value>,
        after: Option<&Value>,
    ) {
        if default::is_ignored(key, after) {
            return;
        }
        match (significant(key, before), significant(key, after)) {
            (None, None) => {}
            (Some(Value::Object(before)), Some(Value::Object(after))) => {
                self.objects(field, before, after);
            }
            (None, Some(Value::Object(after))) => self.objects(field, &Map::new(), after),
            (Some(Value::Object(before)), None) => self.objects(field, before, &Map::new()),
            (Some(Value::Array(before)), Some(Value::Array(after)))
                if before.iter().chain(after).any(Value::is_object) =>
            {
                self.arrays(field, key, before, after);
            }
            (Some(one), Some(other)) if same(one, other) => {}
            _ => self.fields.push(FieldDiff {
                field: field.to_owned(),
                before: shown(before),
                after: shown(after),
            }),
        }
    }

    /// Something that only people made.
    pub(super) fn added(&mut self, field: String) {
        self.fields.push(FieldDiff { field, before: Shown::plain("added"), after: Shown::Absent });
    }

    /// Something of ours that people removed.
    pub(super) fn removed(&mut self, field: String, wanted: &Value) {
        let kind = wanted.get("type").and_then(Value::as_str).unwrap_or("as rendered");
        self.fields.push(FieldDiff { field, before: Shown::Absent, after: Shown::plain(kind) });
    }

    fn objects(&mut self, field: &str, before: &Map<String, Value>, after: &Map<String, Value>) {
        let keys = after.keys().chain(before.keys().filter(|key| !after.contains_key(*key)));
        for key in keys {
            self.compare(&format!("{field}.{key}"), key, before.get(key), after.get(key));
        }
    }

    fn arrays(&mut self, field: &str, key: &str, before: &[Value], after: &[Value]) {
        for index in 0..before.len().max(after.len()) {
            let field = format!("{field}[{index}]");
            match (before.get(index), after.get(index)) {
                (Some(before), Some(after)) => {
                    // An entry is never left out: `null` is a value in a list.
                    match (before, after) {
                        (Value::Object(before), Value::Object(after)) => {
                            self.objects(&field, before, after);
                        }
                        _ if same(before, after) => {}
                        _ => self.compare(&field, key, Some(before), Some(after)),
                    }
                }
                (before, after) => self.fields.push(FieldDiff {
                    field,
                    before: shown(before),
                    after: shown(after),
                }),
            }
        }
    }
}

/// The value, unless it says what its absence says.
fn significant<'a>(key: &str, value: Option<&'a Value>) -> Option<&'a Value> {
    value.filter(|value| !default::is_default(key, value))
}

/// 1 and 1.0 are one number.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right
                || left.as_f64().zip(right.as_f64()).is_some_and(|(l, r)| l.total_cmp(&r).is_eq())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        _ => left == right,
    }
}

fn shown(value: Option<&Value>) -> Shown {
    let text = match value {
        None => return Shown::Absent,
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    if text.chars().count() <= SHOWN {
        return Shown::Plain(text);
    }
    Shown::Plain(text.chars().take(SHOWN).chain(['…']).collect())
}
