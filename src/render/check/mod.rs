//! What was rendered, read back and held against the stack and against itself.
//!
//! Owns the cross-checks between artifacts. Every finding is a bug: the
//! profile's own mistakes were told before anything was rendered. May not
//! know hosts.

mod collector;
mod compose;
#[cfg(test)]
mod tests;

use super::compose::PROMETHEUS;
use crate::artifact::compose::ComposeFile;
use crate::artifact::{Artifact, MARK, path};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::stack::Stack;
use serde_json::Value;
use std::collections::BTreeSet;

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
pub fn all(stack: &Stack, artifacts: &[Artifact]) -> Result<(), Failure> {
    let mut findings = Findings::default();
    let mut paths = BTreeSet::new();
    for artifact in artifacts {
        findings.holds(paths.insert(artifact.path.as_str()), || {
            format!("`{}` is rendered twice", artifact.path)
        });
        let marked = text(artifact).is_ok_and(|text| text.starts_with(&format!("# {MARK}")));
        findings.holds(marked, || {
            format!("`{}` does not say in its first line who wrote it", artifact.path)
        });
        let extension = artifact.path.rsplit('.').next();
        if matches!(extension, Some("yaml" | "yml"))
            && let Err(error) = document(artifact)
        {
            findings.0.push(error);
        }
    }
    if let Some(file) = read(artifacts, path::COMPOSE, compose, &mut findings) {
        compose::check(stack, &file, artifacts, &mut findings);
        if let Some(config) = read(artifacts, path::COLLECTOR, document, &mut findings) {
            collector::check(&file, &config, &mut findings);
            scrape(stack, &config, artifacts, &mut findings);
        }
    }
    Failure::check(findings.0).map(|_| ())
}

/// Reads an artifact back as YAML.
///
/// # Errors
/// Bytes that are no text, text that is no YAML.
pub fn document(artifact: &Artifact) -> Result<Value, Diagnostic> {
    serde_saphyr::from_str(text(artifact)?)
        .map_err(|error| unreadable(&artifact.path).caused_by(&error.without_snippet()))
}

/// Reads an artifact back as a compose file.
///
/// # Errors
/// Every mistake in it, as causes.
pub fn compose(artifact: &Artifact) -> Result<ComposeFile, Diagnostic> {
    ComposeFile::parse(text(artifact)?).map_err(|mistakes| {
        mistakes.iter().fold(unreadable(&artifact.path), |error, mistake| {
            error.cause(format!("{}: {}", mistake.origin, mistake.message))
        })
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

fn read<T>(
    artifacts: &[Artifact],
    path: &str,
    parse: impl Fn(&Artifact) -> Result<T, Diagnostic>,
    findings: &mut Findings,
) -> Option<T> {
    let Some(artifact) = artifacts.iter().find(|artifact| artifact.path == path) else {
        findings.add(format!("`{path}` is not rendered"));
        return None;
    };
    match parse(artifact) {
        Ok(value) => Some(value),
        // `all` has told what is no YAML at all.
        Err(error) if document(artifact).is_ok() => {
            findings.0.push(error);
            None
        }
        Err(_) => None,
    }
}

/// Prometheus scrapes the port the exporter serves: inside the stack's network
/// the container's, elsewhere the host's. A target that the user set is theirs.
fn scrape(stack: &Stack, config: &Value, artifacts: &[Artifact], findings: &mut Findings) {
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
        let target = document(artifact).ok().and_then(|document| {
            collector::port(document.pointer("/scrape_configs/0/static_configs/0/targets/0"))
        });
        let set = stack.scrape.target.origin.location().is_some();
        findings.holds(target == Some(wanted) || (set && target.is_some()), || {
            format!("`{path}` scrapes port {target:?}, and the exporter is at {wanted}")
        });
    }
}
