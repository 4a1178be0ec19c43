//! A key with its dots: `profile::rules.'100 allow'.0`.

use super::Outcome;
use super::mistake::{fail, mistake, mistake_at};
use crate::hiera::{Node, Value};

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A key of a mapping.
    Name(String),
    /// A place in a list, or a whole number that is a key.
    Index(i64),
}

/// A key, parted at its dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// As it was written.
    pub text: String,
    /// What the files have.
    pub root: String,
    /// Where to go from there.
    pub segments: Vec<Segment>,
}

impl Key {
    /// Parts a key; none when its dots or quotes are wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let mut segments = split(text)?.into_iter();
        let Segment::Name(root) = segments.next()? else { return None };
        Some(Self { text: text.to_owned(), root, segments: segments.collect() })
    }

    /// Parts a key that was asked for.
    pub fn asked(text: &str) -> Outcome<Self> {
        Self::parse(text).map_or_else(
            || {
                let told = mistake("hiera::key-syntax", format!("`{text}` is no key"));
                fail(told.hint("parts stand between single dots, and a part with a dot in quotes"))
            },
            Ok,
        )
    }

    /// The module that the key belongs to.
    pub fn module(&self) -> Option<&str> {
        self.root.split_once("::").map(|(module, _)| module).filter(|module| !module.is_empty())
    }

    /// Walks into a value; none when a part is not there.
    pub fn dig(&self, mut node: Node) -> Outcome<Option<Node>> {
        for segment in &self.segments {
            let inner = match (node.value, segment) {
                (Value::Null, _) => None,
                (Value::Sequence(items), Segment::Index(at)) => {
                    usize::try_from(*at).ok().and_then(|at| items.into_iter().nth(at))
                }
                (Value::Mapping(entries), _) => {
                    entries.into_iter().find(|(key, _)| segment.is(&key.value)).map(|(_, v)| v)
                }
                (value, _) => {
                    let message =
                        format!("`{}` digs for `{segment}` in {}", self.text, value.kind());
                    let told = mistake_at("hiera::dig", message, &node.location);
                    return fail(told.hint("a name digs in a mapping, a whole number in a list"));
                }
            };
            let Some(inner) = inner else { return Ok(None) };
            node = inner;
        }
        Ok(Some(node))
    }
}

impl Segment {
    fn is(&self, key: &Value) -> bool {
        match (self, key) {
            (Self::Name(name), Value::Text(text)) => name == text,
            (Self::Index(index), Value::Integer(number)) => index == number,
            _ => false,
        }
    }
}

impl std::fmt::Display for Segment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Index(index) => write!(f, "{index}"),
        }
    }
}

/// Parts a text as Puppet's `split_key` does.
fn split(text: &str) -> Option<Vec<Segment>> {
    if !text.contains(['\'', '"', '.']) {
        return Some(vec![Segment::Name(text.to_owned())]);
    }
    let mut segments = Vec::new();
    let mut rest = text;
    loop {
        let (segment, after) = part(rest)?;
        segments.push(segment);
        if after.is_empty() {
            return Some(segments);
        }
        rest = after.strip_prefix('.')?;
    }
}

/// The part at the beginning of a text, and what follows it.
fn part(text: &str) -> Option<(Segment, &str)> {
    let trimmed = text.trim_start();
    for quote in ['"', '\''] {
        if let Some((inside, after)) =
            trimmed.strip_prefix(quote).and_then(|after| after.split_once(quote))
            && !inside.is_empty()
        {
            return Some((Segment::Name(inside.to_owned()), after.trim_start()));
        }
    }
    let end = text.find(['\'', '"', '.']).unwrap_or(text.len());
    let (bare, after) = text.split_at_checked(end)?;
    (!bare.is_empty()).then(|| (bare_segment(bare.trim()), after))
}

fn bare_segment(text: &str) -> Segment {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(index) if digits => Segment::Index(index),
        _ => Segment::Name(text.to_owned()),
    }
}
