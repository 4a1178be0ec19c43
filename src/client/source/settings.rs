//! Settings files of Claude Code: strict JSON, whose object `env` sets variables.
//!
//! Measured: with a comment or a trailing comma the CLI loads nothing of the
//! file; numbers and booleans count as their text.

use super::{Assignment, Layer, Source, is_ours};
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use crate::secret::Secret;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

const HELPER: &str = "otelHeadersHelper";
const ENV: &str = "env";

/// Reads a settings file.
pub(super) fn source(text: &str, file: &str, layer: Layer) -> Result<Source, Vec<Diagnostic>> {
    let place = |line, column| {
        let (layer, file) = (Arc::from(layer.to_string()), file.into());
        Origin::File(Location { layer, file, line, column })
    };
    let refuse = |message: &str, line, column| {
        let error = Diagnostic::error(Kind::Verify, message).code("client::settings");
        vec![error.at(&place(line, column))]
    };
    let root: Value = serde_json::from_str(text).map_err(|error| {
        let told = refuse("Claude Code does not load this file", error.line(), error.column());
        told.into_iter().map(|told| told.cause("it is not valid JSON")).collect::<Vec<_>>()
    })?;
    let Value::Object(root) = root else {
        return Err(refuse("settings are a JSON object", 1, 1));
    };
    let places = places(text);
    let at = |inside: bool, key: &str| {
        let found = places.get(&(inside, key.to_owned())).map(|offset| position(text, *offset));
        found.map_or_else(|| place(1, 1), |(line, column)| place(line, column))
    };
    let empty = Map::new();
    let env = match root.get(ENV) {
        None => &empty,
        Some(Value::Object(env)) => env,
        Some(_) => {
            let error = Diagnostic::error(Kind::Verify, "`env` is not an object of variables");
            return Err(vec![error.code("client::settings").at(&at(false, ENV))]);
        }
    };
    let mut errors = Vec::new();
    let mut assignments = Vec::new();
    for (name, value) in env.iter().filter(|(name, _)| is_ours(name)) {
        let origin = at(true, name);
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                let error = Diagnostic::error(Kind::Verify, format!("`{name}` is not text"));
                errors.push(error.code("client::settings").at(&origin));
                continue;
            }
        };
        assignments.push(Assignment { name: name.clone(), value: Secret::new(value), origin });
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let headers_helper = root.contains_key(HELPER).then(|| at(false, HELPER));
    Ok(Source { headers_helper, ..Source::of(layer, assignments) })
}

/// Where the keys of the root and those of `env` begin, in bytes; of two with
/// one name the last. The text is known to be JSON.
fn places(text: &str) -> BTreeMap<(bool, String), usize> {
    let mut found = BTreeMap::new();
    // For each open bracket: whether a key comes next, and the key at hand.
    let mut open: Vec<(bool, String)> = Vec::new();
    let mut characters = text.char_indices();
    while let Some((start, c)) = characters.next() {
        match c {
            '{' => open.push((true, String::new())),
            '[' => open.push((false, String::new())),
            '}' | ']' => drop(open.pop()),
            ',' => {
                if let Some((is_key, key)) = open.last_mut() {
                    // In a list no key has been met.
                    *is_key = !key.is_empty();
                }
            }
            '"' => {
                let mut escaped = false;
                let end = characters.find(|(_, c)| {
                    let ends = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    ends
                });
                let depth = open.len();
                let inside = depth == 2 && open.first().is_some_and(|(_, key)| key == ENV);
                let Some((true, last)) = open.last_mut().map(|(is_key, key)| (*is_key, key)) else {
                    continue;
                };
                let raw = end.and_then(|(end, _)| text.get(start..=end)).unwrap_or("\"\"");
                *last = serde_json::from_str(raw).unwrap_or_default();
                if depth == 1 || inside {
                    found.insert((inside, last.clone()), start);
                }
                if let Some((is_key, _)) = open.last_mut() {
                    *is_key = false;
                }
            }
            _ => {}
        }
    }
    found
}

/// Line and column of a byte, from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or_default();
    let last = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, last.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use crate::client::{Layer, Source};

    fn read(text: &str) -> Result<Source, Vec<String>> {
        let told = |errors: Vec<crate::diagnostic::Diagnostic>| {
            let told = errors.iter().map(|error| format!("{} {}", error.origin, error.message));
            told.collect::<Vec<String>>()
        };
        Source::of_settings(text, "s.json", Layer::User).map_err(told)
    }

    #[test]
    fn finds_variables_and_their_places() {
        let text = "{\n\t\"x\": {\"env\": {\"OTEL_A\": \"0\"}, \"l\": [\"OTEL_A\", {\"a\": 1}]},\n\
                    \t\"env\": {\"PATH\": \"/\", \"OTEL_A\": \"a\\\"b\",\n  \"OTEL_\\u0042\": 5000},\n\
                    \"otelHeadersHelper\": \"x\"}";
        let source = read(text).expect("read");
        let shown: Vec<String> = source
            .assignments
            .iter()
            .map(|set| format!("{} {}={}", set.origin, set.name, set.value.expose()))
            .collect();
        assert_eq!(shown, ["s.json:3:23 OTEL_A=a\"b", "s.json:4:3 OTEL_B=5000"]);
        assert_eq!(source.headers_helper.expect("there").to_string(), "s.json:5:1");
        assert!(read("{}").expect("read").assignments.is_empty());
    }

    #[test]
    fn what_the_cli_does_not_load_is_told() {
        for (text, told) in [
            ("{\"env\": {},}", "s.json:1:12 Claude Code does not load this file"),
            ("{\n// c\n}", "s.json:2:1 Claude Code does not load this file"),
            ("[]", "s.json:1:1 settings are a JSON object"),
            ("{\"a\": 1,\n \"env\": [1]}", "s.json:2:2 `env` is not an object of variables"),
            ("{\"env\": {\"OTEL_A\": null}}", "s.json:1:10 `OTEL_A` is not text"),
        ] {
            assert_eq!(read(text).expect_err(text), [told], "{text}");
        }
    }
}
