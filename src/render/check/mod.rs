//! What was rendered, read back and held against the stack and against itself.
//!
//! Owns the cross-checks between artifacts. Every finding is a bug: the
//! profile's own mistakes were told before anything was rendered. May not
//! know hosts.

mod collector;
mod compose;
mod dashboard;
mod environment;
#[cfg(test)]
mod tests;

use super::canonical;
use super::compose::PROMETHEUS;
use super::memo::{Memo, Same};
use crate::artifact::compose::ComposeFile;
use crate::artifact::prometheus::{PrometheusConfig, RuleFile};
use crate::artifact::ruleset::Ruleset;
use crate::artifact::{Artifact, MARK, grafana, path};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::stack::Stack;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Artifacts read back; each is read once, also for all stacks that have it alike.
#[derive(Debug, Default)]
pub struct Readings {
    documents: Memo<Same, Arc<Value>>,
    canonical: Memo<Same, Arc<str>>,
    composes: Memo<Same, Arc<ComposeFile>>,
    rulesets: Memo<Same, Arc<Ruleset>>,
    dashboards: Memo<Same, Arc<dashboard::Judged>>,
    others: Memo<Same, ()>,
}

/// What does not fit, all of it.
#[derive(Default)]
pub(super) struct Findings(Vec<Diagnostic>);

impl Findings {
    fn add(&mut self, message: impl Into<String>) {
        self.0.push(Diagnostic::error(Kind::Bug, message).code("render::check"));
    }

    fn holds(&mut self, condition: bool, message: impl FnOnce() -> String) {
        if !condition {
            self.add(message());
        }
    }
}

/// Holds every artifact against the stack and the others.
///
/// # Errors
/// Everything that does not fit.
pub fn all(stack: &Stack, artifacts: &[Artifact], readings: &Readings) -> Result<(), Failure> {
    let mut findings = Findings::default();
    let mut paths = BTreeSet::new();
    for artifact in artifacts {
        findings.holds(paths.insert(artifact.path.as_str()), || {
            format!("`{}` is rendered twice", artifact.path)
        });
        findings.holds(is_marked(artifact), || {
            format!("`{}` does not say in its first lines who wrote it", artifact.path)
        });
        if let Err(error) = readings.read(artifact) {
            findings.0.push(error);
        }
    }
    let compose = |artifact: &Artifact| readings.compose(artifact);
    if let Some(file) = found(artifacts, path::COMPOSE, compose, &mut findings) {
        compose::check(stack, &file, artifacts, readings, &mut findings);
        let document = |artifact: &Artifact| readings.document(artifact);
        if let Some(config) = found(artifacts, path::COLLECTOR, document, &mut findings) {
            collector::check(&file, &config, &mut findings);
            scrape(stack, &config, artifacts, readings, &mut findings);
        }
    }
    environment::check(stack, artifacts, &mut findings);
    dashboard::check(stack, artifacts, readings, &mut findings);
    Failure::check(findings.0).map(|_| ())
}

/// JSON has no comments: there a value near the top says it.
fn is_marked(artifact: &Artifact) -> bool {
    let Ok(text) = text(artifact) else { return false };
    if artifact.path.rsplit_once('.').is_some_and(|(_, ending)| ending == "json") {
        text.lines().take(4).any(|line| line.contains(MARK))
    } else {
        text.starts_with(&format!("# {MARK}"))
    }
}

impl Readings {
    /// Reads an artifact back as whoever realises it will read it.
    fn read(&self, artifact: &Artifact) -> Result<(), Diagnostic> {
        match artifact.path.as_str() {
            path::COMPOSE => self.compose(artifact).map(|_| ()),
            path::FIREWALL => self.ruleset(artifact).map(|_| ()),
            path::COLLECTOR => self.document(artifact).map(|_| ()),
            path if path::DASHBOARDS.contains(&path) => self.dashboard(artifact).map(|_| ()),
            _ => self.others.get_or(Same(artifact.bytes.clone()), || readable(artifact)),
        }
    }

    /// Reads an artifact back as YAML.
    ///
    /// # Errors
    /// Bytes that are no text, text that is no YAML.
    pub fn document(&self, artifact: &Artifact) -> Result<Arc<Value>, Diagnostic> {
        self.documents.get_or(Same(artifact.bytes.clone()), || {
            let read = serde_saphyr::from_str(text(artifact)?);
            read.map(Arc::new)
                .map_err(|error| unreadable(&artifact.path).caused_by(&error.without_snippet()))
        })
    }

    /// Reads an artifact back as YAML, in a form without comments, order and style.
    ///
    /// # Errors
    /// As for [`Readings::document`].
    pub fn canonical(&self, artifact: &Artifact) -> Result<Arc<str>, Diagnostic> {
        self.canonical.get_or(Same(artifact.bytes.clone()), || {
            Ok(canonical::json(&*self.document(artifact)?).into())
        })
    }

