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
mod forward;
mod grafana;
mod ottl;
mod overrides;
mod prometheus;
mod quirks;
mod rules;
mod scalar;
mod setting;
mod systemd;
mod templates;
mod tempo;

use crate::artifact::Artifact;
use crate::client::Wish;
use crate::diagnostic::Failure;
use crate::stack::Stack;
pub use client::ClientForm;
pub use overrides::Override;
use templates::Templates;
pub use templates::originals;

/// Renders everything that one stack asks for, in an order of its own that never changes.
///
/// The result depends on the stack alone: no time, no host, no randomness.
///
/// # Errors
/// A template that does not fill, or an artifact that does not read back as
/// what was meant: bugs, while the templates are the embedded ones.
pub fn render(stack: &Stack) -> Result<Vec<Artifact>, Failure> {
    render_with(stack, &[])
}

/// Like [`render`], with templates of the user's own, whose mistakes are the user's.
///
/// # Errors
/// As above, and `Kind::Profile` where there are overrides.
pub fn render_with(stack: &Stack, overrides: &[Override]) -> Result<Vec<Artifact>, Failure> {
    rendered(stack, overrides).map_err(|failure| overrides::blamed(&failure, overrides))
}

/// Renders an environment of clients that is no file of the stack.
///
/// # Errors
/// As [`render_with`].
pub fn client_environment(
    stack: &Stack,
    overrides: &[Override],
    wish: &Wish,
    form: ClientForm,
) -> Result<Artifact, Failure> {
    Templates::new(overrides)
        .and_then(|templates| Ok(client::artifact(stack, &templates, wish, form)?))
        .map_err(|failure| overrides::blamed(&failure, overrides))
}

fn rendered(stack: &Stack, overrides: &[Override]) -> Result<Vec<Artifact>, Failure> {
    let templates = Templates::new(overrides)?;
    let collector = collector::artifact(stack, &templates)?;
    let mut artifacts = compose::artifacts(stack, &templates, &collector)?;
    artifacts.push(collector);
    artifacts.extend(prometheus::artifacts(stack, &templates)?);
    artifacts.push(rules::artifact(stack, &templates)?);
    artifacts.extend(firewall::artifact(stack, &templates)?);
    artifacts.extend(dashboard::artifacts(stack, &templates)?);
    artifacts.extend(systemd::artifacts(stack, &templates)?);
    artifacts.extend(grafana::artifacts(stack, &templates)?);
    artifacts.extend(client::artifacts(stack, &templates)?);
    check::all(stack, &artifacts)?;
    Ok(artifacts)
}
