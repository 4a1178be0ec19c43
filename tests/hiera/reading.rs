//! Answers from files alone: the first level that has the key, and digging.

use crate::case::{Answer, Case, Scenario};
use otelctl::hiera::{DataFile, Format, Node, Value};
use serde_json::{Map, Value as Json};
use std::path::Path;
use std::sync::Arc;

/// The categories that are about reading.
const CATEGORIES: [&str; 3] = ["yaml", "json", "null"];

/// Looks a key up; nothing when a merge or an interpolation decides.
pub fn answer(scenario: &Scenario, case: &Case) -> Option<Answer> {
    let [key] = case.keys.as_slice() else { return None };
    let plain = CATEGORIES.contains(&scenario.category.as_str())
        || scenario.folder.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with("yaml-") && !name.contains("strict")
        });
    if !plain || !case.options.is_empty() || key.contains('\'') {
        return None;
    }
    let files = match levels(&scenario.folder) {
        Ok(files) => files,
        Err(error) => return Some(Err(error)),
    };
    if files.iter().any(|file| file.get("lookup_options").is_some()) && key == "l" {
        return None;
    }
    let mut segments = key.split('.');
    let root = segments.next()?;
    let missing = || Err(format!("no `{key}`"));
    let Some(mut node) = files.iter().find_map(|file| file.get(root)) else {
        return Some(missing());
    };
    if let Some(refused) = node.refused_part() {
        return Some(Err(format!("{} is no value", refused.value.kind())));
    }
    for segment in segments {
        let Some(inner) = dig(node, segment) else { return Some(missing()) };
        node = inner;
    }
    let interpolated = matches!(&node.value, Value::Text(text) if text.contains("%{"));
    (!interpolated).then(|| json(node))
}

fn levels(folder: &Path) -> Result<Vec<DataFile>, String> {
    let config = file(&folder.join("hiera.yaml"), Format::Yaml)?;
    let hierarchy = config.get("hierarchy").expect("a hierarchy");
    let Value::Sequence(levels) = &hierarchy.value else { panic!("a list of levels") };
    let read = |level: &Node| {
        let text = |name| dig(level, name).and_then(|node| node.value.as_text().map(str::to_owned));
        let json = text("data_hash").is_some_and(|function| function == "json_data");
        let format = if json { Format::Json } else { Format::Yaml };
        file(&folder.join("data").join(text("path").expect("a path")), format)
    };
    levels.iter().map(read).collect()
}

fn file(path: &Path, format: Format) -> Result<DataFile, String> {
    let bytes = std::fs::read(path).expect("the level's file");
    let (layer, name) = (Arc::from("level"), Arc::from(path.to_string_lossy()));
    DataFile::read(&bytes, format, &layer, &name).map_err(|errors| format!("{errors:?}"))
}

fn dig<'a>(node: &'a Node, segment: &str) -> Option<&'a Node> {
    let number = segment.parse::<i64>().ok();
    match (&node.value, number) {
        (Value::Sequence(items), Some(at)) => items.get(usize::try_from(at).ok()?),
        (Value::Mapping(entries), _) => {
            let is_key = |key: &Node| match (&key.value, number) {
                (Value::Integer(key), Some(number)) => *key == number,
                (Value::Text(key), None) => key == segment,
                _ => false,
            };
            entries.iter().find(|(key, _)| is_key(key)).map(|(_, value)| value)
        }
        _ => None,
    }
}

fn json(node: &Node) -> Answer {
    let number = |text: &str| serde_json::from_str(text).expect("digits are JSON");
    let json = match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::BigInteger(digits) => number(digits),
        Value::Float(value) if value.is_finite() => (*value).into(),
        Value::Float(value) => return Err(format!("JSON has no {value}")),
        Value::Text(text) | Value::Symbol(text) => text.as_str().into(),
        Value::Sequence(items) => items.iter().map(json).collect::<Result<_, _>>()?,
        Value::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let key = match json(key)? {
                    Json::String(text) => text,
                    other => other.to_string(),
                };
                map.insert(key, json(value)?);
            }
            Json::Object(map)
        }
        Value::Sensitive(_) => "Sensitive [value redacted]".into(),
    };
    Ok(json)
}
