//! Grafana's data source and the folder of the dashboards.
//!
//! May not know Grafana's API or the dashboards.

use super::templates::Templates;
use crate::artifact::{Artifact, MARK, path};
use crate::diagnostic::Diagnostic;
use crate::stack::Stack;
use serde::Serialize;

#[derive(Serialize)]
struct DatasourceContext {
    comment: String,
    uid: Option<String>,
    name: String,
    settings: Option<Settings>,
}

#[derive(Serialize)]
struct Settings {
    url: String,
    interval: String,
}

#[derive(Serialize)]
struct FolderContext {
    comment: String,
    uid: String,
    title: String,
}

/// Renders the data source, and the folder if there are dashboards for it.
///
/// # Errors
/// A template that does not fill.
pub fn artifacts(stack: &Stack, templates: &Templates) -> Result<Vec<Artifact>, Diagnostic> {
    let Some(grafana) = &stack.grafana else { return Ok(Vec::new()) };
    let datasource = &grafana.datasource;
    let url = datasource.url.as_ref().filter(|_| !datasource.theirs);
    let settings = url.map(|url| Settings {
        url: url.value.clone(),
        interval: datasource.interval.value.clone(),
    });
    let what = match &settings {
        Some(_) => "how Grafana reaches Prometheus",
        None => "a data source of your own, which must exist and is never written",
    };
    let named = settings.is_some() || datasource.theirs;
    let context = DatasourceContext {
        comment: format!("{MARK}: {what}"),
        uid: named.then(|| datasource.uid.value.clone()),
        name: datasource.name.value.clone(),
        settings,
    };
    let mut artifacts = vec![templates.fill(path::DATASOURCE, &context)?];
    if stack.dashboards.enabled.value {
        let context = FolderContext {
            comment: format!("{MARK}: the folder of the dashboards"),
            uid: grafana.folder.uid.clone(),
            title: grafana.folder.title.value.clone(),
        };
        artifacts.push(templates.fill(path::FOLDER, &context)?);
    }
    Ok(artifacts)
}
