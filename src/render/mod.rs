//! Templates become artifacts, parsed back before they are used.
//!
//! Owns the templates, the typed contexts they are filled from, and the
//! cross-checks of what was rendered. One file for each family of artifacts
//! decides everything its template shows; templates do layout only. May not
//! know hosts or providers, and touches no disk.

mod canonical;
mod check;
mod client;
mod collector;
mod compose;
mod dashboard;
mod firewall;
mod grafana;
mod ottl;
mod prometheus;
mod quirks;
mod rules;
mod saving;
mod scalar;
mod setting;
mod systemd;
mod templates;
mod tempo;

use crate::artifact::Artifact;
use crate::diagnostic::Failure;
use crate::stack::Stack;
use templates::Templates;

/// Renders everything that one stack asks for, in an order of its own that never changes.
///
/// The result depends on the stack alone: no time, no host, no randomness.
///
/// # Errors
/// A template that does not fill, or an artifact that does not read back as
/// what was meant: bugs, while the templates are the embedded ones.
pub fn render(stack: &Stack) -> Result<Vec<Artifact>, Failure> {
    let templates = Templates::embedded()?;
    let collector = collector::artifact(stack, &templates)?;
    let mut artifacts = compose::artifacts(stack, &templates, &collector)?;
    artifacts.push(collector);
    artifacts.extend(prometheus::artifacts(stack, &templates)?);
    artifacts.push(rules::artifact(&templates)?);
    artifacts.extend(firewall::artifact(stack, &templates)?);
    artifacts.extend(dashboard::artifacts(stack, &templates)?);
    artifacts.extend(systemd::artifacts(stack, &templates)?);
    artifacts.extend(grafana::artifacts(stack, &templates)?);
    artifacts.push(client::artifact(stack, &templates)?);
    check::all(stack, &artifacts)?;
    Ok(artifacts)
}
