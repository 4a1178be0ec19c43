//! Expressions in texts, replaced by what they stand for.
//!
//! A text keeps its own place whatever is put into it; an `alias` gives the value
//! with its own place. What is partly confidential is confidential.

use super::Outcome;
use super::interpolation::{Method, Piece, is_interpolated, pieces};
use super::key::Key;
use super::layer::Resolved;
use super::mistake::{fail, mistake_at};
use super::same::identity;
use super::scope::member;
use super::session::Session;
use crate::hiera::print::to_s;
use crate::hiera::{Node, Value, decrypt, holds_block};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

impl Session<'_> {
    /// Replaces every expression in a value, the keys of mappings among them.
    pub(super) fn interpolated(&mut self, node: &Node, methods: bool) -> Outcome<Node> {
        self.budget.value(&node.location)?;
        let value = match &node.value {
            Value::Text(text) if is_interpolated(text) => return self.text(node, text, methods),
            Value::Sequence(items) => Value::Sequence(
                items
                    .iter()
                    .map(|item| self.interpolated(item, methods))
                    .collect::<Outcome<_>>()?,
            ),
            Value::Mapping(entries) => Value::Mapping(self.entries(entries, methods)?),
            value => value.clone(),
        };
        Ok(Node { value, ..node.clone_place() })
    }

    fn entries(&mut self, entries: &[(Node, Node)], methods: bool) -> Outcome<Vec<(Node, Node)>> {
        let mut made: Vec<(Node, Node)> = Vec::with_capacity(entries.len());
        let has_keys = |(key, _): &(Node, Node)| key.value.as_text().is_some_and(is_interpolated);
        if !entries.iter().any(has_keys) {
            for (key, value) in entries {
                made.push((key.clone(), self.interpolated(value, methods)?));
            }
            return Ok(made);
        }
        // Two keys may become the same: the later value counts, in the first place.
        let mut places: HashMap<String, usize> = HashMap::new();
        for (key, value) in entries {
            let entry = (self.interpolated(key, methods)?, self.interpolated(value, methods)?);
            let identity = identity(&entry.0);
            if let Some(old) = places.get(&identity).and_then(|at| made.get_mut(*at)) {
                *old = entry;
            } else {
                places.insert(identity, made.len());
                made.push(entry);
            }
        }
        Ok(made)
    }

    fn text(&mut self, node: &Node, text: &str, methods: bool) -> Outcome<Node> {
        let pieces = pieces(text);
        let (mut made, mut confidential) = (String::new(), node.confidential);
        let alone = pieces.len() == 1;
        for piece in pieces {
            let (method, argument) = match piece {
                Piece::Plain(plain) => {
                    made.push_str(plain);
                    continue;
                }
                Piece::Nothing => continue,
                Piece::Unknown(name) => {
                    let told = refuse(node, format!("`{name}` is no interpolation method"));
                    return fail(told.hint("the methods are lookup, hiera, alias, literal, scope"));
                }
                Piece::Expression { call: true, .. } if !methods => {
                    let told = refuse(node, "a path cannot look keys up");
                    return fail(told.hint("use a variable such as %{facts.os.family}"));
                }
                Piece::Expression { method, argument, .. } => (method, argument),
            };
            let value = match method {
                Method::Alias if !alone => {
                    let told = refuse(node, "`alias` is only a part of this text");
                    return fail(told.hint("an alias stands alone; use `lookup` inside a text"));
                }
                Method::Alias => {
                    let found = self.looked_up(argument, node)?;
                    let mut value = found.unwrap_or_else(|| empty_text(node));
                    value.confidential |= confidential;
                    return Ok(value);
                }
                Method::Lookup => {
                    Some(self.looked_up(argument, node)?.unwrap_or_else(|| empty_text(node)))
                }
                Method::Literal => {
                    Some(Node { value: Value::Text(argument.to_owned()), ..empty_text(node) })
                }
                Method::Scope => self.variable(argument, node)?,
            };
            let Some(value) = value else { continue };
            let name = match method {
                Method::Scope => format!("scope:{argument}"),
                _ => argument.to_owned(),
            };
            let value = self
                .guarded(&name, &node.location, |session| session.interpolated(&value, methods))?;
            confidential |= value.holds_secret();
            let part = to_s(&value);
            self.budget.text(part.len(), &node.location)?;
            made.push_str(&part);
        }
        Ok(Node { value: Value::Text(made), location: node.location.clone(), confidential })
    }

    fn looked_up(&mut self, key: &str, node: &Node) -> Outcome<Option<Node>> {
        self.budget.expression(self.names.len(), &node.location)?;
        let before = std::mem::replace(&mut self.asked_at, node.location.clone());
        let found = self.search(key, None);
        self.asked_at = before;
        found
    }

    /// Finds a variable, and digs into it.
    pub(super) fn variable(&mut self, text: &str, node: &Node) -> Outcome<Option<Node>> {
        self.budget.expression(self.names.len(), &node.location)?;
        let Some(key) = Key::parse(text) else {
            let told = refuse(node, "an expression in this text is no name of a variable");
            return fail(told.hint("write %{facts.name}, or %{lookup('key')} without blanks"));
        };
        let local = self.local.as_ref().filter(|(name, _)| *name == key.root);
        let scope = self.lookup.scope;
        let found = match local {
            Some((_, value)) => Some(value),
            None => scope.variable(&key.root),
        };
        let Some(found) = found else {
            if scope.strictness().variables {
                let told = refuse(node, format!("there is no variable `{}`", key.root));
                return fail(told.hint("name a fact, or turn `strict_variables` off"));
            }
            return Ok(None);
        };
        let found = found.clone();
        key.dig(found)
    }

    /// Opens what eyaml encrypted in a value.
    pub(super) fn opened(&mut self, level: &Resolved, node: &Node, key: &str) -> Outcome<Node> {
        let value = match &node.value {
            Value::Text(text) if holds_block(text) => {
                let keys = self.eyaml_keys(level)?;
                return match decrypt(text, &keys) {
                    Ok(Some(plain)) => Ok(Node {
                        value: Value::Text(plain),
                        location: node.location.clone(),
                        confidential: true,
                    }),
                    Ok(None) => Ok(node.clone()),
                    Err(error) => {
                        let message = format!("cannot decrypt a part of `{key}`");
                        let told = mistake_at("hiera::eyaml", message, &node.location);
                        fail(told.caused_by(&error).hint("encrypt it again: `eyaml encrypt -s …`"))
                    }
                };
            }
            Value::Sequence(items) => Value::Sequence(
                items.iter().map(|item| self.opened(level, item, key)).collect::<Outcome<_>>()?,
            ),
            Value::Mapping(entries) => {
                let mut opened = Vec::with_capacity(entries.len());
                for (name, value) in entries {
                    opened.push((name.clone(), self.opened(level, value, key)?));
                }
                Value::Mapping(opened)
            }
            value => value.clone(),
        };
        Ok(Node { value, ..node.clone_place() })
    }

    fn eyaml_keys(&self, level: &Resolved) -> Outcome<std::sync::Arc<crate::hiera::Keys>> {
        let sources = &self.lookup.hiera.sources;
        let folder = Path::new(&*level.location.file).parent().unwrap_or(Path::new(""));
        let path = |flag: Option<&PathBuf>, option: &str, default: &str| {
            flag.cloned().unwrap_or_else(|| {
                let set = level.options.as_ref().and_then(|options| member(options, option));
                folder.join(set.and_then(|node| node.value.as_text()).unwrap_or(default))
            })
        };
        let eyaml = &sources.eyaml;
        let private =
            path(eyaml.private.as_ref(), "pkcs7_private_key", "keys/private_key.pkcs7.pem");
        let public = path(eyaml.public.as_ref(), "pkcs7_public_key", "keys/public_key.pkcs7.pem");
        self.lookup.hiera.library.keys(&private, &public)
    }
}

