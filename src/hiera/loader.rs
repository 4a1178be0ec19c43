//! From YAML events to nodes: anchors, aliases, merge keys, tags, budgets.
//!
//! Never recurses, so that no nesting can exhaust the stack, and never quotes
//! the file's text in an error, since it may hold a secret.

use super::document::{Document, MAX_NODES};
use super::mapping::{Mapping, Mergeable};
use super::tag::{self, TagError};
use super::{Node, Value, scalar};
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, StructureStyle, Tag};
use std::collections::HashMap;
use std::sync::Arc;

/// How deep lists and mappings may nest.
pub const MAX_DEPTH: usize = 100;
/// How much aliases may copy in all: bytes of text, and 64 for each node.
const MAX_EXPANSION: usize = 8 << 20;
const NODE_WEIGHT: usize = 64;
/// How many mistakes are told of one file.
const MAX_ERRORS: usize = 50;
/// How many remarks are made on one file.
const MAX_REMARKS: usize = 50;

/// A node that an alias may repeat.
struct Anchored {
    node: Node,
    depth: usize,
    weight: usize,
}

/// What a finished node is to the collection around it.
#[derive(Clone, Copy, Default)]
struct Shape {
    /// How deep and how heavy it is.
    depth: usize,
    weight: usize,
    /// Whether it stands here by an alias.
    alias: bool,
    /// Whether its tag says that it is text and no merge key.
    text: bool,
}

/// An open list or mapping, with the deepest nesting and the weight below it.
struct Frame {
    location: Location,
    anchor: usize,
    depth: usize,
    weight: usize,
    /// Whether it stands in brackets.
    flow: bool,
    content: Content,
}

enum Content {
    Sequence { items: Vec<Node>, ordered: bool },
    Mapping { mapping: Mapping, key: Option<Node>, merge: bool },
}

