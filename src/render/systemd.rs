//! The units of systemd, filled from the stack.
//!
//! They call programs by the names that systemd finds in its own fixed folders,
//! so the result is the same on every host. May not know systemd's state.

use super::setting::{Setting, key};
use super::templates::Templates;
use crate::artifact::{Artifact, path};
use crate::diagnostic::Diagnostic;
use crate::stack::Stack;
use serde::Serialize;

#[derive(Serialize)]
struct Context<'a> {
    stack: Setting<String>,
    directory: Setting<String>,
    /// The collector's container.
    container: &'a str,
    /// The units that come before the collector's.
    after: String,
    /// The nft table.
    table: &'a str,
    /// The absolute path of the rendered ruleset.
    ruleset: String,
}

/// Renders the collector's unit, and the firewall's where otelctl manages the firewall.
///
/// # Errors
/// A template that does not fill: a bug.
pub fn artifacts(stack: &Stack, templates: &Templates) -> Result<Vec<Artifact>, Diagnostic> {
    let managed = stack.firewall.managed;
    let context = || Context {
        stack: Setting::of(key::STACK, &stack.name),
        directory: Setting::of(key::DIRECTORY, &stack.directory),
        container: &stack.collector.container,
        after: if managed {
            format!("docker.service {}", stack.units.firewall)
        } else {
            "docker.service".to_owned()
        },
        table: &stack.firewall.table,
        ruleset: format!("{}/{}", stack.directory.value, path::FIREWALL),
    };
    let mut artifacts = vec![templates.fill(path::COLLECTOR_UNIT, context())?];
    if managed {
        artifacts.push(templates.fill(path::FIREWALL_UNIT, context())?);
    }
    Ok(artifacts)
}
