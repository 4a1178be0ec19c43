//! What the data says of each key of the profile.
//!
//! Knows keys and nodes; may not know what a value means.

use super::judgements::Judgements;
use super::key::{KEYS, Shape};
use crate::diagnostic::{Diagnostic, Failure, Kind, Origin};
use crate::hiera::{Lookup, Node, Value};
use std::collections::BTreeMap;

/// The value of each key that has one, and what there is to say about the keys.
#[derive(Debug, Default)]
pub struct Answers {
    found: BTreeMap<&'static str, Node>,
    /// Keys that have an answer which cannot be used.
    pub failed: Vec<&'static str>,
    /// Keys that nobody reads, values that may not be used, in the order of files and keys.
    pub diagnostics: Vec<Diagnostic>,
}

impl Answers {
    /// Looks every key up, and tells all that is wrong at once.
    ///
    /// # Errors
    /// Files that cannot be read, of which no key can be told.
    pub fn of(lookup: &Lookup<'_>, judgements: &Judgements) -> Result<Self, Failure> {
        let mut answers = Self::default();
        let files = lookup.files()?;
        for file in &files {
            answers.diagnostics.extend(judgements.of(file).iter().cloned());
        }
        for key in KEYS {
            // Most keys are nowhere: that is quickly seen, unless a module might have them.
            if !lookup.has_modules() && files.iter().all(|file| file.get(key.name).is_none()) {
                continue;
            }
            match lookup.value(key.name) {
                Ok(Some(node)) => answers.take(key.name, matches!(key.shape, Shape::Secret), node),
                Ok(None) => {}
                Err(failure) => answers.fail(key.name, &failure),
            }
        }
        Ok(answers)
    }

    /// Takes why a key has no answer; what is wrong with all keys is told once.
    fn fail(&mut self, key: &'static str, failure: &Failure) {
        self.failed.push(key);
        for error in failure.diagnostics() {
            let told =
                |known: &Diagnostic| known.message == error.message && known.origin == error.origin;
            if !self.diagnostics.iter().any(told) {
                self.diagnostics.push(error.clone());
            }
        }
    }

    /// Takes what was found for a key; what was decrypted only where it stays secret.
    fn take(&mut self, key: &'static str, is_secret: bool, node: Node) {
        let node = revealed(node);
        if !is_secret && node.holds_secret() {
            let message = format!("`{key}` is encrypted, and would stand in files for all to read");
            let error = Diagnostic::error(Kind::Profile, message).code("profile::confidential");
            let hint = "write it in clear, or encrypt a key that is a secret";
            self.diagnostics.push(error.at(&Origin::File(node.location)).hint(hint));
            self.failed.push(key);
            return;
        }
        self.found.insert(key, node);
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.found.get(key)
    }
}

/// What `convert_to: Sensitive` has wrapped; it stays confidential.
fn revealed(node: Node) -> Node {
    match node.value {
        Value::Sensitive(inner) => Node { confidential: true, ..revealed(*inner) },
        _ => node,
    }
}

#[cfg(test)]
mod tests {
    use super::Answers;
    use crate::diagnostic::Location;
    use crate::hiera::{Node, Value};

    fn node(value: Value) -> Node {
        let location =
            Location { layer: "secret".into(), file: "s.eyaml".into(), line: 3, column: 4 };
        Node::new(value, location)
    }

    fn taken(key: &'static str, is_secret: bool, value: Node) -> Answers {
        let mut answers = Answers::default();
        answers.take(key, is_secret, value);
        answers
    }

    #[test]
    fn what_is_encrypted_stays_where_secrets_stay() {
        let text = Node { confidential: true, ..node(Value::Text("hunter2".into())) };
        let sensitive = node(Value::Sensitive(Box::new(node(Value::Text("hunter2".into())))));
        let listed = node(Value::Sequence(vec![node(Value::Null), text.clone()]));
        for value in [text, sensitive] {
            let answers = taken("password", true, value.clone());
            let found = answers.get("password").unwrap();
            assert!(found.confidential && found.value.as_text() == Some("hunter2"));
            assert!(!format!("{answers:?}").contains("hunter2"));
            assert_eq!(taken("stack", false, value).diagnostics.len(), 1);
        }
        let answers = taken("stack", false, listed);
        assert!(answers.get("stack").is_none());
        assert_eq!(answers.diagnostics[0].origin.to_string(), "s.eyaml:3:4");
        assert!(!format!("{answers:?}").contains("hunter2"));
    }
}
