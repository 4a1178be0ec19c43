//! Puppet's type language, as far as `--type` and `convert_to` need it.
//!
//! Owns reading a type, saying whether a value is of it, and making a value of
//! it from another (`Type.new`). What Puppet 7 does was asked of Puppet 7:
//! `tests/fixtures/types` holds its answers. May not know hierarchies or files.

mod build;
mod check;
mod convert;
mod error;
mod parse;
mod pattern;
mod show;
mod spec;
mod token;

pub use error::TypeError;
pub use pattern::Pattern;
pub use spec::TypeSpec;

#[cfg(test)]
mod tests;
