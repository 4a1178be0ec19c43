//! Whether a value is of a type, and where it is not.

use super::error::TypeError;
use super::spec::{Field, Kind, Size, TypeSpec};
use crate::hiera::{Node, Value};

impl TypeSpec {
    /// Says whether a value is of this type.
    #[must_use]
    pub fn fits(&self, node: &Node) -> bool {
        self.check(node).is_ok()
    }

    /// Checks a value.
    ///
    /// # Errors
    /// The first place that is not of the type; its value is shown only if it
    /// is a number that anybody may see.
    pub fn check(&self, node: &Node) -> Result<(), TypeError> {
        let fits = match (&self.0, &node.value) {
            (Kind::NotUndef(None), value) => *value != Value::Null,
            (Kind::NotUndef(Some(inner)), value) if *value != Value::Null => {
                return inner.check(node);
            }
            (Kind::Optional(inner), value) => match inner {
                Some(inner) => *value == Value::Null || inner.fits(node),
                None => *value == Value::Null,
            },
            (Kind::Variant(types), _) => types.iter().any(|spec| spec.fits(node)),
            (Kind::Any | Kind::Init(None), _)
            | (Kind::Undef, Value::Null)
            | (Kind::Numeric, Value::Integer(_) | Value::BigInteger(_) | Value::Float(_)) => true,
            (Kind::Boolean(expected), Value::Bool(value)) => {
                expected.is_none_or(|expected| expected == *value)
            }
            (Kind::Integer(range), Value::Integer(value)) => range.contains(*value),
            (Kind::Integer(range), Value::BigInteger(digits)) if digits.starts_with('-') => {
                range.from.is_none()
            }
            (Kind::Integer(range), Value::BigInteger(_)) => range.to.is_none(),
            (Kind::Float(range), Value::Float(value)) => range.contains(*value),
            (Kind::String(size), Value::Text(text)) => fits_size(text.chars().count(), *size),
            (Kind::Enum { words, any_case }, Value::Text(text)) => words.iter().any(|word| {
                word == text || *any_case && word.to_lowercase() == text.to_lowercase()
            }),
            (Kind::Pattern(patterns), Value::Text(text)) => {
                patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(text))
            }
            (Kind::Array { element, size }, Value::Sequence(items)) => {
                check_size(items.len(), *size)?;
                return check_items(items, |_| element.as_deref());
            }
            (Kind::Tuple { elements, size }, Value::Sequence(items)) => {
                let exactly = i64::try_from(elements.len()).ok();
                check_size(items.len(), size.unwrap_or(Size { from: exactly, to: exactly }))?;
                return check_items(items, |at| elements.get(at).or_else(|| elements.last()));
            }
            (Kind::Hash { entry, size }, Value::Mapping(entries)) => {
                check_size(entries.len(), *size)?;
                return check_entries(entries, entry.as_deref());
            }
            (Kind::Struct(fields), Value::Mapping(entries)) => {
                return check_fields(entries, fields);
            }
            (Kind::Collection(size), Value::Sequence(items)) => fits_size(items.len(), *size),
            (Kind::Collection(size), Value::Mapping(items)) => fits_size(items.len(), *size),
            (Kind::Iterable(inner), value) => is_iterable(inner.as_deref(), value),
            (Kind::Scalar | Kind::ScalarData, value) => is_scalar(value),
            (Kind::Data, _) => is_data(node, false),
            (Kind::RichData, _) => is_data(node, true),
            (Kind::Sensitive(inner), Value::Sensitive(hidden)) => {
                inner.as_ref().is_none_or(|inner| inner.fits(hidden))
            }
            (Kind::Init(Some(inner)), _) => inner.convert(node.clone(), &[]).is_ok(),
            (Kind::Unknown(name), _) => {
                return Err(TypeError::new(format!("nobody defines the type `{name}`")));
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(self.expects(node)) }
    }

    fn expects(&self, node: &Node) -> TypeError {
        let found = match &node.value {
            Value::Integer(value) if !node.confidential => format!("Integer {value}"),
            Value::Float(value) if !node.confidential => format!("Float {value:?}"),
            Value::Bool(value) if !node.confidential => format!("Boolean {value}"),
            value => name(value).to_owned(),
        };
        TypeError::new(format!("expects {self}, got {found}"))
    }
}

