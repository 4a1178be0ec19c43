//! A value as `puppet lookup` prints it: `--render-as json`, `yaml` and `s`.
//!
//! Owns Ruby's notations for writing. A sensitive value prints as Puppet's JSON
//! has it, `Sensitive [value redacted]`, in all three (Puppet's YAML shows what
//! is in it). May not know why a value is printed.

mod json;
mod ruby;
mod scalar;
mod yaml;

pub use json::{NoJson, json};
pub(in crate::hiera) use ruby::float;
pub use ruby::to_s;
pub use yaml::yaml;

/// What stands for a sensitive value.
const REDACTED: &str = "Sensitive [value redacted]";

#[cfg(test)]
mod tests;
