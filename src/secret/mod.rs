//! Values that cannot be printed, and where they come from.
//!
//! A [`Secret`] has no way into text but [`Secret::expose`], which only the
//! code that hands it to its owner calls. A profile holds a [`Reference`], so
//! that everything up to the plan works without the value. May not know who
//! uses a secret.

mod basic;
mod reference;
mod value;

pub use reference::Reference;
pub use value::Secret;

/// Looks up one environment variable; only `cli` reads the environment itself.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;
