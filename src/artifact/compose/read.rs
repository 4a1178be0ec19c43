//! Reading sections strictly: every key is taken once, what is left is an error.

use super::node::{Entry, Node, Value, origin};
use crate::diagnostic::{Diagnostic, Kind};
use std::collections::BTreeMap;

/// What is wrong so far.
#[derive(Default)]
pub(super) struct Mistakes(Vec<Diagnostic>);

impl Mistakes {
    /// Adds a mistake and its cure.
    pub(super) fn add(&mut self, node: &Node, message: impl Into<String>, hint: impl Into<String>) {
        self.push(node.line, node.column, "compose::value", message.into(), hint.into());
    }

    fn push(
        &mut self,
        line: usize,
        column: usize,
        code: &'static str,
        message: String,
        hint: String,
    ) {
        let error = Diagnostic::error(Kind::Profile, message)
            .code(code)
            .at(&origin(line, column))
            .hint(hint);
        self.0.push(error);
    }

    /// Ends the reading: a value without mistakes, or all the mistakes.
    pub(super) fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        self.0.sort_by_key(|error| error.origin.location().map(|at| (at.line, at.column)));
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}

/// A map that is being read.
pub(super) struct Section<'a> {
    node: &'a Node,
    path: String,
    entries: Vec<&'a Entry>,
    asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    /// Opens a map; anything else is a mistake.
    pub(super) fn open(node: &'a Node, path: &str, mistakes: &mut Mistakes) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            let name = if path.is_empty() { "the compose file" } else { path };
            let message = format!("`{name}` must be a map, and is {}", node.value.noun());
            mistakes.add(node, message, "write `key: value` lines below it");
            return None;
        };
        let entries = entries.iter().collect();
        Some(Self { node, path: path.to_owned(), entries, asked: Vec::new() })
    }

    /// The entries of a map whose keys are free names.
    pub(super) fn entries(
        node: &'a Node,
        path: &str,
        mistakes: &mut Mistakes,
    ) -> Vec<(&'a str, &'a Node)> {
        Self::open(node, path, mistakes).map_or_else(Vec::new, |section| {
            section.entries.iter().map(|entry| (entry.key.as_str(), &entry.value)).collect()
        })
    }

    /// The full name of a key.
    pub(super) fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Takes a key that may be missing.
    pub(super) fn optional(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(&self.entries.remove(index).value)
    }

    /// Takes a key that must be there.
    pub(super) fn required(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes,
    ) -> Option<&'a Node> {
        let found = self.optional(key);
        self.missing(key, found, mistakes);
        found
    }

    /// Says that a key is missing, unless its value was found or was itself a mistake.
    pub(super) fn missing<T>(&self, key: &str, found: Option<&T>, mistakes: &mut Mistakes) {
        let written = match &self.node.value {
            Value::Map(entries) => entries.iter().any(|entry| entry.key == key),
            _ => false,
        };
        if found.is_none() && !written {
            let message = format!("`{}` is missing", self.name(key));
            mistakes.add(self.node, message, format!("add `{key}`"));
        }
    }

    /// Takes text.
    pub(super) fn text(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<String> {
        let node = self.optional(key)?;
        text(node, &self.name(key), mistakes)
    }

    /// Takes a boolean.
    pub(super) fn bool(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<bool> {
        let node = self.optional(key)?;
        if let Value::Bool(value) = node.value {
            return Some(value);
        }
        let message =
            format!("`{}` must be a boolean, and is {}", self.name(key), node.value.noun());
        mistakes.add(node, message, format!("write `{key}: true`"));
        None
    }

    /// Takes a list; an empty one is a mistake, since docker-compose hashes it apart from none.
    pub(super) fn list(&mut self, key: &'static str, mistakes: &mut Mistakes) -> &'a [Node] {
        let Some(node) = self.optional(key) else { return &[] };
        match &node.value {
            Value::List(items) if !items.is_empty() => items,
            other => {
                let noun =
                    if matches!(other, Value::List(_)) { "an empty list" } else { other.noun() };
                let message = format!("`{}` must be a list, and is {noun}", self.name(key));
                mistakes.add(node, message, format!("write `{key}: [\"…\"]`, or leave it out"));
                &[]
            }
        }
    }

    /// Takes a list of texts.
    pub(super) fn texts(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Vec<String> {
        let items = self.list(key, mistakes);
        let name = self.name(key);
        items.iter().filter_map(|item| text(item, &name, mistakes)).collect()
    }

    /// Takes a map from text to text; an empty one is a mistake, as in [`Self::list`].
    pub(super) fn map(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes,
    ) -> BTreeMap<String, String> {
        let Some(node) = self.optional(key) else { return BTreeMap::new() };
        let path = self.name(key);
        let entries = Section::entries(node, &path, mistakes);
        if entries.is_empty() && matches!(node.value, Value::Map(_)) {
            mistakes.add(node, format!("`{path}` is an empty map"), "leave it out");
        }
        entries
            .into_iter()
            .filter_map(|(key, node)| {
                Some((key.to_owned(), text(node, &format!("{path}.{key}"), mistakes)?))
            })
            .collect()
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, mistakes: &mut Mistakes) {
        for entry in &self.entries {
            let near = self
                .asked
                .iter()
                .map(|asked| (strsim::jaro_winkler(asked, &entry.key), *asked))
                .filter(|(likeness, _)| *likeness > 0.8)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = match near {
                Some((_, asked)) => format!("did you mean `{asked}`?"),
                None => format!("remove it; known keys are {}", self.asked.join(", ")),
            };
            let message = format!("unknown key `{}`", self.name(&entry.key));
            mistakes.push(entry.line, entry.column, "compose::unknown-key", message, hint);
        }
    }
}

/// Reads text as docker-compose does: `$$` stands for `$`. Substitution of
/// shell variables is refused, since the result would depend on who runs it.
pub(super) fn text(node: &Node, name: &str, mistakes: &mut Mistakes) -> Option<String> {
    let Value::Text(raw) = &node.value else {
        let message = format!("`{name}` must be text, and is {}", node.value.noun());
        mistakes.add(node, message, "put it between double quotes");
        return None;
    };
    let text = raw.replace("$$", "\0");
    if text.contains('$') {
        let message = format!("`{name}` has a single `$`, which asks for a shell variable");
        mistakes.add(node, message, "write the value itself, or `$$` for a dollar sign");
        return None;
    }
    Some(text.replace('\0', "$"))
}
