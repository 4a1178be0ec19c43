//! What Claude Code clients are told, and what a given environment makes of them.
//!
//! Owns the table of variables and why each is needed, how shells write them,
//! how files say them, which file beats which, and what is wrong with the
//! result. Its facts are measured on the CLI. Touches neither disk nor network.

mod attribute;
mod diagnosis;
mod effective;
mod environment;
mod plain;
mod protocol;
mod shell;
mod signal;
mod source;
mod variable;

pub use attribute::Attribute;
pub use diagnosis::{Diagnosis, Endpoint, Finding, Route, Scheme, diagnose};
pub use effective::{Chosen, Effective, Place};
pub use environment::{Setting, Wish, environment, reach};
pub use plain::{lines, user_settings};
pub use protocol::Protocol;
pub use shell::Shell;
pub use signal::Signal;
pub use source::{Assignment, Layer, Source, is_ours};
pub use variable::name;
