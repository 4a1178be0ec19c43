//! Looking keys up in a hierarchy, as Puppet does.
//!
//! Owns hiera.yaml, levels, layers, interpolation, merges and `lookup_options`.
//! Reads only through [`Files`]; may not know telemetry or printing.

mod budget;
mod config;
mod deep_merge;
mod evaluation;
mod explanation;
mod files;
mod glob;
mod interpolation;
mod key;
mod layer;
mod level;
mod library;
mod lookup;
mod merge;
mod mistake;
mod options;
mod request;
mod resolution;
mod same;
mod scope;
mod session;
mod sort;
mod strategy;

pub use explanation::{Explanation, Step};
pub use files::{DirectoryEntry, Files};
pub use lookup::{Found, Hiera, Lookup};
pub use request::{KeyPaths, Request, Sources};
pub use scope::{Scope, Strict};
pub use strategy::Strategy;

use crate::diagnostic::Failure;

/// What ends a lookup at once; boxed, since it is big and rare.
type Outcome<T> = Result<T, Box<Failure>>;
