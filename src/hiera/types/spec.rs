//! A type of Puppet's.

use super::pattern::Pattern;

/// Bounds, both inclusive; none is unbounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range<T> {
    pub from: Option<T>,
    pub to: Option<T>,
}

impl<T: PartialOrd + Copy> Range<T> {
    pub(super) const ALL: Self = Self { from: None, to: None };

    pub(super) fn contains(&self, value: T) -> bool {
        self.from.is_none_or(|from| value >= from) && self.to.is_none_or(|to| value <= to)
    }
}

/// How many characters, elements or entries.
pub(super) type Size = Range<i64>;

/// A key of a `Struct`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub name: String,
    pub optional: bool,
    pub value: TypeSpec,
}

/// A type of Puppet's.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeSpec(pub(super) Kind);

/// What a type asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Any,
    Undef,
    NotUndef(Option<Box<TypeSpec>>),
    Optional(Option<Box<TypeSpec>>),
    Variant(Vec<TypeSpec>),
    Boolean(Option<bool>),
    Integer(Range<i64>),
    Float(Range<f64>),
    Numeric,
    String(Size),
    Enum {
        words: Vec<String>,
        any_case: bool,
    },
    Pattern(Vec<Pattern>),
    Array {
        element: Option<Box<TypeSpec>>,
        size: Size,
    },
    Hash {
        entry: Option<Box<(TypeSpec, TypeSpec)>>,
        size: Size,
    },
    Tuple {
        elements: Vec<TypeSpec>,
        size: Option<Size>,
    },
    Struct(Vec<Field>),
    Collection(Size),
    Iterable(Option<Box<TypeSpec>>),
    Scalar,
    ScalarData,
    Data,
    RichData,
    Sensitive(Option<Box<TypeSpec>>),
    /// Seconds.
    Timespan(Range<f64>),
    /// Seconds since 1970.
    Timestamp(Range<f64>),
    SemVer(Vec<String>),
    Regexp,
    Init(Option<Box<TypeSpec>>),
    /// A type that no value from data is of, such as `Callable`.
    Foreign(&'static str),
    /// A type that nobody defines; its values cannot be checked or made.
    Unknown(String),
}

impl TypeSpec {
    /// Says whether nothing (`undef`) is of this type.
    pub(super) fn takes_undef(&self) -> bool {
        match &self.0 {
            Kind::Any | Kind::Undef | Kind::Optional(_) | Kind::Data | Kind::RichData => true,
            Kind::Variant(types) => types.iter().any(Self::takes_undef),
            _ => false,
        }
    }
}
