//! What one file, or the process's environment, sets for Claude Code.
//!
//! Owns the forms that are read: lines that shells read, and settings files.

mod line;
mod settings;
mod word;

use crate::diagnostic::{Diagnostic, Origin};
use crate::secret::Secret;
use std::fmt;

/// Who says it; each beats those before it (measured).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The environment that Claude Code is started in.
    Shell,
    /// `~/.claude/settings.json`.
    User,
    /// `.claude/settings.json` of the folder that Claude Code works in.
    Project,
    /// `.claude/settings.local.json` there.
    Local,
    /// `/etc/claude-code/managed-settings.json` and, above it, `managed-settings.d`.
    Managed,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shell => "the shell's environment",
            Self::User => "user settings",
            Self::Project => "project settings",
            Self::Local => "local project settings",
            Self::Managed => "managed settings",
        })
    }
}

/// One variable that is set somewhere.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Its name.
    pub name: String,
    /// Its value, which may hold a token.
    pub value: Secret,
    /// Where it stands.
    pub origin: Origin,
}

/// Everything that one place sets for Claude Code.
#[derive(Clone, Debug)]
pub struct Source {
    /// Who says it.
    pub layer: Layer,
    /// The variables, in order; of two with one name the later counts.
    pub assignments: Vec<Assignment>,
    /// Where `otelHeadersHelper` stands, a setting beside the variables.
    pub headers_helper: Option<Origin>,
    /// What does not count, though it looks like it.
    pub warnings: Vec<Diagnostic>,
}

impl Source {
    /// Takes the variables of a process.
    pub fn of_process(variables: impl Iterator<Item = (String, String)>) -> Self {
        let ours = variables.filter(|(name, _)| is_ours(name)).map(|(name, value)| Assignment {
            name,
            value: Secret::new(value),
            origin: Origin::Default,
        });
        Self::of(Layer::Shell, ours.collect())
    }

    /// Reads what a shell reads: bash, fish, PowerShell, or bare lines of `NAME=value`.
    /// Lines that are about something else are nobody's business here.
    ///
    /// # Errors
    /// Values that are known only when the file runs.
    pub fn of_lines(text: &str, file: &str) -> Result<Self, Vec<Diagnostic>> {
        line::source(text, file)
    }

    /// Reads a settings file.
    ///
    /// # Errors
    /// What Claude Code does not load, or takes for nothing.
    pub fn of_settings(text: &str, file: &str, layer: Layer) -> Result<Self, Vec<Diagnostic>> {
        settings::source(text, file, layer)
    }

    const fn of(layer: Layer, assignments: Vec<Assignment>) -> Self {
        Self { layer, assignments, headers_helper: None, warnings: Vec::new() }
    }
}

/// Says that a variable is about telemetry, or was meant to be.
#[must_use]
pub fn is_ours(name: &str) -> bool {
    ["OTEL_", "OTLP_", "OLTP_", "CLAUDE_CODE_", "NODE_EXTRA_CA"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::{Layer, Source};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_file_makes_it_fail(
            text in "(export |set -gx |\\$env:|\\{|\"env\"|:|OTEL_A|[\"'\\\\=,$ \n{}]|\\[|\\]|\\PC){0,24}"
        ) {
            let _ = Source::of_lines(&text, "f");
            let _ = Source::of_settings(&text, "f", Layer::User);
        }

        #[test]
        fn settings_say_where_each_variable_stands(
            values in prop::collection::vec("\\PC{0,9}", 1..5),
            before in "[ \n\t]{0,5}",
        ) {
            let entry = |(index, value): (usize, &String)| {
                let value = serde_json::Value::from(value.as_str());
                format!("{before}\"OTEL_{index}\":{value}")
            };
            let entries: Vec<String> = values.iter().enumerate().map(entry).collect();
            let text = format!("{{\"x\":[\"env\"],\"env\":{{{}}}}}", entries.join(","));
            let source = Source::of_settings(&text, "f", Layer::User).expect("settings");
            for (index, (set, value)) in source.assignments.iter().zip(&values).enumerate() {
                prop_assert_eq!(set.value.expose(), value);
                let at = set.origin.location().expect("a place");
                let line = text.split('\n').nth(at.line - 1).expect("its line");
                let rest: String = line.chars().skip(at.column - 1).collect();
                let name = format!("\"OTEL_{index}\"");
                prop_assert!(rest.starts_with(&name), "{}", rest);
            }
        }
    }
}
