//! The templates, and how they are filled.
//!
//! Owns the table of embedded templates and the filters they may use. A
//! variable that is not defined is an error. May not know what a template is for.

use super::memo::Memo;
use super::overrides::Override;
use super::scalar;
use crate::artifact::{Artifact, path};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

/// Every template, by the path of the artifact it becomes.
const EMBEDDED: [(&str, &str); 13] = [
    (path::COMPOSE, include_str!("../../templates/docker-compose.yaml")),
    (path::ENV, include_str!("../../templates/.env")),
    (path::COLLECTOR, include_str!("../../templates/config/otel-collector-config.yaml")),
    (path::PROMETHEUS, include_str!("../../templates/prometheus/prometheus.yml")),
    (path::SCRAPE, include_str!("../../templates/prometheus/scrape/otel-collector.yaml")),
    (path::RULES, include_str!("../../templates/prometheus/rules/claude-code.rules.yaml")),
    (path::FIREWALL, include_str!("../../templates/firewall/otelctl.nft")),
    (path::COLLECTOR_UNIT, include_str!("../../templates/systemd/otel-collector.service")),
    (path::FIREWALL_UNIT, include_str!("../../templates/systemd/otelctl-firewall.service")),
    (path::DATASOURCE, include_str!("../../templates/grafana/datasource.json")),
    (path::FOLDER, include_str!("../../templates/grafana/folder.json")),
    (path::CLIENT, include_str!("../../templates/client/claude-code.env")),
    (path::CLIENT_SETTINGS, include_str!("../../templates/client/managed-settings.json")),
];

/// The sources of dashboards, by the path of the artifact: the file's name and its text. They
/// are read, not filled: `{{model}}` and `$x` in them are Grafana's.
const SOURCES: [(&str, &str, &str); 3] = [
    (
        path::OVERVIEW,
        "dashboards/claude-code-overview.yaml",
        include_str!("../../dashboards/claude-code-overview.yaml"),
    ),
    (
        path::COSTS,
        "dashboards/claude-code-costs.yaml",
        include_str!("../../dashboards/claude-code-costs.yaml"),
    ),
    (
        path::SESSION,
        "dashboards/claude-code-session.yaml",
        include_str!("../../dashboards/claude-code-session.yaml"),
    ),
];

/// Instructions one template may take; the longest needs a few thousand.
const FUEL: u64 = 1_000_000;

/// Mode of every rendered file: containers read them as users of their own,
/// and none holds a secret.
const MODE: u32 = 0o644;

/// A source as it stands in its file.
#[derive(Clone, Copy, Debug)]
pub struct SourceText<'a> {
    /// The file, for messages.
    pub file: &'a str,
    /// What it says.
    pub text: &'a str,
    /// What a mistake in it is: a bug, while it is the embedded one.
    pub kind: Kind,
}

/// Every embedded template and source: its path, which an override has too, and its text.
pub fn originals() -> impl Iterator<Item = (&'static str, &'static str)> {
    EMBEDDED.into_iter().chain(SOURCES.map(|(_, file, text)| (file, text)))
}

/// The templates, compiled.
pub struct Templates {
    environment: Environment<'static>,
    overrides: Vec<Override>,
    /// By the template's path and what it was filled with.
    filled: Memo<(String, String), Artifact>,
}

