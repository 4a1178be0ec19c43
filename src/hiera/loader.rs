//! From YAML events to nodes: anchors, aliases, merge keys, tags, budgets.
//!
//! Never recurses, so that no nesting can exhaust the stack, and never quotes
//! the file's text in an error, since it may hold a secret.

use super::mapping::{EntryError, Mapping};
use super::{Node, Value, scalar};
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use granit_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use std::collections::HashMap;
use std::sync::Arc;

/// How deep lists and mappings may nest.
pub const MAX_DEPTH: usize = 100;
/// How much aliases may copy in all: bytes of text, and 64 for each node.
const MAX_EXPANSION: usize = 8 << 20;
const NODE_WEIGHT: usize = 64;
/// How many mistakes are told of one file.
const MAX_ERRORS: usize = 50;

/// A node that an alias may repeat.
struct Anchored {
    node: Node,
    depth: usize,
    weight: usize,
}

/// An open list or mapping, with the deepest nesting and the weight below it.
struct Frame {
    location: Location,
    anchor: usize,
    depth: usize,
    weight: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping { mapping: Mapping, key: Option<Node>, merge: bool },
}

/// Reads the first document of a file.
pub struct Loader<'a> {
    layer: &'a Arc<str>,
    file: &'a Arc<str>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    expanded: usize,
    root: Option<Node>,
    errors: Vec<Diagnostic>,
}

impl<'a> Loader<'a> {
    /// Makes a loader that gives every node this layer and file.
    pub fn new(layer: &'a Arc<str>, file: &'a Arc<str>) -> Self {
        Self {
            layer,
            file,
            stack: Vec::new(),
            anchors: HashMap::new(),
            expanded: 0,
            root: None,
            errors: Vec::new(),
        }
    }

    /// Reads the first document; none when the file holds nothing.
    ///
    /// # Errors
    /// The first syntax error, or every duplicate key, refused tag and date.
    pub fn load(mut self, text: &str) -> Result<Option<Node>, Vec<Diagnostic>> {
        let options = granit_parser::options! {
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
            bom_inside_document_as_content: true,
        };
        for event in Parser::new_from_str_with_options(text, options) {
            let stop = match event {
                Ok((Event::DocumentEnd | Event::StreamEnd, _)) => true,
                Ok((event, span)) => !self.event(event, &span.start),
                Err(error) => {
                    self.fail(*error.marker(), "not valid YAML", Some(error.kind().to_string()));
                    true
                }
            };
            if stop {
                break;
            }
        }
        if self.errors.is_empty() { Ok(self.root) } else { Err(self.errors) }
    }

