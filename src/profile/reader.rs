//! Reads settings one by one and keeps every mistake.
//!
//! Turns mistakes into diagnostics; may not know what a key means.

use super::answers::Answers;
use super::expect::{Mistake, Read};
use crate::diagnostic::{Diagnostic, Kind, Origin, Sourced};
use crate::hiera::{Node, Value};
use std::collections::BTreeSet;

/// A profile being read, with what there is to say about it so far.
pub struct Reader<'a> {
    answers: &'a Answers,
    /// Errors, warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
    mistaken: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    /// Starts to read a profile.
    pub fn new(answers: &'a Answers) -> Self {
        let mistaken = answers.failed.iter().map(|&key| key.to_owned()).collect();
        Self { answers, diagnostics: Vec::new(), mistaken }
    }

    /// Reads a setting, or takes its default; the default also stands in for a
    /// mistake, which fails the whole profile in the end.
    pub fn setting<T>(
        &mut self,
        key: &str,
        default: T,
        read: impl Fn(&Node) -> Read<T>,
    ) -> Sourced<T> {
        self.optional(key, read).unwrap_or_else(|| Sourced::default_value(default))
    }

    /// Reads a setting that may be absent.
    pub fn optional<T>(
        &mut self,
        key: &str,
        read: impl Fn(&Node) -> Read<T>,
    ) -> Option<Sourced<T>> {
        let node = self.answers.get(key)?;
        let read = match node.value {
            Value::Null => Mistake::say("profile::wrong-type", node, "has no value")
                .hint("give it a value, or remove the key to use the default")
                .only(),
            _ => read(node),
        };
        match read {
            Ok(value) => Some(Sourced::new(value, node.origin())),
            Err(mistakes) => {
                self.mistakes(key, mistakes);
                None
            }
        }
    }

    /// Returns the value of a key as it stands.
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        self.answers.get(key)
    }

    /// Whether a key's value was mistaken, so that nothing follows from it.
    pub fn is_mistaken(&self, key: &str) -> bool {
        self.mistaken.contains(key)
    }

    /// Tells the mistakes in the value of a key.
    pub fn mistakes(&mut self, key: &str, mistakes: Vec<Mistake>) {
        self.mistaken.insert(key.to_owned());
        for Mistake { code, message, location, hint } in mistakes {
            let error = Diagnostic::error(Kind::Profile, format!("`{key}` {message}")).code(code);
            let mut error = error.at(&Origin::File(location));
            error.hint = hint;
            self.diagnostics.push(error);
        }
    }
}
