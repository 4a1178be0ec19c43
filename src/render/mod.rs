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
mod memo;
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
use check::Readings;
pub use client::ClientForm;
use memo::Memo;
pub use overrides::Override;
use templates::Templates;
pub use templates::originals;

/// Renders stacks; what several of them have alike is rendered, and checked, once.
pub struct Renderer {
    templates: Templates,
    overrides: Vec<Override>,
    readings: Readings,
    dashboards: Memo<dashboard::Wanted, Vec<Artifact>>,
}

impl Renderer {
    /// Takes templates of the user's own, whose mistakes are the user's.
    ///
    /// # Errors
    /// Every template that does not parse: a bug, if it is an embedded one.
    pub fn new(overrides: &[Override]) -> Result<Self, Failure> {
        let templates =
            Templates::new(overrides).map_err(|failure| overrides::blamed(&failure, overrides))?;
        Ok(Self {
            templates,
            overrides: overrides.to_vec(),
            readings: Readings::default(),
            dashboards: Memo::default(),
        })
    }

    /// Renders everything that one stack asks for, in an order of its own that never changes.
    ///
    /// The result depends on the stack alone: no time, no host, no randomness.
    ///
    /// # Errors
    /// A template that does not fill, or an artifact that does not read back as
    /// what was meant: bugs while the templates are the embedded ones, else `Kind::Profile`.
    pub fn render(&self, stack: &Stack) -> Result<Vec<Artifact>, Failure> {
        self.artifacts(stack).map_err(|failure| overrides::blamed(&failure, &self.overrides))
    }

    fn artifacts(&self, stack: &Stack) -> Result<Vec<Artifact>, Failure> {
        let Self { templates, readings, .. } = self;
        let collector = collector::artifact(stack, templates)?;
        let mut artifacts = compose::artifacts(stack, templates, readings, &collector)?;
        artifacts.push(collector);
        artifacts.extend(prometheus::artifacts(stack, templates)?);
        artifacts.push(rules::artifact(stack, templates)?);
        artifacts.extend(firewall::artifact(stack, templates)?);
        let wanted = dashboard::Wanted::of(stack);
        artifacts.extend(
            self.dashboards.get_or(wanted.clone(), || dashboard::artifacts(&wanted, templates))?,
        );
        artifacts.extend(systemd::artifacts(stack, templates)?);
        artifacts.extend(grafana::artifacts(stack, templates)?);
        artifacts.extend(client::artifacts(stack, templates)?);
        check::all(stack, &artifacts, readings)?;
        Ok(artifacts)
    }
}

/// Renders one stack with the embedded templates.
///
/// # Errors
/// As [`Renderer::render`].
pub fn render(stack: &Stack) -> Result<Vec<Artifact>, Failure> {
    Renderer::new(&[])?.render(stack)
}

/// Renders an environment of clients that is no file of the stack.
///
/// # Errors
/// As [`Renderer::render`].
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
