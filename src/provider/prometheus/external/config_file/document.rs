//! A YAML document as a tree whose nodes know their place in the text.
//!
//! Two documents of equal meaning have equal [`Document::meaning`]. Never quotes
//! the text in an error: it may hold a password.

use super::{Addition, Written, line};
use crate::diagnostic::Diagnostic;
use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StructureStyle};
use std::fmt::Write as _;

/// How deep lists and mappings may nest.
const MAX_DEPTH: usize = 100;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) shape: Shape,
    /// Byte offsets; the end counts for scalars and flow lists alone.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Line and column, from 1.
    pub(super) line: usize,
    pub(super) column: usize,
    /// It carries an anchor or a tag.
    pub(super) marked: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    Scalar { text: String, plain: bool },
    Sequence { items: Vec<Node>, flow: bool },
    Mapping { entries: Vec<(Node, Node)>, flow: bool },
    Alias(usize),
}

/// The first and only document of a file.
#[derive(Clone, Debug)]
pub(super) struct Document {
    root: Option<Node>,
    /// The file ends inside a block scalar, whose text would change with a newline.
    pub(super) ends_open: bool,
}

impl Node {
    fn new(shape: Shape, span: &Span, marked: bool) -> Self {
        Self {
            shape,
            start: offset(&span.start),
            end: offset(&span.end),
            line: span.start.line().max(1),
            column: span.start.col() + 1,
            marked,
        }
    }

    /// Says that there is no value: nothing at all, or a plain `null`.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.shape, Shape::Scalar { text, plain: true }
            if ["", "~", "null", "Null", "NULL"].contains(&text.as_str()))
    }

    fn text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    fn get(&self, key: &str) -> Option<&Self> {
        let Shape::Mapping { entries, .. } = &self.shape else { return None };
        entries.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    fn meaning(&self, into: &mut String) {
        if self.marked {
            into.push('&');
        }
        match &self.shape {
            Shape::Scalar { text, plain } => {
                let _ = write!(into, "{}{text:?} ", if *plain { "" } else { "'" });
            }
            Shape::Alias(id) => {
                let _ = write!(into, "*{id} ");
            }
            Shape::Sequence { items, .. } => {
                into.push_str("[ ");
                for item in items {
                    item.meaning(into);
                }
                into.push_str("] ");
            }
            Shape::Mapping { entries, .. } => {
                into.push_str("{ ");
                for (key, value) in entries {
                    key.meaning(into);
                    value.meaning(into);
                }
                into.push_str("} ");
            }
        }
    }
}

fn offset(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or_default()
}

impl Document {
    /// Reads a file of one document whose root is a mapping, or nothing.
    pub(super) fn parse(text: &str, file: &str) -> Result<Self, Diagnostic> {
        let breaks = ['\u{85}', '\u{2028}', '\u{2029}'];
        let lone = text.split('\n').position(|line| {
            let line = line.strip_suffix('\r').unwrap_or(line);
            line.contains('\r') || line.contains(breaks)
        });
        if let Some(at) = lone {
            let message = "the file has line breaks that YAML 1.1 and 1.2 read differently";
            return Err(
                line::refuse(file, at + 1, 1, message).hint("end lines with `\\n` or `\\r\\n`")
            );
        }
        let (root, last_block) = read(text, file)?;
        if let Some(root) = &root
            && !root.is_null()
        {
            let Shape::Mapping { entries, .. } = &root.shape else {
                return Err(line::refuse(
                    file,
                    root.line,
                    root.column,
                    "the file is no mapping of settings",
                ));
            };
            for (index, (key, _)) in entries.iter().enumerate() {
                let first = entries.iter().take(index).find(|(k, _)| k.text() == key.text());
                if let Some((first, _)) = first {
                    let message =
                        format!("a key stands twice; the first is at line {}", first.line);
                    return Err(line::refuse(file, key.line, key.column, &message)
                        .hint("remove one of the two; Prometheus does not load the file either"));
                }
            }
        }
        let ends_open = last_block && !text.ends_with('\n');
        Ok(Self { root: root.filter(|root| !root.is_null()), ends_open })
    }

    /// The top-level entries, in order.
    pub(super) fn entries(&self) -> &[(Node, Node)] {
        match self.root.as_ref().map(|root| &root.shape) {
            Some(Shape::Mapping { entries, .. }) => entries,
            _ => &[],
        }
    }

    /// The root, when it is a flow mapping, which has no whole lines of ours.
    pub(super) fn flow_root(&self) -> Option<&Node> {
        self.root.as_ref().filter(|root| matches!(root.shape, Shape::Mapping { flow: true, .. }))
    }

    /// One top-level key and its value.
    pub(super) fn entry(&self, key: &str) -> Option<&(Node, Node)> {
        self.entries().iter().find(|(name, _)| name.text() == Some(key))
    }

    fn items(&self, key: &str) -> &[Node] {
        match self.entry(key).map(|(_, value)| &value.shape) {
            Some(Shape::Sequence { items, .. }) => items,
            _ => &[],
        }
    }

