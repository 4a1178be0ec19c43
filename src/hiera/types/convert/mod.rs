//! `Type.new(value, arguments…)`: which conversion a type has, and what must come of it.

mod boolean;
mod collection;
mod foreign;
mod number;
mod text;
mod timespan;
mod timestamp;
mod tree;
mod version;

use super::check::name;
use super::error::TypeError;
use super::pattern::Pattern;
use super::spec::{Kind, Range, TypeSpec};
use crate::hiera::{Node, Value};

/// How long a text may be that an error shows, in characters.
const MAX_SHOWN: usize = 40;

impl TypeSpec {
    /// Makes a value of this type. What is of the type already stays as it is;
    /// what is confidential stays so. Moments, spans, versions and regular
    /// expressions become the text that Puppet prints for them.
    ///
    /// # Errors
    /// What Puppet refuses, too, and whole numbers beyond 64 bits.
    pub fn convert(&self, node: Node, arguments: &[Node]) -> Result<Node, TypeError> {
        if arguments.is_empty() && !matches!(self.0, Kind::Init(_)) && self.fits(&node) {
            return Ok(node);
        }
        let value = match &self.0 {
            Kind::Optional(Some(inner)) | Kind::NotUndef(Some(inner)) | Kind::Init(Some(inner)) => {
                return inner.convert(node, arguments);
            }
            Kind::NotUndef(None) => node.value.clone(),
            Kind::Integer(_) => number::integer(&node, arguments)?,
            Kind::Float(_) => number::float(&node, arguments)?,
            Kind::Numeric => number::numeric(&node, arguments)?,
            Kind::Boolean(_) => boolean::boolean(&node, arguments)?,
            Kind::String(_) => Value::Text(text::string(&node, arguments)?),
            Kind::Array { .. } | Kind::Tuple { .. } => collection::array(&node, arguments)?,
            Kind::Hash { .. } | Kind::Struct(_) => collection::hash(&node, arguments)?,
            Kind::Sensitive(_) => sensitive(&node, arguments)?,
            // No value from data is of these, so what was made is checked here.
            Kind::Timespan(range) => {
                return timespan::timespan(&node, arguments, *range).map(|text| like(&node, text));
            }
            Kind::Timestamp(range) => {
                return timestamp::timestamp(&node, arguments, *range)
                    .map(|text| like(&node, text));
            }
            Kind::SemVer(ranges) => {
                return version::version(&node, arguments, ranges).map(|text| like(&node, text));
            }
            Kind::Regexp => return regexp(&node, arguments).map(|text| like(&node, text)),
            Kind::Foreign(name @ ("Binary" | "URI" | "SemVerRange" | "Type")) => {
                return foreign::foreign(&node, arguments, name).map(|text| like(&node, text));
            }
            _ => return Err(self.not_supported(&node)),
        };
        let node = Node { value, ..node };
        self.check(&node)?;
        Ok(node)
    }

    fn not_supported(&self, node: &Node) -> TypeError {
        match &self.0 {
            Kind::Unknown(name) => TypeError::new(format!("nobody defines the type `{name}`")),
            _ => TypeError::new(format!("{} cannot become {self}", described(node))),
        }
    }
}

fn like(node: &Node, text: String) -> Node {
    Node { value: Value::Text(text), ..node.clone() }
}

fn sensitive(node: &Node, arguments: &[Node]) -> Result<Value, TypeError> {
    no_arguments("Sensitive", arguments)?;
    Ok(match &node.value {
        Value::Sensitive(hidden) => Value::Sensitive(hidden.clone()),
        _ => Value::Sensitive(Box::new(node.clone())),
    })
}

/// What Ruby prints for a regular expression.
fn regexp(node: &Node, arguments: &[Node]) -> Result<String, TypeError> {
    let source = node.value.as_text().ok_or_else(|| refused(node, "Regexp"))?;
    let source = match arguments {
        [] | [Node { value: Value::Bool(false), .. }] => source.to_owned(),
        [Node { value: Value::Bool(true), .. }] => escaped(source),
        _ => return Err(wrong_arguments("Regexp")),
    };
    if node.confidential {
        Pattern::parse(&source).map_err(|_| refused(node, "Regexp"))?;
    } else {
        Pattern::parse(&source)?;
    }
    Ok(format!("(?-mix:{source})"))
}

fn escaped(source: &str) -> String {
    let mut text = String::new();
    for letter in source.chars() {
        match letter {
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            _ => {
                if ".*?+^$|\\()[]{}- #".contains(letter) {
                    text.push('\\');
                }
                text.push(letter);
            }
        }
    }
    text
}

/// Names a value: a text by itself if anybody may see it, else by its type.
fn described(node: &Node) -> String {
    match &node.value {
        Value::Text(text) if !node.confidential && text.chars().count() <= MAX_SHOWN => {
            format!("the text `{}`", text.escape_debug())
        }
        value => format!("a value of type {}", name(value)),
    }
}

fn refused(node: &Node, target: &str) -> TypeError {
    TypeError::new(format!("{} cannot become {target}", described(node)))
}

fn wrong_arguments(target: &str) -> TypeError {
    TypeError::new(format!("`{target}` cannot be made with these arguments"))
}

fn no_arguments(target: &str, arguments: &[Node]) -> Result<(), TypeError> {
    if arguments.is_empty() { Ok(()) } else { Err(wrong_arguments(target)) }
}

/// Looks up the arguments that a mapping gives by name; none, when there is another name in it.
fn named<'a, const N: usize>(node: &'a Node, names: [&str; N]) -> Option<[Option<&'a Node>; N]> {
    let Value::Mapping(entries) = &node.value else { return None };
    let known = |key: &Node| key.value.as_text().is_some_and(|key| names.contains(&key));
    if !entries.iter().all(|(key, _)| known(key)) {
        return None;
    }
    let of = |name: &str| entries.iter().find(|(key, _)| key.value.as_text() == Some(name));
    Some(names.map(|name| of(name).map(|(_, value)| value)))
}

/// Whether seconds lie inside the bounds of a `Timespan` or `Timestamp`.
fn within(nanoseconds: i128, range: Range<f64>, target: &str) -> Result<(), TypeError> {
    #[allow(clippy::cast_precision_loss, reason = "Puppet compares them as floats, too")]
    let seconds = nanoseconds as f64 / 1e9;
    if range.contains(seconds) {
        Ok(())
    } else {
        Err(TypeError::new(format!("the value lies outside the bounds of the {target}")))
    }
}
