//! What went wrong or needs saying, where it stands, why, and how to cure it.
//!
//! Owns severities, codes, origins, cause chains, hints and the kinds of
//! failure that become exit codes. May not know any domain type, and prints
//! nothing: `report` turns a [`Diagnostic`] into text.

mod failure;
mod kind;
mod message;
mod nearest;
mod number;
mod origin;

pub use failure::Failure;
pub use kind::Kind;
pub use message::{Diagnostic, Severity, innermost};
pub use nearest::nearest;
pub use number::thousands;
pub use origin::{Location, Origin, Sourced};
