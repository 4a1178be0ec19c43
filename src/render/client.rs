//! The environment of Claude Code clients, for shells and for settings files.
//!
//! May not know which variables there are, nor how a shell quotes.

use super::setting::from;
use super::templates::Templates;
use crate::artifact::{Artifact, path};
use crate::client::{Setting, Shell, Wish, environment, name};
use crate::diagnostic::Diagnostic;
use crate::stack::Stack;
use serde::Serialize;

/// What the environment is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientForm {
    /// A file that a shell reads, with comments.
    Shell(Shell),
    /// `managed-settings.json`, or a file of `managed-settings.d`.
    ManagedSettings,
}

#[derive(Serialize)]
struct Context {
    endpoint: String,
    settings: Vec<Row>,
}

/// One variable as templates show it.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    value: String,
    /// What sets it in the shell at hand.
    assignment: String,
    /// Why it is there, line by line, and the profile's settings that it follows from.
    comment: Vec<String>,
    /// False: it is shown, and not set.
    set: bool,
}

/// Renders the environment that clients need, in the forms that are files of a stack.
///
/// # Errors
/// A template that does not fill: a bug.
pub fn artifacts(stack: &Stack, templates: &Templates) -> Result<Vec<Artifact>, Diagnostic> {
    let wish = Wish::default();
    [ClientForm::Shell(Shell::Bash), ClientForm::ManagedSettings]
        .into_iter()
        .map(|form| artifact(stack, templates, &wish, form))
        .collect()
}

/// Renders one form of an environment.
///
/// # Errors
/// A template that does not fill: a bug.
pub fn artifact(
    stack: &Stack,
    templates: &Templates,
    wish: &Wish,
    form: ClientForm,
) -> Result<Artifact, Diagnostic> {
    let settings = environment(stack, wish);
    let endpoint = settings.iter().find(|setting| setting.name == name::ENDPOINT);
    let endpoint = endpoint.map(|setting| setting.value.clone()).unwrap_or_default();
    let (path, shell) = match form {
        ClientForm::Shell(shell) => (path::CLIENT, shell),
        ClientForm::ManagedSettings => (path::CLIENT_SETTINGS, Shell::Lines),
    };
    let settings = settings.into_iter().map(|setting| row(setting, shell)).collect();
    templates.fill(path, Context { endpoint, settings })
}

fn row(setting: Setting, shell: Shell) -> Row {
    let left = setting.left.iter().flat_map(|left| left.lines());
    let comment = setting.why.lines().chain(left).map(str::to_owned);
    let from = setting.from.iter().map(|(key, origin)| from(key, origin));
    Row {
        comment: comment.chain(from).collect(),
        assignment: shell.assignment(setting.name, &setting.value),
        name: setting.name,
        value: setting.value,
        set: setting.set,
    }
}