    /// Takes one event; false when reading cannot go on.
    fn event(&mut self, event: Event<'_>, start: &Marker) -> bool {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = self.scalar(&text, style, tag.as_deref(), start);
                let weight = NODE_WEIGHT + text.len();
                let merge = style == ScalarStyle::Plain && text == "<<" && tag.is_none();
                self.close(value, self.location(start), anchor, 0, weight, merge)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "seq", start);
                self.open(Content::Sequence(Vec::new()), anchor, start)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "map", start);
                let mapping = Mapping::default();
                self.open(Content::Mapping { mapping, key: None, merge: false }, anchor, start)
            }
            Event::SequenceEnd | Event::MappingEnd => self.stack.pop().is_none_or(|frame| {
                let value = match frame.content {
                    Content::Sequence(items) => Value::Sequence(items),
                    Content::Mapping { mapping, .. } => Value::Mapping(mapping.finish()),
                };
                let depth = frame.depth + 1;
                self.close(value, frame.location, frame.anchor, depth, frame.weight, false)
            }),
            Event::Alias(id) => self.alias(id, start),
            _ => true,
        }
    }

    fn open(&mut self, content: Content, anchor: usize, start: &Marker) -> bool {
        if self.stack.len() >= MAX_DEPTH {
            return self.too_deep(start);
        }
        let location = self.location(start);
        self.stack.push(Frame { location, anchor, depth: 0, weight: NODE_WEIGHT, content });
        true
    }

    /// Gives a finished node to its anchor and to what encloses it.
    fn close(
        &mut self,
        value: Value,
        location: Location,
        anchor: usize,
        depth: usize,
        weight: usize,
        merge: bool,
    ) -> bool {
        let node = Node::new(value, location);
        if anchor != 0 {
            self.expanded = self.expanded.saturating_add(weight);
            if self.expanded > MAX_EXPANSION {
                let origin = Origin::File(node.location);
                let message = "anchors hold more than 8 MiB of values";
                let error =
                    Diagnostic::error(Kind::Profile, message).code("hiera::yaml").at(&origin);
                self.errors.push(error);
                return false;
            }
            self.anchors.insert(anchor, Anchored { node: node.clone(), depth, weight });
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return true;
        };
        frame.depth = frame.depth.max(depth);
        frame.weight += weight;
        let (mapping, key, merging) = match &mut frame.content {
            Content::Sequence(items) => {
                items.push(node);
                return true;
            }
            Content::Mapping { mapping, key, merge: merging } => match key.take() {
                None => {
                    *key = Some(node);
                    *merging = merge;
                    return true;
                }
                Some(taken) => (mapping, taken, *merging),
            },
        };
        let node = match (merging, node) {
            (false, node) => node,
            (true, Node { value, location, .. }) => match mapping.merge(value) {
                Ok(()) => return true,
                Err(value) => Node::new(value, location),
            },
        };
        let refused = |error: EntryError| refused_entry(&error, &key);
        if let Err(error) = mapping.insert(key.clone(), node).map_err(refused) {
            self.errors.push(error);
        }
        self.errors.len() < MAX_ERRORS
    }

    fn alias(&mut self, id: usize, start: &Marker) -> bool {
        let Some(anchored) = self.anchors.get(&id) else {
            return self.fail(*start, "an alias stands inside the value it repeats", None);
        };
        let (depth, weight) = (anchored.depth, anchored.weight);
        if self.stack.len() + depth > MAX_DEPTH {
            return self.too_deep(start);
        }
        self.expanded = self.expanded.saturating_add(weight);
        if self.expanded > MAX_EXPANSION {
            return self.fail(*start, "aliases repeat more than 8 MiB of values", None);
        }
        let Node { value, location, .. } = anchored.node.clone();
        self.close(value, location, 0, depth, weight, false)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, at: &Marker) -> Value {
        let resolved = match tag.map(|tag| (tag, tag.core_suffix())) {
            None if style == ScalarStyle::Plain => scalar::resolve(text),
            None | Some((_, Some("str"))) => Ok(Value::Text(text.to_owned())),
            Some((_, Some("int" | "bool" | "null"))) => scalar::resolve(text),
            Some((_, Some("float"))) => scalar::resolve(text).map(|value| match value {
                Value::Integer(whole) => {
                    whole.to_string().parse().map_or(Value::Integer(whole), Value::Float)
                }
                other => other,
            }),
            Some((tag, _)) if tag.original() == "!" => Ok(Value::Text(text.to_owned())),
            Some(_) => {
                self.fail(*at, "this YAML tag is not allowed in a data file", None);
                Ok(Value::Null)
            }
        };
        resolved.unwrap_or_else(|error| {
            let diagnostic = Diagnostic::error(Kind::Profile, error.to_string());
            let origin = Origin::File(self.location(at));
            let hint = "put the value in quotes";
            self.errors.push(diagnostic.code("hiera::yaml").at(&origin).hint(hint));
            Value::Null
        })
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, allowed: &str, at: &Marker) {
        if tag.is_some_and(|tag| tag.core_suffix() != Some(allowed) && tag.original() != "!") {
            self.fail(*at, "this YAML tag is not allowed in a data file", None);
        }
    }

    fn too_deep(&mut self, at: &Marker) -> bool {
        self.fail(*at, &format!("lists and mappings nest deeper than {MAX_DEPTH} levels"), None)
    }

    /// Notes an error; false, so that a caller can stop with it.
    fn fail(&mut self, at: Marker, message: &str, cause: Option<String>) -> bool {
        let origin = Origin::File(self.location(&at));
        let mut diagnostic =
            Diagnostic::error(Kind::Profile, message).code("hiera::yaml").at(&origin);
        diagnostic.causes.extend(cause);
        self.errors.push(diagnostic);
        false
    }

    fn location(&self, marker: &Marker) -> Location {
        Location {
            layer: self.layer.clone(),
            file: self.file.clone(),
            line: marker.line().max(1),
            column: marker.col() + 1,
        }
    }
}

/// A key may be named: unlike a value, it is no secret.
fn refused_entry(error: &EntryError, key: &Node) -> Diagnostic {
    let diagnostic = match error {
        EntryError::Duplicate(first) => {
            let name = key.value.as_text().map_or_else(String::new, |name| format!(" `{name}`"));
            let place = format!("the first is at line {}, column {}", first.line, first.column);
            Diagnostic::error(Kind::Profile, format!("the key{name} stands twice; {place}"))
                .code("hiera::duplicate-key")
                .hint("remove one of the two")
        }
        EntryError::NoScalar => {
            Diagnostic::error(Kind::Profile, "a list or a mapping cannot be a key")
                .code("hiera::yaml")
        }
    };
    diagnostic.at(&key.origin())
}