    /// Reads an artifact back as a compose file.
    ///
    /// # Errors
    /// Every mistake in it, as causes.
    pub fn compose(&self, artifact: &Artifact) -> Result<Arc<ComposeFile>, Diagnostic> {
        self.composes.get_or(Same(artifact.bytes.clone()), || {
            let read = ComposeFile::parse(text(artifact)?);
            read.map(Arc::new).map_err(|found| mistakes(&artifact.path, &found))
        })
    }

    fn ruleset(&self, artifact: &Artifact) -> Result<Arc<Ruleset>, Diagnostic> {
        self.rulesets.get_or(Same(artifact.bytes.clone()), || {
            let read = Ruleset::parse(text(artifact)?, &artifact.path);
            read.map(Arc::new).map_err(|failure| mistakes(&artifact.path, failure.diagnostics()))
        })
    }

    fn dashboard(&self, artifact: &Artifact) -> Result<Arc<dashboard::Judged>, Diagnostic> {
        self.dashboards
            .get_or(Same(artifact.bytes.clone()), || dashboard::judged(artifact).map(Arc::new))
    }
}

/// Reads an artifact back that is held against no other.
fn readable(artifact: &Artifact) -> Result<(), Diagnostic> {
    let of = |mistake: Diagnostic| mistakes(&artifact.path, &[mistake]);
    let text = text(artifact)?;
    match artifact.path.as_str() {
        path::PROMETHEUS => PrometheusConfig::parse(text).map(|_| ()).map_err(of),
        path::SCRAPE => PrometheusConfig::parse_snippet(text).map(|_| ()).map_err(of),
        path::RULES => RuleFile::parse(text).map(|_| ()).map_err(of),
        path::DATASOURCE => grafana::Datasource::parse(text).map(|_| ()).map_err(of),
        path::FOLDER => grafana::Folder::parse(text).map(|_| ()).map_err(of),
        _ => Ok(()),
    }
}

fn mistakes(path: &str, found: &[Diagnostic]) -> Diagnostic {
    found.iter().fold(unreadable(path), |error, mistake| {
        let error = error.cause(format!("{}: {}", mistake.origin, mistake.message));
        mistake.causes.iter().fold(error, Diagnostic::cause)
    })
}

fn text(artifact: &Artifact) -> Result<&str, Diagnostic> {
    std::str::from_utf8(&artifact.bytes)
        .map_err(|error| unreadable(&artifact.path).caused_by(&error))
}

fn unreadable(path: &str) -> Diagnostic {
    Diagnostic::error(Kind::Bug, format!("the rendered `{path}` does not read back"))
        .code("render::check")
}

/// Finds and reads an artifact; `all` has told already if it does not read back.
fn found<T>(
    artifacts: &[Artifact],
    path: &str,
    read: impl Fn(&Artifact) -> Result<T, Diagnostic>,
    findings: &mut Findings,
) -> Option<T> {
    let artifact = artifacts.iter().find(|artifact| artifact.path == path);
    if artifact.is_none() {
        findings.add(format!("`{path}` is not rendered"));
    }
    artifact.and_then(|artifact| read(artifact).ok())
}

/// Prometheus scrapes the port the exporter serves: inside the stack's network
/// the container's, elsewhere the host's. A target that the user set is theirs.
fn scrape(
    stack: &Stack,
    config: &Value,
    artifacts: &[Artifact],
    readings: &Readings,
    findings: &mut Findings,
) {
    let exporter = collector::port(config.pointer("/exporters/prometheus/endpoint"));
    let published = stack.ports.iter().find(|port| Some(port.container) == exporter);
    let Some((inside, outside)) = exporter.zip(published.map(|port| port.host.value)) else {
        findings.add("the exporter's port is not published");
        return;
    };
    let managed = stack.prometheus.is_some();
    findings.holds(
        managed == artifacts.iter().any(|artifact| artifact.path == path::PROMETHEUS),
        || format!("`{}` must be rendered for a managed `{PROMETHEUS}` alone", path::PROMETHEUS),
    );
    for (path, wanted) in [(path::PROMETHEUS, inside), (path::SCRAPE, outside)] {
        let Some(artifact) = artifacts.iter().find(|artifact| artifact.path == path) else {
            continue;
        };
        let target = readings.document(artifact).ok().and_then(|document| {
            collector::port(document.pointer("/scrape_configs/0/static_configs/0/targets/0"))
        });
        let set = stack.scrape.target.origin.location().is_some();
        findings.holds(target == Some(wanted) || (set && target.is_some()), || {
            format!("`{path}` scrapes port {target:?}, and the exporter is at {wanted}")
        });
    }
}
