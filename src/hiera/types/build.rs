//! From a type's name and arguments to the type.

use super::error::TypeError;
use super::parse::Argument;
use super::pattern::Pattern;
use super::spec::{Field, Kind, Range, Size, TypeSpec};

/// Types that no value from data is of.
const FOREIGN: [&str; 14] = [
    "Binary",
    "URI",
    "SemVerRange",
    "Type",
    "Callable",
    "Default",
    "Runtime",
    "CatalogEntry",
    "Class",
    "Resource",
    "File",
    "Object",
    "TypeSet",
    "Iterator",
];

/// A type without arguments; what is in capitals counts as if it were not.
pub(super) fn bare(name: &str) -> TypeSpec {
    TypeSpec(match name.to_ascii_lowercase().as_str() {
        "any" => Kind::Any,
        "undef" => Kind::Undef,
        "notundef" => Kind::NotUndef(None),
        "optional" => Kind::Optional(None),
        "variant" => Kind::Variant(Vec::new()),
        "boolean" => Kind::Boolean(None),
        "integer" => Kind::Integer(Range::ALL),
        "float" => Kind::Float(Range::ALL),
        "numeric" => Kind::Numeric,
        "string" => Kind::String(Size::ALL),
        "enum" => Kind::Enum { words: Vec::new(), any_case: false },
        "pattern" => Kind::Pattern(Vec::new()),
        "array" => Kind::Array { element: None, size: Size::ALL },
        "hash" => Kind::Hash { entry: None, size: Size::ALL },
        "tuple" => Kind::Tuple { elements: Vec::new(), size: Some(Size::ALL) },
        "struct" => Kind::Struct(Vec::new()),
        "collection" => Kind::Collection(Size::ALL),
        "iterable" => Kind::Iterable(None),
        "scalar" => Kind::Scalar,
        "scalardata" => Kind::ScalarData,
        "data" => Kind::Data,
        "richdata" => Kind::RichData,
        "sensitive" => Kind::Sensitive(None),
        "timespan" => Kind::Timespan(Range::ALL),
        "timestamp" => Kind::Timestamp(Range::ALL),
        "semver" => Kind::SemVer(Vec::new()),
        "regexp" => Kind::Regexp,
        "init" => Kind::Init(None),
        lower => FOREIGN
            .into_iter()
            .find(|foreign| foreign.eq_ignore_ascii_case(lower))
            .map_or_else(|| Kind::Unknown(name.to_owned()), Kind::Foreign),
    })
}

/// A type with arguments.
pub(super) fn parameterized(name: &str, arguments: Vec<Argument>) -> Result<TypeSpec, TypeError> {
    let wrong = || TypeError::new(format!("`{name}` does not take these arguments"));
    let kind = match bare(name).0 {
        Kind::NotUndef(_) => Kind::NotUndef(Some(Box::new(type_or_word(arguments, &wrong)?))),
        Kind::Optional(_) => Kind::Optional(Some(Box::new(type_or_word(arguments, &wrong)?))),
        Kind::Sensitive(_) => Kind::Sensitive(Some(Box::new(one_type(arguments, &wrong)?))),
        Kind::Iterable(_) => Kind::Iterable(Some(Box::new(one_type(arguments, &wrong)?))),
        Kind::Init(_) => Kind::Init(Some(Box::new(one_type(arguments, &wrong)?))),
        Kind::Variant(_) => Kind::Variant(types(arguments, &wrong)?),
        Kind::Boolean(_) => match arguments.as_slice() {
            [Argument::Bool(value)] => Kind::Boolean(Some(*value)),
            _ => return Err(wrong()),
        },
        Kind::Integer(_) => Kind::Integer(size(&arguments, &wrong)?),
        Kind::Float(_) => Kind::Float(seconds(&arguments, &wrong)?),
        Kind::Timespan(_) => Kind::Timespan(seconds(&arguments, &wrong)?),
        Kind::Timestamp(_) => Kind::Timestamp(seconds(&arguments, &wrong)?),
        Kind::String(_) => Kind::String(size(&arguments, &wrong)?),
        Kind::Collection(_) => Kind::Collection(size(&arguments, &wrong)?),
        Kind::Enum { .. } => words(arguments, &wrong)?,
        Kind::Pattern(_) => Kind::Pattern(patterns(arguments, &wrong)?),
        Kind::Array { .. } => array(arguments, &wrong)?,
        Kind::Hash { .. } => hash(arguments, &wrong)?,
        Kind::Tuple { .. } => tuple(&arguments, &wrong)?,
        Kind::Struct(_) => match arguments.as_slice() {
            [Argument::Fields(entries)] => Kind::Struct(fields(entries, &wrong)?),
            _ => return Err(wrong()),
        },
        Kind::SemVer(_) => {
            let ranges = arguments.into_iter().map(|argument| match argument {
                Argument::Text(text) => Ok(text),
                _ => Err(wrong()),
            });
            Kind::SemVer(ranges.collect::<Result<_, _>>()?)
        }
        Kind::Regexp => {
            patterns(arguments, &wrong)?;
            Kind::Regexp
        }
        kind @ (Kind::Foreign(_) | Kind::Unknown(_)) => kind,
        Kind::Any
        | Kind::Undef
        | Kind::Numeric
        | Kind::Scalar
        | Kind::ScalarData
        | Kind::Data
        | Kind::RichData => {
            return Err(TypeError::new(format!("`{name}` takes no arguments")));
        }
    };
    Ok(TypeSpec(kind))
}

