//! The compose file, read back: a strict, typed subset of the Compose specification.
//!
//! Owns which keys are understood, what they mean, the digest of a service and
//! the hash by which docker-compose 1.29.2 knows its containers. A key outside
//! the subset is an error with its line. May not know Docker's API, the profile
//! or templates.

mod digest;
mod document;
mod hash;
mod mount;
mod node;
mod port;
mod quantity;
mod read;
mod service;

pub use digest::digest;
pub use document::{ComposeFile, Network, Volume};
pub use hash::ConfigHash;
pub use mount::{Mount, Source};
pub use port::PublishedPort;
pub use quantity::{Duration, Memory, Restart};
pub use service::{Logging, Service};

/// Names of the labels that otelctl itself puts into the compose file.
pub mod label {
    /// The stack that owns the object.
    pub const STACK: &str = "io.otelctl.stack";
    /// The digest of a service and of the mounted files that need a restart.
    pub const DIGEST: &str = "io.otelctl.digest";
    /// The URL that answers 200 once the container works, polled from outside.
    pub const HEALTH: &str = "io.otelctl.health";
}
