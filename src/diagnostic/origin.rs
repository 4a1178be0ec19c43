//! Where a value came from: the built-in default, or a place in a file.

use std::fmt;
use std::sync::Arc;

/// A place in a data file; line and column count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The hierarchy level that gave the value.
    pub layer: Arc<str>,
    /// The file's path as the user named it.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Says where a value came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The value is otelctl's default, or has no place in a file.
    #[default]
    Default,
    /// The value stands in a file.
    File(Location),
}

impl Origin {
    /// Returns the place in a file, if there is one.
    #[must_use]
    pub const fn location(&self) -> Option<&Location> {
        match self {
            Self::Default => None,
            Self::File(location) => Some(location),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(at) => write!(f, "{}:{}:{}", at.file, at.line, at.column),
        }
    }
}

/// A value together with where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where the value came from.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// Joins a value and its origin.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// Marks a value as otelctl's own default.
    pub const fn default_value(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }

    /// Changes the value and keeps the origin.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: change(self.value), origin: self.origin }
    }
}
