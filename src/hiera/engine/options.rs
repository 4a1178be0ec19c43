//! `lookup_options`: which merge and which conversion a key has.

use super::mistake::{fail, mistake_at};
use super::scope::member;
use super::{Outcome, Strategy};
use crate::diagnostic::Diagnostic;
use crate::hiera::{Node, Pattern, TypeSpec, Value};
use std::collections::HashMap;

/// The `lookup_options` of all levels together.
#[derive(Debug, Default)]
pub struct Options {
    exact: HashMap<String, Node>,
    patterns: Vec<(Pattern, Node)>,
}

/// What a `lookup_options` entry must begin with, so that a module sets only its own.
fn foreign_to(key: &str, module: &str) -> bool {
    let name = key.strip_prefix('^').unwrap_or(key);
    !name.strip_prefix(module).is_some_and(|rest| rest.starts_with("::"))
}

/// Checks what the levels of one layer say.
pub fn checked(node: Option<Node>, module: Option<&str>) -> Outcome<Option<Node>> {
    let Some(node) = node.filter(|node| node.value != Value::Null) else { return Ok(None) };
    let refuse = |message: String, at: &Node| fail(wrong(message, at));
    if node.holds_secret() {
        // What is wrong with them is told with their text.
        return refuse("a part of `lookup_options` is encrypted".to_owned(), &node);
    }
    let Value::Mapping(entries) = &node.value else {
        return refuse(
            format!("`lookup_options` is {}, expected a mapping", node.value.kind()),
            &node,
        );
    };
    for (key, _) in entries {
        let Some(text) = key.value.as_text() else {
            return refuse(format!("a key in `lookup_options` is {}", key.value.kind()), key);
        };
        if module.is_some_and(|module| foreign_to(text, module)) {
            let message =
                format!("`{text}` in a module's `lookup_options` is not the module's own");
            return refuse(message, key);
        }
    }
    Ok(Some(node))
}

fn wrong(message: String, at: &Node) -> Diagnostic {
    mistake_at("hiera::lookup-options", message, &at.location)
        .hint("write `key: {merge: deep}` under `lookup_options`")
}

impl Options {
    /// Compiles the patterns.
    pub fn compile(node: Option<Node>) -> Outcome<Self> {
        let mut options = Self::default();
        let Some(Node { value: Value::Mapping(entries), .. }) = node else { return Ok(options) };
        for (key, value) in entries {
            let Some(text) = key.value.as_text() else { continue };
            if !text.starts_with('^') {
                options.exact.insert(text.to_owned(), value);
                continue;
            }
            match Pattern::parse(text) {
                Ok(pattern) => options.patterns.push((pattern, value)),
                Err(error) => {
                    let message = format!("the pattern `{text}` is wrong");
                    return fail(wrong(message, &key).caused_by(&error));
                }
            }
        }
        Ok(options)
    }

    /// Finds the entry of a key: the exact one, else the first pattern.
    pub fn of(&self, root: &str) -> Option<&Node> {
        let exact = self.exact.get(root).filter(|node| node.value != Value::Null);
        exact.or_else(|| {
            self.patterns.iter().find(|(pattern, _)| pattern.matches(root)).map(|(_, node)| node)
        })
    }
}

/// The merge that an entry asks for.
pub fn merge(entry: Option<&Node>) -> Outcome<Option<Strategy>> {
    let Some(entry) = entry else { return Ok(None) };
    match &entry.value {
        Value::Mapping(_) => member(entry, "merge").map_or(Ok(None), Strategy::of_node),
        Value::Text(_) | Value::Null | Value::Bool(false) => Ok(None),
        other => fail(wrong(format!("an entry of `lookup_options` is {}", other.kind()), entry)),
    }
}

/// Applies the conversion that an entry asks for.
pub fn convert(entry: Option<&Node>, key: &str, node: Node) -> Outcome<Node> {
    let Some(convert_to) = entry
        .and_then(|entry| member(entry, "convert_to"))
        .filter(|node| node.value != Value::Null)
    else {
        return Ok(node);
    };
    let (spec, arguments) = match &convert_to.value {
        Value::Sequence(items) => match items.split_first() {
            Some((spec, arguments)) => (spec, arguments),
            None => return fail(wrong("`convert_to` is empty".to_owned(), convert_to)),
        },
        _ => (convert_to, [].as_slice()),
    };
    let Some(text) = spec.value.as_text() else {
        return fail(wrong(format!("`convert_to` is {}", spec.value.kind()), spec));
    };
    let at = node.location.clone();
    let converted = TypeSpec::parse(text).and_then(|spec| spec.convert(node, arguments));
    converted.or_else(|error| {
        let message = format!("cannot convert `{key}` to `{text}`");
        let told = mistake_at("hiera::convert-to", message, &at).caused_by(&error);
        fail(told.hint(format!(
            "the conversion stands at {}:{}",
            convert_to.location.file, convert_to.location.line
        )))
    })
}
