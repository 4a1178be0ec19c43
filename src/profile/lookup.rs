//! What a key is: its value in the profile, or its default.

use super::key::{Fallback, KEYS, Key, Shape};
use super::keys;
use crate::diagnostic::{Diagnostic, Failure, Kind, Origin};
use crate::hiera::{Entry, Lookup, Node, Value};
use crate::secret::Reference;
use serde_json::{Map, Value as Json};

/// What stands for a secret that the profile holds itself.
const HIDDEN: &str = "(hidden)";

/// What was found for a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The value; a secret that stands in the profile is hidden.
    pub value: Json,
    /// Where it stands, or that it is the default.
    pub origin: Origin,
}

/// Looks up one key; none where it has no value.
///
/// # Errors
/// Any mistake on the way to it, a key of a closed namespace that nobody reads.
pub fn lookup(lookup: &Lookup<'_>, name: &str) -> Result<Option<Found>, Failure> {
    let key = KEYS.iter().find(|key| key.name == name);
    if let Some(node) = lookup.value(name)?.filter(|node| node.value != Value::Null) {
        let value = if key.is_some_and(|key| matches!(key.shape, Shape::Secret)) {
            Json::String(secret(&node))
        } else {
            json(&node)
        };
        return Ok(Some(Found { value, origin: node.origin() }));
    }
    match key {
        Some(key) => Ok(key.default.value().map(|value| Found { value, origin: Origin::Default })),
        None => unknown(name).map_or(Ok(None), |error| Err(error.into())),
    }
}

/// Says that a key has no value, and what stands in for it.
#[must_use]
pub fn no_value(name: &str) -> Diagnostic {
    let error = Diagnostic::error(Kind::Failed, format!("`{name}` has no value"));
    let error = error.code("lookup::no-value");
    match KEYS.iter().find(|key| key.name == name) {
        Some(Key { default: Fallback::Follows(what), .. }) => error
            .cause(format!("it is not in the profile, and follows from something else: {what}")),
        Some(_) => error.cause("it is not in the profile, and has no default"),
        None => {
            let error = error.cause("it is not in the profile");
            match keys::meant(name) {
                Some(hint) => error.hint(hint),
                None => error,
            }
        }
    }
}

/// Refuses a key that could never be in a profile.
fn unknown(name: &str) -> Option<Diagnostic> {
    let location =
        crate::diagnostic::Location { layer: "".into(), file: "".into(), line: 1, column: 1 };
    let node = Node::new(Value::Null, location.clone());
    let judged = keys::judge(&Entry { key: name.to_owned(), location, node })?;
    (judged.kind == Kind::Profile).then(|| {
        let error = Diagnostic::error(Kind::Usage, judged.message).code("lookup::unknown-key");
        Diagnostic { hint: judged.hint, ..error }
    })
}

/// A reference as it stands; the secret itself, and what is neither, hidden.
fn secret(node: &Node) -> String {
    let text = node.value.as_text().unwrap_or_default();
    match Reference::parse(text) {
        Ok(Reference::Environment(_) | Reference::File(_)) => text.to_owned(),
        Ok(Reference::Literal(_)) | Err(_) => HIDDEN.to_owned(),
    }
}

fn json(node: &Node) -> Json {
    if node.confidential {
        return HIDDEN.into();
    }
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::BigInteger(text) | Value::Text(text) | Value::Symbol(text) => text.as_str().into(),
        Value::Sensitive(_) => HIDDEN.into(),
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let key = match json(key) {
                    Json::String(text) => text,
                    other => other.to_string(),
                };
                (key, json(value))
            });
            Json::Object(entries.collect::<Map<String, Json>>())
        }
    }
}
