//! The environment of Claude Code clients.
//!
//! May not know the CLI's code: what works is measured, see the template's
//! comments.

use super::templates::Templates;
use crate::artifact::{Artifact, path};
use crate::diagnostic::Diagnostic;
use crate::stack::Stack;
use serde::Serialize;
use std::net::SocketAddr;

#[derive(Serialize)]
struct Context {
    endpoint: String,
}

/// Renders the environment that clients need.
///
/// # Errors
/// A template that does not fill: a bug.
pub fn artifact(stack: &Stack, templates: &Templates) -> Result<Artifact, Diagnostic> {
    let address = SocketAddr::new(stack.client.address, stack.client.grpc_port);
    templates.fill(path::CLIENT, Context { endpoint: format!("http://{address}") })
}
