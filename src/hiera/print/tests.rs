//! Holds what is printed to what Ruby 3.1 and Psych 4 wrote (`tests/fixtures/lookup`).

use super::{json, to_s, yaml};
use crate::diagnostic::Location;
use crate::hiera::{Node, Value};
use serde_json::Value as Json;

const RENDERED: &str = include_str!("../../../tests/fixtures/lookup/rendered.jsonl");

fn node(json: &Json) -> Node {
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(value) => Value::Integer(value),
            None => Value::Float(number.as_f64().unwrap()),
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::Sequence(items.iter().map(node).collect()),
        Json::Object(entries) => {
            let entry =
                |(key, value): (&String, &Json)| (node(&Json::from(key.as_str())), node(value));
            Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Node::new(value, Location { layer: "test".into(), file: "t".into(), line: 1, column: 1 })
}

#[test]
fn values_look_as_ruby_writes_them() {
    let mut wrong = Vec::new();
    for line in RENDERED.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let node = node(&case["value"]);
        for (form, ours) in [("yaml", yaml(&node)), ("s", to_s(&node))] {
            if case[form] != ours {
                wrong.push(format!(
                    "{form} {}\n  ruby: {}\n  ours: {ours:?}",
                    case["value"], case[form]
                ));
            }
        }
        let read: Json = serde_json::from_str(&json(&node).unwrap()).unwrap();
        assert_eq!(read, case["value"]);
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_sensitive_value_is_never_printed() {
    let hidden = Value::Sensitive(Box::new(node(&Json::from("hunter2"))));
    let list = Node {
        value: Value::Sequence(vec![Node { value: hidden, ..node(&Json::Null) }]),
        ..node(&Json::Null)
    };
    for printed in [yaml(&list), to_s(&list), json(&list).unwrap()] {
        assert!(printed.contains("Sensitive [value redacted]"), "{printed}");
        assert!(!printed.contains("hunter2"), "{printed}");
    }
}