type Wrong<'a> = &'a dyn Fn() -> TypeError;

fn types(arguments: Vec<Argument>, wrong: Wrong<'_>) -> Result<Vec<TypeSpec>, TypeError> {
    let types = arguments.into_iter().map(|argument| match argument {
        Argument::Type(spec) => Ok(spec),
        _ => Err(wrong()),
    });
    types.collect()
}

fn one_type(arguments: Vec<Argument>, wrong: Wrong<'_>) -> Result<TypeSpec, TypeError> {
    match <[TypeSpec; 1]>::try_from(types(arguments, wrong)?) {
        Ok([spec]) => Ok(spec),
        Err(_) => Err(wrong()),
    }
}

/// `Optional['a']` means `Optional[Enum['a']]`.
fn type_or_word(arguments: Vec<Argument>, wrong: Wrong<'_>) -> Result<TypeSpec, TypeError> {
    match arguments.as_slice() {
        [Argument::Text(word)] => {
            Ok(TypeSpec(Kind::Enum { words: vec![word.clone()], any_case: false }))
        }
        _ => one_type(arguments, wrong),
    }
}

/// `1`, `1, 10`, `default, 10`, or an `Integer[1, 10]` in their place.
fn size(arguments: &[Argument], wrong: Wrong<'_>) -> Result<Size, TypeError> {
    let bound = |argument: &Argument| match argument {
        Argument::Default => Ok(None),
        Argument::Integer(value) => Ok(Some(*value)),
        _ => Err(wrong()),
    };
    let range = match arguments {
        [Argument::Type(TypeSpec(Kind::Integer(range)))] => *range,
        [from] => Size { from: bound(from)?, to: None },
        [from, to] => Size { from: bound(from)?, to: bound(to)? },
        _ => return Err(wrong()),
    };
    ordered(range)
}

fn seconds(arguments: &[Argument], wrong: Wrong<'_>) -> Result<Range<f64>, TypeError> {
    let bound = |argument: &Argument| match argument {
        Argument::Default => Ok(None),
        #[allow(clippy::cast_precision_loss, reason = "Puppet compares them as floats, too")]
        Argument::Integer(value) => Ok(Some(*value as f64)),
        Argument::Float(value) => Ok(Some(*value)),
        _ => Err(wrong()),
    };
    match arguments {
        [from] => Ok(Range { from: bound(from)?, to: None }),
        [from, to] => ordered(Range { from: bound(from)?, to: bound(to)? }),
        _ => Err(wrong()),
    }
}

