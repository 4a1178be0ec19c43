//! YAML and JSON with positions and the lookup of keys.
//!
//! Owns reading a data file into nodes that know their place, resolved as
//! Ruby's Psych resolves them, since that is what Puppet reads the same file
//! with. May not know anything about telemetry.

mod data_file;
mod document;
mod engine;
mod eyaml;
mod facts;
mod json;
mod json_text;
mod loader;
mod lookup_value;
mod mapping;
mod node;
mod number;
pub mod print;
mod scalar;
mod tag;
mod types;

pub use data_file::{DataFile, Entry};
pub use document::{Document, Format, MAX_BYTES};
pub use engine::{
    DirectoryEntry, Explanation, Files, Found, Hiera, KeyPaths, Lookup, Request, Scope, Sources,
    Step, Strategy, Strict,
};
pub use eyaml::{EyamlError, Keys, decrypt, holds_block};
pub use facts::Facts;
pub use node::{Node, Value};
pub use types::{Pattern, TypeError, TypeSpec};