impl Templates {
    /// Compiles the embedded templates, but for those that the user has instead.
    ///
    /// # Errors
    /// Every template that does not parse: a bug, if it is an embedded one.
    pub fn new(overrides: &[Override]) -> Result<Self, Failure> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_syntax(syntax()?);
        environment.set_fuel(Some(FUEL));
        // It would write all that a template knows into the file.
        environment.remove_global("debug");
        // docker-compose substitutes `$NAME`, and reads `$$` as one dollar sign.
        environment.add_filter("compose", |text: &str| scalar::yaml(&text.replace('$', "$$")));
        environment.add_filter("yaml", |text: &str| scalar::yaml(text));
        environment.add_filter("quoted", |text: &str| scalar::quoted(text));
        let mut templates =
            Self { environment, overrides: overrides.to_vec(), filled: Memo::default() };
        let mut errors = Vec::new();
        for (name, source) in EMBEDDED {
            let text =
                templates.own(name).map_or_else(|| source.to_owned(), |own| own.text.clone());
            if let Err(error) = templates.environment.add_template_owned(name, text) {
                errors.push(templates.failure(name, &error));
            }
        }
        Failure::check(errors)?;
        Ok(templates)
    }

    /// The user's own in place of an embedded template.
    fn own(&self, path: &str) -> Option<&Override> {
        self.overrides.iter().find(|own| own.path == path)
    }

    /// Fills the template of one artifact.
    ///
    /// # Errors
    /// A template that uses what its context does not have: a bug.
    pub fn fill(&self, path: &str, context: impl Serialize) -> Result<Artifact, Diagnostic> {
        let known = serde_json::to_string(&context).map_err(|error| {
            let message = format!("cannot tell what `{path}` is filled with");
            Diagnostic::error(Kind::Bug, message).code("render::template").caused_by(&error)
        })?;
        self.filled.get_or((path.to_owned(), known), || {
            let text = self
                .environment
                .get_template(path)
                .and_then(|template| template.render(Serde(context)))
                .map_err(|error| self.failure(path, &error))?;
            Ok(text_artifact(path, text))
        })
    }

    /// Finds the source of one artifact.
    ///
    /// # Errors
    /// An artifact that has none: a bug.
    pub fn source(&self, path: &str) -> Result<SourceText<'_>, Diagnostic> {
        let source = SOURCES.into_iter().find(|(artifact, ..)| *artifact == path);
        source
            .map(|(_, file, text)| match self.own(file) {
                Some(own) => SourceText { file: &own.file, text: &own.text, kind: Kind::Profile },
                None => SourceText { file, text, kind: Kind::Bug },
            })
            .ok_or_else(|| Diagnostic::error(Kind::Bug, format!("`{path}` has no source")))
    }

    /// Tells what is wrong, and where, if it is the user's.
    fn failure(&self, path: &str, error: &minijinja::Error) -> Diagnostic {
        let message = format!("cannot fill the template of `{path}`");
        let told = match self.own(error.name().unwrap_or(path)) {
            Some(own) => Diagnostic::error(Kind::Profile, message)
                .at(&own.origin(error.line().unwrap_or(1)))
                .hint("`otelctl templates` prints the originals"),
            None => Diagnostic::error(Kind::Bug, message),
        };
        told.code("render::template").caused_by(error)
    }
}

/// Makes an artifact of what was rendered as text.
pub fn text_artifact(path: &str, text: String) -> Artifact {
    Artifact { path: path.to_owned(), bytes: text.into_bytes().into(), mode: MODE }
}

/// Block tags stand on lines of their own and leave no trace.
fn syntax() -> Result<SyntaxConfig, Diagnostic> {
    let mut builder = SyntaxConfig::builder();
    builder.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    builder
        .build()
        .map_err(|error| Diagnostic::error(Kind::Bug, "cannot set up templates").caused_by(&error))
}

#[cfg(test)]
mod tests {
    use super::{Override, Templates};
    use crate::artifact::path;
    use crate::diagnostic::Kind;

    #[test]
    fn a_variable_that_is_missing_is_an_error() {
        let templates = Templates::new(&[]).unwrap();
        let context = serde_json::json!({ "not_the_stack": "otel" });
        let error = templates.fill(path::ENV, context).unwrap_err();
        assert_eq!(error.kind, Kind::Bug);
        assert!(error.message.contains(".env"), "{error:?}");
    }

    #[test]
    fn a_mistake_in_a_template_of_the_users_own_is_theirs_and_has_a_line() {
        let own = |path: &str, text: &str| {
            Override::new(path, format!("own/{path}"), text.to_owned()).unwrap()
        };
        let broken = [own(path::ENV, "# one\n{% if %}\n"), own(path::CLIENT, "{{ x")];
        let failure = Templates::new(&broken).err().unwrap();
        let told: Vec<_> =
            failure.diagnostics().iter().map(|d| (d.kind, d.origin.to_string())).collect();
        assert_eq!(
            told,
            [
                (Kind::Profile, "own/.env:2:1".to_owned()),
                (Kind::Profile, "own/client/claude-code.env:1:1".to_owned())
            ]
        );
        for text in [
            "# one\n\n{{ absent }}\n",
            "# one\n\n{{ debug() }}\n",
            "# 1\n\n{% for a in range(9999999) %}x{% endfor %}",
        ] {
            let templates = Templates::new(&[own(path::ENV, text)]).unwrap();
            let error = templates.fill(path::ENV, serde_json::json!({ "known": 1 })).unwrap_err();
            assert_eq!(
                (error.kind, error.origin.to_string()),
                (Kind::Profile, "own/.env:3:1".into()),
                "{text}"
            );
        }
    }
}
