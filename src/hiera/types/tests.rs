//! Holds types to what Puppet 7 answered (`tests/fixtures/types`).

use super::TypeSpec;
use crate::diagnostic::Location;
use crate::hiera::{Node, Value};
use serde_json::Value as Json;

const CHECKS: &str = include_str!("../../../tests/fixtures/types/checks.jsonl");
const CONVERSIONS: &str = include_str!("../../../tests/fixtures/types/conversions.jsonl");

/// How the cases begin that differ, and why.
const EXCEPTIONS: [(&str, &str); 5] = [
    (r#"{"type":"Integer","arguments":["1234567890123"#, "beyond 64 bits"),
    (r#"{"type":"Integer","arguments":[1.0e+30]"#, "beyond 64 bits"),
    (r#"{"type":"String","arguments":[-255,"%x"]"#, "Ruby's endless complement: `..f01`"),
    (
        r#"{"type":"Hash","arguments":[[["a",1],["b"]]]"#,
        "a key that is a list, told otherwise here",
    ),
    (r#"{"type":"Hash[1,2]","value"#, "Puppet forgets that any entry fits"),
];

fn is_exception(line: &str) -> bool {
    EXCEPTIONS.iter().any(|(start, _)| line.starts_with(start))
}

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

fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::BigInteger(digits) | Value::Symbol(digits) => format!("big {digits}").into(),
        Value::Float(value) => (*value).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(entries) => {
            let entry = |(key, value): &(Node, Node)| match json(key) {
                Json::String(key) => (key, json(value)),
                other => (other.to_string(), json(value)),
            };
            Json::Object(entries.iter().map(entry).collect())
        }
        Value::Sensitive(_) => "Sensitive [value redacted]".into(),
    }
}

#[test]
fn values_are_of_the_types_that_puppet_says() {
    let mut wrong = Vec::new();
    for line in CHECKS.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let fits = TypeSpec::parse(case["type"].as_str().unwrap())
            .is_ok_and(|spec| spec.fits(&node(&case["value"])));
        if case["fits"] != fits && !is_exception(line) {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn conversions_give_what_puppet_gives() {
    let mut wrong = Vec::new();
    for line in CONVERSIONS.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let arguments: Vec<Node> = case["arguments"].as_array().unwrap().iter().map(node).collect();
        let (from, arguments) = arguments.split_first().unwrap();
        let made = TypeSpec::parse(case["type"].as_str().unwrap())
            .and_then(|spec| spec.convert(from.clone(), arguments));
        let agrees = match (&made, case.get("value")) {
            (Ok(made), Some(expected)) => json(made) == *expected,
            (Err(_), None) => true,
            _ => false,
        };
        if !agrees && !is_exception(line) {
            wrong.push(format!("{line}\n  ours: {:?}", made.map(|node| json(&node))));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_confidential_stays_so_and_is_in_no_error() {
    let secret = Node { confidential: true, ..node(&Json::from("hunter2")) };
    for spec in ["Integer", "Timestamp", "SemVer", "Hash", "Regexp[/x/]", "Enum[a]", "Float[1,2]"] {
        let spec = TypeSpec::parse(spec).unwrap();
        if let Err(error) = spec.convert(secret.clone(), &[]) {
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let error = spec.check(&secret).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    let letters = TypeSpec::parse("Array").unwrap().convert(secret.clone(), &[]).unwrap();
    assert!(letters.confidential);
    let Value::Sequence(letters) = letters.value else { panic!() };
    assert!(letters.iter().all(|letter| letter.confidential));
    let number = Node { confidential: true, ..node(&Json::from(50)) };
    let error = TypeSpec::parse("Integer[1,10]").unwrap().check(&number).unwrap_err();
    assert_eq!(error.to_string(), "expects Integer[1, 10], got Integer");
}

#[test]
fn errors_say_where_and_what() {
    let error = |spec: &str, value: &str| {
        let value: Json = serde_json::from_str(value).unwrap();
        TypeSpec::parse(spec).unwrap().check(&node(&value)).unwrap_err().to_string()
    };
    assert_eq!(
        error("Hash[String,Array[Integer[1,10]]]", r#"{"a": [1, 11]}"#),
        "entry `a` index 1 expects Integer[1, 10], got Integer 11"
    );
    assert_eq!(error("Struct[{a=>Integer}]", "{}"), "entry `a` is missing");
    assert_eq!(error("String[1]", "\"\""), "expects String[1], got String");
    let error = TypeSpec::parse("Array[Integer").unwrap_err().to_string();
    assert_eq!(error, "a `[` of the type is never closed");
}
