//! The environment of Claude Code clients, for shells and for managed settings.
//!
//! May not know the CLI's code: what works is measured, see the template's
//! comments.

use super::setting::{Setting, key};
use super::templates::Templates;
use crate::artifact::{Artifact, path};
use crate::diagnostic::Diagnostic;
use crate::stack::Stack;
use serde::Serialize;
use std::net::SocketAddr;

#[derive(Serialize)]
struct Context {
    endpoint: String,
    address: Setting<()>,
    port: Setting<()>,
    /// Clients send traces only where these are kept.
    tempo: Option<Setting<()>>,
}

/// Renders the environment that clients need.
///
/// # Errors
/// A template that does not fill: a bug.
pub fn artifacts(stack: &Stack, templates: &Templates) -> Result<Vec<Artifact>, Diagnostic> {
    let client = &stack.client;
    let address = SocketAddr::new(client.address.value, client.grpc_port.value);
    let context = || Context {
        endpoint: format!("http://{address}"),
        address: Setting::new(client.address_setting, &client.address, ()),
        port: Setting::new(key::GRPC_PORT, &client.grpc_port, ()),
        tempo: stack
            .tempo
            .as_ref()
            .map(|tempo| Setting::new(key::TEMPO_ENDPOINT, &tempo.endpoint, ())),
    };
    [path::CLIENT, path::CLIENT_SETTINGS]
        .into_iter()
        .map(|path| templates.fill(path, context()))
        .collect()
}