/// What Puppet calls the type of a value.
pub(super) const fn name(value: &Value) -> &'static str {
    match value {
        Value::Null => "Undef",
        Value::Bool(_) => "Boolean",
        Value::Integer(_) | Value::BigInteger(_) => "Integer",
        Value::Symbol(_) => "Runtime",
        Value::Float(_) => "Float",
        Value::Text(_) => "String",
        Value::Sequence(_) => "Array",
        Value::Mapping(_) => "Hash",
        Value::Sensitive(_) => "Sensitive",
    }
}

fn fits_size(count: usize, size: Size) -> bool {
    i64::try_from(count).is_ok_and(|count| size.contains(count))
}

fn check_size(count: usize, size: Size) -> Result<(), TypeError> {
    if fits_size(count, size) {
        return Ok(());
    }
    let expected = match (size.from, size.to) {
        (Some(from), Some(to)) if from == to => format!("exactly {from}"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("at least {from}"),
        (_, to) => format!("at most {}", to.unwrap_or_default()),
    };
    Err(TypeError::new(format!("expects {expected} of them, got {count}")))
}

fn inside(place: &str, error: &TypeError) -> TypeError {
    TypeError::new(format!("{place} {error}"))
}

fn check_items<'a>(
    items: &[Node],
    of: impl Fn(usize) -> Option<&'a TypeSpec>,
) -> Result<(), TypeError> {
    for (at, item) in items.iter().enumerate() {
        if let Some(spec) = of(at) {
            spec.check(item).map_err(|error| inside(&format!("index {at}"), &error))?;
        }
    }
    Ok(())
}

fn check_entries(
    entries: &[(Node, Node)],
    of: Option<&(TypeSpec, TypeSpec)>,
) -> Result<(), TypeError> {
    let Some((key_spec, value_spec)) = of else { return Ok(()) };
    for (key, value) in entries {
        let place = entry_name(key);
        key_spec.check(key).map_err(|error| inside(&format!("the key of {place}"), &error))?;
        value_spec.check(value).map_err(|error| inside(&place, &error))?;
    }
    Ok(())
}

fn entry_name(key: &Node) -> String {
    match &key.value {
        Value::Text(text) if !key.confidential => format!("entry `{text}`"),
        _ => "an entry".to_owned(),
    }
}

fn check_fields(entries: &[(Node, Node)], fields: &[Field]) -> Result<(), TypeError> {
    let of = |key: &Node| {
        let text = key.value.as_text()?;
        fields.iter().find(|field| field.name == text)
    };
    for (key, value) in entries {
        let place = entry_name(key);
        let Some(field) = of(key) else {
            return Err(TypeError::new(format!("{place} has no place in the Struct")));
        };
        field.value.check(value).map_err(|error| inside(&place, &error))?;
    }
    let lacks = |field: &&Field| {
        let named = |(key, _): &(Node, Node)| key.value.as_text() == Some(&field.name);
        !field.optional && !entries.iter().any(named)
    };
    match fields.iter().find(lacks) {
        Some(field) => Err(TypeError::new(format!("entry `{}` is missing", field.name))),
        None => Ok(()),
    }
}

const fn is_scalar(value: &Value) -> bool {
    matches!(
        value,
        Value::Text(_)
            | Value::Integer(_)
            | Value::BigInteger(_)
            | Value::Float(_)
            | Value::Bool(_)
    )
}

/// Rich data may have numbers as keys.
fn is_data(node: &Node, rich: bool) -> bool {
    match &node.value {
        Value::Sequence(items) => items.iter().all(|item| is_data(item, rich)),
        Value::Mapping(entries) => entries.iter().all(|(key, value)| {
            let key_fits = match key.value {
                Value::Text(_) => true,
                Value::Integer(_) | Value::Float(_) => rich,
                _ => false,
            };
            key_fits && is_data(value, rich)
        }),
        Value::Sensitive(_) => rich,
        value => is_scalar(value) || *value == Value::Null,
    }
}

/// A whole number counts up to itself.
fn is_iterable(inner: Option<&TypeSpec>, value: &Value) -> bool {
    match (value, inner) {
        (Value::Sequence(items), Some(inner)) => items.iter().all(|item| inner.fits(item)),
        (Value::Text(_), Some(TypeSpec(Kind::String(_) | Kind::Any)))
        | (Value::Integer(0..), Some(TypeSpec(Kind::Integer(_) | Kind::Any)))
        | (Value::Sequence(_) | Value::Mapping(_) | Value::Text(_) | Value::Integer(0..), None) => {
            true
        }
        _ => false,
    }
}