fn ordered<T: PartialOrd>(range: Range<T>) -> Result<Range<T>, TypeError> {
    match (&range.from, &range.to) {
        (Some(from), Some(to)) if from > to => {
            Err(TypeError::new("the first bound of a type is larger than the second"))
        }
        _ => Ok(range),
    }
}

fn words(mut arguments: Vec<Argument>, wrong: Wrong<'_>) -> Result<Kind, TypeError> {
    let any_case = match arguments.last() {
        Some(Argument::Bool(any_case)) => Some(*any_case),
        _ => None,
    };
    if any_case.is_some() {
        arguments.pop();
    }
    let words = arguments.into_iter().map(|argument| match argument {
        Argument::Text(text) => Ok(text),
        _ => Err(wrong()),
    });
    let words: Vec<String> = words.collect::<Result<_, _>>()?;
    if words.is_empty() {
        return Err(wrong());
    }
    Ok(Kind::Enum { words, any_case: any_case.unwrap_or(false) })
}

fn patterns(arguments: Vec<Argument>, wrong: Wrong<'_>) -> Result<Vec<Pattern>, TypeError> {
    let patterns = arguments.into_iter().map(|argument| match argument {
        Argument::Regex(source) | Argument::Text(source) => Pattern::parse(&source),
        _ => Err(wrong()),
    });
    patterns.collect()
}

fn array(mut arguments: Vec<Argument>, wrong: Wrong<'_>) -> Result<Kind, TypeError> {
    let size_argument =
        matches!(arguments.first(), Some(Argument::Type(TypeSpec(Kind::Integer(_)))));
    let element = match arguments.first() {
        Some(Argument::Type(spec)) if !(size_argument && arguments.len() > 3) => {
            Some(Box::new(spec.clone()))
        }
        _ => None,
    };
    if element.is_some() {
        arguments.remove(0);
    }
    let size = if arguments.is_empty() { Size::ALL } else { size(&arguments, wrong)? };
    Ok(Kind::Array { element, size })
}

fn hash(mut arguments: Vec<Argument>, wrong: Wrong<'_>) -> Result<Kind, TypeError> {
    let entry = match arguments.as_slice() {
        [Argument::Type(key), Argument::Type(value), ..] => {
            Some(Box::new((key.clone(), value.clone())))
        }
        [_, _] => None,
        _ => return Err(wrong()),
    };
    if entry.is_some() {
        arguments.drain(..2);
    }
    let size = if arguments.is_empty() { Size::ALL } else { size(&arguments, wrong)? };
    Ok(Kind::Hash { entry, size })
}

fn tuple(arguments: &[Argument], wrong: Wrong<'_>) -> Result<Kind, TypeError> {
    let is_type = |argument: &Argument| matches!(argument, Argument::Type(_));
    let bounds = arguments.iter().rev().take_while(|argument| !is_type(argument)).count();
    let (elements, bounds) =
        arguments.split_at_checked(arguments.len() - bounds).ok_or_else(wrong)?;
    let size = if bounds.is_empty() { None } else { Some(size(bounds, wrong)?) };
    Ok(Kind::Tuple { elements: types(elements.to_vec(), wrong)?, size })
}

/// A key is optional if it says so, or if nothing would be of its type.
fn fields(entries: &[(Argument, Argument)], wrong: Wrong<'_>) -> Result<Vec<Field>, TypeError> {
    let fields = entries.iter().map(|(key, value)| {
        let Argument::Type(value) = value else { return Err(wrong()) };
        let (name, optional) = match key {
            Argument::Text(name) => (name.clone(), value.takes_undef()),
            Argument::Type(TypeSpec(Kind::Optional(Some(key)))) => {
                (word(key).ok_or_else(wrong)?, true)
            }
            Argument::Type(TypeSpec(Kind::NotUndef(Some(key)))) => {
                (word(key).ok_or_else(wrong)?, false)
            }
            _ => return Err(wrong()),
        };
        Ok(Field { name, optional, value: value.clone() })
    });
    fields.collect()
}

fn word(spec: &TypeSpec) -> Option<String> {
    match &spec.0 {
        Kind::Enum { words, .. } => words.first().cloned(),
        _ => None,
    }
}
