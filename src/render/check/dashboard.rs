//! Dashboards, held against the stack, the table of metrics and Grafana's grid.

use super::{Findings, mistakes, text};
use crate::artifact::dashboard::{Dashboard, DataSource, Panel};
use crate::artifact::{Artifact, path};
use crate::diagnostic::Diagnostic;
use crate::render::dashboard::token::{Token, tokens};
use crate::stack::{METRICS, Stack};
use std::collections::BTreeSet;

/// Columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// Reads an artifact back as a dashboard.
///
/// # Errors
/// What Grafana would not keep as it is.
pub fn dashboard(artifact: &Artifact) -> Result<Dashboard, Diagnostic> {
    Dashboard::parse(&artifact.path, text(artifact)?)
        .map_err(|error| mistakes(&artifact.path, &[error]))
}

/// Holds every dashboard against the stack.
pub fn check(stack: &Stack, artifacts: &[Artifact], findings: &mut Findings) {
    let mut uids = BTreeSet::new();
    for path in path::DASHBOARDS {
        let artifact = artifacts.iter().find(|artifact| artifact.path == path);
        let enabled = stack.dashboards.enabled.value;
        findings.holds(artifact.is_some() == enabled, || {
            format!("`{path}` must be rendered if dashboards are enabled, and else not")
        });
        let Some(Ok(dashboard)) = artifact.map(dashboard) else { continue };
        findings.holds(uids.insert(dashboard.uid.clone()), || {
            format!("`{path}` has the uid of another dashboard: `{}`", dashboard.uid)
        });
        for (index, panel) in dashboard.panels.iter().enumerate() {
            let before = dashboard.panels.iter().take(index);
            for wrong in wrong(panel, before) {
                findings.add(format!("the panel `{}` of `{path}` {wrong}", panel.title));
            }
        }
    }
}

fn wrong<'a>(panel: &Panel, before: impl Iterator<Item = &'a Panel>) -> Vec<String> {
    let mut found = Vec::new();
    for other in before {
        if other.id == panel.id {
            found.push(format!("has the id of `{}`", other.title));
        }
        if other.position.overlaps(&panel.position) {
            found.push(format!("overlaps `{}`", other.title));
        }
    }
    if panel.position.x + panel.position.w > COLUMNS {
        found.push("leaves the grid".to_owned());
    }
    if panel.kind == "row" {
        return found;
    }
    if panel.description.is_empty() || panel.targets.is_empty() {
        found.push("has no description or no query".to_owned());
    }
    let sources = panel.targets.iter().map(|target| Some(&target.datasource));
    if !sources.chain([panel.datasource.as_ref()]).all(|source| source.is_some_and(is_variable)) {
        found.push("does not ask the data source that was chosen".to_owned());
    }
    let names = panel.targets.iter().flat_map(|target| tokens(&target.expr));
    for token in names {
        if let Token::Name(name) = token
            && name.starts_with("claude")
            && !METRICS.iter().any(|metric| name == format!("{}:inc1m", metric.rule_stem()))
        {
            found.push(format!("reads `{name}`, which no recording rule makes"));
        }
    }
    found
}

fn is_variable(source: &DataSource) -> bool {
    source.plugin == "prometheus" && source.uid == "${datasource}"
}