/// Reads the first document of a file.
pub struct Loader<'a> {
    layer: &'a Arc<str>,
    file: &'a Arc<str>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    expanded: usize,
    nodes: usize,
    root: Option<Node>,
    errors: Vec<Diagnostic>,
    remarks: Vec<Diagnostic>,
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
            nodes: 0,
            root: None,
            errors: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// Reads the first document.
    ///
    /// # Errors
    /// The first syntax error, or every refused tag and date.
    pub fn load(mut self, text: &str) -> Result<Document, Vec<Diagnostic>> {
        let options = granit_parser::options! {
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
            bom_inside_document_as_content: true,
            block_scalar_eof_without_line_feed: true,
        };
        for event in Parser::new_from_str_with_options(text, options) {
            let stop = match event {
                Ok((Event::DocumentEnd | Event::StreamEnd, _)) => true,
                Ok((event, span)) => !self.event(event, &span.start),
                Err(error) if *error.kind() == ErrorKind::RecursionLimitExceeded => {
                    !self.too_deep(error.marker())
                }
                Err(error) => {
                    self.fail(*error.marker(), "not valid YAML", Some(error.kind().to_string()));
                    true
                }
            };
            if stop {
                break;
            }
        }
        if self.errors.is_empty() {
            Ok(Document { root: self.root, remarks: self.remarks })
        } else {
            Err(self.errors)
        }
    }

    /// Takes one event; false when reading cannot go on.
    fn event(&mut self, event: Event<'_>, start: &Marker) -> bool {
        match event {
            Event::Scalar(text, ScalarStyle::Plain, ..)
                if text.starts_with(':') && self.stack.last().is_some_and(|frame| frame.flow) =>
            {
                // libyaml takes the colon for the end of a key.
                let cause = "a value in brackets begins with `:`; put it in quotes";
                self.fail(*start, "not valid YAML", Some(cause.to_owned()))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref();
                let value = self.scalar(&text, style, tag, start);
                let weight = NODE_WEIGHT + text.len();
                let shape =
                    Shape { weight, text: tag.is_some_and(tag::is_text), ..Shape::default() };
                self.close(Node::new(value, self.location(start)), anchor, shape)
            }
            Event::SequenceStart(style, anchor, tag) => {
                let ordered = tag.as_deref().map_or(Ok(false), tag::is_ordered_mapping);
                let ordered = self.allowed(ordered, start).unwrap_or_default();
                self.open(Content::Sequence { items: Vec::new(), ordered }, style, anchor, start)
            }
            Event::MappingStart(style, anchor, tag) => {
                let checked = tag.as_deref().map_or(Ok(()), tag::check_mapping);
                self.allowed(checked, start);
                let mapping = Mapping::default();
                self.open(
                    Content::Mapping { mapping, key: None, merge: false },
                    style,
                    anchor,
                    start,
                )
            }
            Event::SequenceEnd | Event::MappingEnd => self.stack.pop().is_none_or(|frame| {
                let value = match frame.content {
                    Content::Sequence { items, ordered: false } => Value::Sequence(items),
                    Content::Sequence { items, ordered: true } => match ordered(items) {
                        Some(entries) => Value::Mapping(entries),
                        None => return self.fail(*start, "not the content of an `!!omap`", None),
                    },
                    Content::Mapping { mapping, .. } => Value::Mapping(mapping.finish()),
                };
                let (depth, weight) = (frame.depth + 1, frame.weight);
                let shape = Shape { depth, weight, ..Shape::default() };
                self.close(Node::new(value, frame.location), frame.anchor, shape)
            }),
            Event::Alias(id) => self.alias(id, start),
            _ => true,
        }
    }

    fn open(
        &mut self,
        content: Content,
        style: StructureStyle,
        anchor: usize,
        start: &Marker,
    ) -> bool {
        if self.stack.len() >= MAX_DEPTH {
            return self.too_deep(start);
        }
        let location = self.location(start);
        let flow = style == StructureStyle::Flow;
        self.stack.push(Frame { location, anchor, depth: 0, weight: NODE_WEIGHT, flow, content });
        true
    }

    /// Gives a finished node to its anchor and to what encloses it.
    fn close(&mut self, node: Node, anchor: usize, shape: Shape) -> bool {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("the file holds more than {MAX_NODES} values");
            return self.fail_at(node.location, &message, None);
        }
        if anchor != 0 {
            self.expanded = self.expanded.saturating_add(shape.weight);
            if self.expanded > MAX_EXPANSION {
                let message = "anchors hold more than 8 MiB of values";
                return self.fail_at(node.location, message, None);
            }
            let anchored =
                Anchored { node: node.clone(), depth: shape.depth, weight: shape.weight };
            self.anchors.insert(anchor, anchored);
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return true;
        };
        frame.depth = frame.depth.max(shape.depth);
        frame.weight += shape.weight;
        let (mapping, key, merge) = match &mut frame.content {
            Content::Sequence { items, .. } => {
                items.push(node);
                return true;
            }
            Content::Mapping { mapping, key, merge } => match key.take() {
                None => {
                    *merge = node.value.as_text() == Some("<<") && !shape.text;
                    *key = Some(node);
                    return true;
                }
                Some(taken) => (mapping, taken, *merge),
            },
        };
        let node = match Mergeable::of(node, merge, shape.alias) {
            Mergeable::Yes(mappings) => {
                mapping.merge(mappings);
                return true;
            }
            Mergeable::No(node) => node,
        };
        if let Some(first) = mapping.insert(key.clone(), node)
            && self.remarks.len() < MAX_REMARKS
        {
            self.remarks.push(stands_twice(&key, &first));
        }
        true
    }

    fn alias(&mut self, id: usize, start: &Marker) -> bool {
        let Some(anchored) = self.anchors.get(&id) else {
            return self.fail(*start, "an alias stands inside the value it repeats", None);
        };
        let shape =
            Shape { depth: anchored.depth, weight: anchored.weight, alias: true, text: false };
        if self.stack.len() + shape.depth > MAX_DEPTH {
            return self.too_deep(start);
        }
        self.expanded = self.expanded.saturating_add(shape.weight);
        if self.expanded > MAX_EXPANSION {
            return self.fail(*start, "aliases repeat more than 8 MiB of values", None);
        }
        let node = anchored.node.clone();
        self.close(node, 0, shape)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, at: &Marker) -> Value {
        let resolved = match tag {
            None if style == ScalarStyle::Plain => scalar::resolve(text).map_err(TagError::Scalar),
            None => return Value::Text(text.to_owned()),
            Some(tag) => tag::scalar(tag, text),
        };
        self.allowed(resolved, at).unwrap_or(Value::Null)
    }

    /// Notes what Puppet refuses a file for, and goes on to find the rest.
    fn allowed<T>(&mut self, result: Result<T, TagError>, at: &Marker) -> Option<T> {
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        if self.errors.len() < MAX_ERRORS {
            self.fail(*at, &error.to_string(), None);
            if let (TagError::Scalar(_), Some(last)) = (error, self.errors.last_mut()) {
                last.hint = Some("put the value in quotes".to_owned());
            }
        }
        None
    }

    fn too_deep(&mut self, at: &Marker) -> bool {
        self.fail(*at, &format!("lists and mappings nest deeper than {MAX_DEPTH} levels"), None)
    }

    /// Notes an error; false, so that a caller can stop with it.
    fn fail(&mut self, at: Marker, message: &str, cause: Option<String>) -> bool {
        self.fail_at(self.location(&at), message, cause)
    }

    fn fail_at(&mut self, at: Location, message: &str, cause: Option<String>) -> bool {
        let mut diagnostic =
            Diagnostic::error(Kind::Profile, message).code("hiera::yaml").at(&Origin::File(at));
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

/// The entries of an `!!omap`: of each item the first key and the last value.
fn ordered(items: Vec<Node>) -> Option<Vec<(Node, Node)>> {
    let mut mapping = Mapping::default();
    for item in items {
        let (key, value) = match item.value {
            Value::Mapping(mut entries) => {
                let (key, value) = entries.pop()?;
                (entries.into_iter().next().map_or(key, |(first, _)| first), value)
            }
            Value::Sequence(mut items) => {
                let value = items.pop()?;
                (items.into_iter().next().unwrap_or_else(|| value.clone()), value)
            }
            _ => return None,
        };
        mapping.insert(key, value);
    }
    Some(mapping.finish())
}

/// A key may be named: unlike a value, it is no secret.
fn stands_twice(key: &Node, first: &Location) -> Diagnostic {
    let name = key.value.as_text().map_or_else(String::new, |name| format!(" `{name}`"));
    let place = format!("the first is at line {}, column {}", first.line, first.column);
    Diagnostic::warning(format!("the key{name} stands twice; {place}"))
        .code("hiera::duplicate-key")
        .hint("remove one of the two")
        .at(&key.origin())
}
