//! What `%{…}` knows about a node: facts, trusted data, the environment.

use crate::diagnostic::Location;
use crate::hiera::{Node, Value};
use std::sync::Arc;

/// Puppet's settings `strict` and `strict_variables`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strict {
    /// A data file that is no mapping is an error.
    pub files: bool,
    /// A variable that does not exist is an error.
    pub variables: bool,
}

/// The variables of one node.
#[derive(Clone, Debug)]
pub struct Scope {
    facts: Node,
    trusted: Node,
    environment: Node,
    node: String,
    strict: Strict,
}

impl Scope {
    /// Makes the variables of a node from its facts, a mapping.
    #[must_use]
    pub fn new(facts: Node, node: &str, environment: &str) -> Self {
        let layer: Arc<str> = "node".into();
        let place = Location { layer, file: "".into(), line: 1, column: 1 };
        let text = |text: &str| Node::new(Value::Text(text.to_owned()), place.clone());
        let certname = member(&facts, "clientcert").cloned();
        let null = || Node::new(Value::Null, place.clone());
        let (hostname, domain) = match certname.as_ref().and_then(|name| name.value.as_text()) {
            Some(name) => match name.split_once('.') {
                Some((hostname, domain)) => (text(hostname), text(domain)),
                None => (text(name), null()),
            },
            None => (null(), null()),
        };
        let empty = || Node::new(Value::Mapping(Vec::new()), place.clone());
        let trusted = vec![
            (text("authenticated"), text("local")),
            (text("certname"), certname.unwrap_or_else(null)),
            (text("extensions"), empty()),
            (text("hostname"), hostname),
            (text("domain"), domain),
            (text("external"), empty()),
        ];
        Self {
            facts,
            trusted: Node::new(Value::Mapping(trusted), place.clone()),
            environment: text(environment),
            node: node.to_owned(),
            strict: Strict::default(),
        }
    }

    /// Sets how strict Puppet would be.
    #[must_use]
    pub const fn strict(mut self, strict: Strict) -> Self {
        self.strict = strict;
        self
    }

    /// The node's name.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.node
    }

    /// The environment's name.
    #[must_use]
    pub fn environment(&self) -> &str {
        self.environment.value.as_text().unwrap_or_default()
    }

    /// The facts, a mapping.
    #[must_use]
    pub const fn facts(&self) -> &Node {
        &self.facts
    }

    pub(super) const fn strictness(&self) -> Strict {
        self.strict
    }

    /// Finds a variable of the top scope.
    pub(super) fn variable(&self, name: &str) -> Option<&Node> {
        match name.strip_prefix("::").unwrap_or(name) {
            "facts" => Some(&self.facts),
            "trusted" => Some(&self.trusted),
            "environment" => Some(&self.environment),
            name => member(&self.facts, name),
        }
    }
}

/// Finds an entry of a mapping.
pub(super) fn member<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let Value::Mapping(entries) = &node.value else { return None };
    entries.iter().find(|(key, _)| key.value.as_text() == Some(name)).map(|(_, value)| value)
}
