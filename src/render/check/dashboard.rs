//! Dashboards, held against the stack, the table of metrics and Grafana's grid.

use super::{Findings, Readings, mistakes, text};
use crate::artifact::dashboard::{Dashboard, DataSource, Panel};
use crate::artifact::{Artifact, path};
use crate::diagnostic::Diagnostic;
use crate::render::dashboard::token::{Token, tokens};
use crate::stack::{DETAIL, METRICS, Stack};
use std::collections::BTreeSet;

/// Columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// A dashboard read back, with what is wrong in it whatever the stack is.
#[derive(Debug)]
pub struct Judged {
    uid: String,
    /// Each as a sentence about the panel of this title.
    wrong: Vec<(String, String)>,
}

/// Reads an artifact back as a dashboard, and judges its panels.
///
/// # Errors
/// What Grafana would not keep as it is.
pub fn judged(artifact: &Artifact) -> Result<Judged, Diagnostic> {
    let dashboard = Dashboard::parse(&artifact.path, text(artifact)?)
        .map_err(|error| mistakes(&artifact.path, &[error]))?;
    let mut found = Vec::new();
    for (index, panel) in dashboard.panels.iter().enumerate() {
        let wrong = wrong(panel, dashboard.panels.iter().take(index));
        found.extend(wrong.into_iter().map(|wrong| (panel.title.clone(), wrong)));
    }
    Ok(Judged { uid: dashboard.uid, wrong: found })
}

/// Holds every dashboard against the stack.
pub fn check(stack: &Stack, artifacts: &[Artifact], readings: &Readings, findings: &mut Findings) {
    let mut uids = BTreeSet::new();
    for path in path::DASHBOARDS {
        let artifact = artifacts.iter().find(|artifact| artifact.path == path);
        let of_sessions = path == path::SESSION;
        let wanted = stack.dashboards.enabled.value && (stack.detail.value || !of_sessions);
        findings.holds(artifact.is_some() == wanted, || {
            format!("`{path}` must be rendered if dashboards are enabled, and else not")
        });
        let Some(Ok(judged)) = artifact.map(|artifact| readings.dashboard(artifact)) else {
            continue;
        };
        findings.holds(uids.insert(judged.uid.clone()), || {
            format!("`{path}` has the uid of another dashboard: `{}`", judged.uid)
        });
        for (title, wrong) in &judged.wrong {
            findings.add(format!("the panel `{title}` of `{path}` {wrong}"));
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
            && !METRICS
                .iter()
                .chain(&DETAIL)
                .any(|metric| name == format!("{}:inc1m", metric.rule_stem()))
        {
            found.push(format!("reads `{name}`, which no recording rule makes"));
        }
    }
    found
}

fn is_variable(source: &DataSource) -> bool {
    source.plugin == "prometheus" && source.uid == "${datasource}"
}
