//! What a document says, apart from how it is written.
//!
//! Comments and the order of keys change nothing here, so a line that moves in
//! the profile restarts no container. May not know what documents mean.

use serde_json::Value;
use std::collections::BTreeMap;

/// Writes a document as JSON without spaces, keys sorted.
pub fn json(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, &Value> = map.iter().collect();
            let entries = sorted.into_iter();
            separated(entries, ('{', '}'), out, |(key, value), out| {
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(value, out);
            });
        }
        Value::Array(list) => separated(list.iter(), ('[', ']'), out, write),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&value.to_string());
        }
    }
}

fn separated<T>(
    items: impl Iterator<Item = T>,
    (open, close): (char, char),
    out: &mut String,
    write: impl Fn(T, &mut String),
) {
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::json;
    use serde_json::json;

    #[test]
    fn order_of_keys_means_nothing_and_everything_else_does() {
        let one = json!({"b": {"c": "x\""}, "a": [1, 2]});
        assert_eq!(json(&one), r#"{"a":[1,2],"b":{"c":"x\""}}"#);
        for other in [
            json!({"a": [2, 1], "b": {"c": "x\""}}),
            json!({"a": ["1", 2], "b": {"c": "x\""}}),
            json!({"a": [1, 2], "b": {"c": "x\"", "d": null}}),
        ] {
            assert_ne!(json(&one), json(&other));
        }
    }
}
