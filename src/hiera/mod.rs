//! YAML with positions and the lookup of keys.
//!
//! Owns reading a data file into nodes that know their place, resolved as
//! Ruby's Psych resolves them, since that is what Puppet reads the same file
//! with. May not know anything about telemetry.

mod data_file;
mod loader;
mod mapping;
mod node;
mod scalar;

pub use data_file::{DataFile, Entry};
pub use node::{Node, Value};