    /// The texts of a top-level list.
    pub(super) fn names(&self, key: &str) -> Vec<Written> {
        let named = |item: &Node| {
            item.text().map(|name| Written { line: item.line, name: name.to_owned(), stack: None })
        };
        self.items(key).iter().filter_map(named).collect()
    }

    /// The jobs of `scrape_configs`.
    pub(super) fn jobs(&self) -> Vec<Written> {
        let named = |item: &Node| {
            let name = item.get("job_name")?;
            Some(Written { line: name.line, name: name.text()?.to_owned(), stack: None })
        };
        self.items("scrape_configs").iter().filter_map(named).collect()
    }

    /// What the document says, without where it says it.
    pub(super) fn meaning(&self) -> Vec<String> {
        let entry = |(key, value): &(Node, Node)| {
            let mut text = String::new();
            key.meaning(&mut text);
            value.meaning(&mut text);
            text
        };
        self.entries().iter().map(entry).collect()
    }

    /// What the document says once these additions are in.
    pub(super) fn meaning_with(&self, additions: &[Addition]) -> Vec<String> {
        let mut meaning = self.meaning();
        let mut new = Vec::new();
        for addition in additions {
            let items: String = addition.items.iter().map(item_meaning).collect();
            let at = self.entries().iter().position(|(key, _)| key.text() == Some(addition.key));
            let Some((at, (key, value))) = at.and_then(|at| Some((at, self.entries().get(at)?)))
            else {
                new.push(format!("{:?} [ {items}] ", addition.key));
                continue;
            };
            let (mut name, mut others) = (String::new(), String::new());
            key.meaning(&mut name);
            if let Shape::Sequence { items, .. } = &value.shape {
                for item in items {
                    item.meaning(&mut others);
                }
            }
            if let Some(slot) = meaning.get_mut(at) {
                *slot = format!("{name}[ {items}{others}] ");
            }
        }
        meaning.extend(new);
        meaning
    }
}

fn item_meaning(item: &super::Item) -> String {
    let mut text = String::new();
    if let Ok((Some(node), _)) = read(&item.flow, "") {
        node.meaning(&mut text);
    }
    text
}

enum Frame {
    Sequence(Node, Vec<Node>),
    Mapping(Node, Vec<(Node, Node)>, Option<Node>),
}

/// Reads the one document of a text, and whether its last scalar is a block
/// scalar; never recurses.
fn read(text: &str, file: &str) -> Result<(Option<Node>, bool), Diagnostic> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let (mut stack, mut root, mut last_block) = (Vec::<Frame>::new(), None, false);
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker();
            line::refuse(file, at.line().max(1), at.col() + 1, "the file is not valid YAML")
                .cause(error.kind().to_string())
                .hint("correct it; otelctl edits only what it can read")
        })?;
        let done = match event {
            Event::Scalar(text, style, anchor, tag) => {
                last_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let shape =
                    Shape::Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                Node::new(shape, &span, anchor != 0 || tag.is_some())
            }
            Event::Alias(id) => Node::new(Shape::Alias(id), &span, false),
            Event::SequenceStart(style, anchor, tag) => {
                let flow = style == StructureStyle::Flow;
                let shape = Shape::Sequence { items: Vec::new(), flow };
                let node = Node::new(shape, &span, anchor != 0 || tag.is_some());
                stack.push(Frame::Sequence(node, Vec::new()));
                continue;
            }
            Event::MappingStart(style, anchor, tag) => {
                let flow = style == StructureStyle::Flow;
                let shape = Shape::Mapping { entries: Vec::new(), flow };
                let node = Node::new(shape, &span, anchor != 0 || tag.is_some());
                stack.push(Frame::Mapping(node, Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                Some(frame) => frame.close(&span),
                None => continue,
            },
            Event::DocumentStart(..) if root.is_some() => {
                let at = span.start;
                let message = "the file holds more than one YAML document";
                return Err(line::refuse(file, at.line().max(1), at.col() + 1, message)
                    .hint("remove the others; Prometheus reads the first alone"));
            }
            _ => continue,
        };
        match stack.last_mut() {
            None => root = Some(done),
            Some(Frame::Sequence(_, items)) => items.push(done),
            Some(Frame::Mapping(_, entries, key)) => match key.take() {
                Some(key) => entries.push((key, done)),
                None => *key = Some(done),
            },
        }
    }
    Ok((root, last_block))
}

impl Frame {
    fn close(self, span: &Span) -> Node {
        let (mut node, shape) = match self {
            Self::Sequence(node, items) => {
                let flow = matches!(node.shape, Shape::Sequence { flow: true, .. });
                (node, Shape::Sequence { items, flow })
            }
            Self::Mapping(node, entries, _) => {
                let flow = matches!(node.shape, Shape::Mapping { flow: true, .. });
                (node, Shape::Mapping { entries, flow })
            }
        };
        node.shape = shape;
        node.end = offset(&span.end);
        node
    }
}