impl Node {
    /// A node without its value, for another one in the same place.
    fn clone_place(&self) -> Self {
        Self {
            value: Value::Null,
            location: self.location.clone(),
            confidential: self.confidential,
        }
    }
}

fn empty_text(node: &Node) -> Node {
    Node::new(Value::Text(String::new()), node.location.clone())
}

fn refuse(node: &Node, message: impl Into<String>) -> crate::diagnostic::Diagnostic {
    mistake_at("hiera::interpolation", message, &node.location)
}

#[cfg(test)]
mod tests {
    use crate::hiera::{Facts, Hiera, Scope};

    /// Looks `a` up and tells the error with its place.
    fn refused(text: &str) -> String {
        let hiera = Hiera::plain(text, "p.yaml").unwrap();
        let scope = Scope::new(Facts::none().root().clone(), "", "production");
        let failure = hiera.scoped(&scope).value("a").unwrap_err();
        let error = &failure.diagnostics()[0];
        format!("{} {}", error.origin, error.message)
    }

    #[test]
    fn a_circle_is_told_where_it_closes() {
        assert_eq!(
            refused("a: \"%{lookup('b')}\"\nb:\n  - \"%{alias('a')}\"\n"),
            "p.yaml:3:5 the lookup of `a` needs itself"
        );
    }

    #[test]
    fn lookups_that_multiply_are_refused() {
        let mut lines = vec!["a: \"%{lookup('a0')}\"\na40: x".to_owned()];
        for at in 0..40 {
            let next = format!("%{{lookup('a{}')}}", at + 1);
            lines.push(format!("a{at}: \"{next}{next}\""));
        }
        let told = refused(&lines.join("\n"));
        assert!(told.contains("one lookup needs more than"), "{told}");
        assert!(told.starts_with("p.yaml:"), "{told}");
    }
}
