//! Grafana dashboards, from the readable sources in `dashboards/`.
//!
//! A source says what is shown; queries, layout and Grafana's JSON are worked
//! out here. What a source gets wrong is told with its file and line, all of
//! it at once. May not know Grafana's API.

mod counter;
mod expression;
mod frame;
mod layout;
mod look;
mod panel;
mod scope;
mod source;
pub(super) mod token;
mod word;

use super::templates::{SourceText, Templates, text_artifact};
use crate::artifact::{Artifact, MARK, dashboard, path};
use crate::diagnostic::{Diagnostic, Failure};
use crate::stack::Stack;
use expression::Choices;
use layout::Layout;
use scope::Scope;
use serde_json::{Value, json};
use source::{Kind, Panel, Source, Spanned, Unit, mistake};

/// The form that Grafana 10.0 writes; every later version reads it.
const SCHEMA_VERSION: u32 = 38;

/// All that the dashboards of a stack follow from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    enabled: bool,
    /// The name of the data source, and what tells it apart for Grafana.
    datasource: (String, String),
    scope: Scope,
}

impl Wanted {
    /// What a stack asks for.
    pub fn of(stack: &Stack) -> Self {
        let name = &stack.dashboards.datasource.value;
        let uid = stack.grafana.as_ref().map_or(name, |grafana| &grafana.datasource.uid.value);
        Self {
            enabled: stack.dashboards.enabled.value,
            datasource: (name.clone(), uid.clone()),
            scope: Scope::of(stack),
        }
    }
}

/// Renders every dashboard that is wanted.
///
/// # Errors
/// Every mistake in every source.
pub fn artifacts(wanted: &Wanted, templates: &Templates) -> Result<Vec<Artifact>, Failure> {
    if !wanted.enabled {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let mut sources = Vec::new();
    for path in path::DASHBOARDS {
        let text = templates.source(path)?;
        match Source::read(&text) {
            Ok(source) => sources.push((path, text, source)),
            Err(error) => found.push(error),
        }
    }
    let scope = &wanted.scope;
    sources.retain(|(_, text, source)| holds(text, source.when.as_ref(), scope, &mut found));
    let ends: Vec<&str> = sources.iter().map(|(.., source)| source.uid.value.as_str()).collect();
    let uids: Vec<String> = ends.iter().map(|end| scope.uid(end)).collect();
    let titles = sources.iter().map(|(.., source)| source.title.as_str());
    let all: Vec<(&str, &str)> = titles.zip(uids.iter().map(String::as_str)).collect();
    let mut artifacts = Vec::new();
    for ((path, text, source), (_, uid)) in sources.iter().zip(&all) {
        if !dashboard::is_uid(uid) {
            let message = format!("`{uid}` is no uid that Grafana takes");
            let hint = format!("write {}", dashboard::UID_FORM);
            found.push(mistake(text, &source.uid, message).hint(hint));
        }
        let panels = panels(text, source, scope, &mut found);
        dead_links(text, source, &ends, scope, &mut found);
        let document = document(wanted, source, (uid, &all), &panels);
        artifacts.push(text_artifact(path, format!("{document:#}\n")));
    }
    Failure::check(found)?;
    Ok(artifacts)
}

/// Grafana's whole document; the mark stands at its top.
fn document(
    wanted: &Wanted,
    source: &Source,
    (uid, all): (&str, &[(&str, &str)]),
    panels: &[Value],
) -> Value {
    let others = all.iter().filter(|(_, other)| *other != uid);
    let links: Vec<Value> = others.map(|(title, uid)| frame::link(title, uid)).collect();
    let mut tags = source.tags.clone();
    tags.push(frame::DEPLOY_TAG.to_owned());
    let (name, datasource) = (wanted.datasource.0.as_str(), wanted.datasource.1.as_str());
    let mark = format!("{MARK} from the profile; the next apply overwrites edits.");
    json!({
        "description": format!("{mark} {}", source.description.trim()),
        "uid": uid,
        "title": source.title,
        "tags": tags,
        "schemaVersion": SCHEMA_VERSION,
        "editable": true,
        "graphTooltip": 1,
        "timezone": "browser",
        "time": { "from": format!("now-{}", source.range), "to": "now" },
        "refresh": source.refresh,
        "links": links,
        "annotations": frame::annotations(),
        "templating": {
            "list": frame::variables(
                (name, datasource),
                &wanted.scope,
                &source.variables,
                |label| asks(panels, label),
            ),
        },
        "panels": panels,
    })
}

/// Says whether a query of the panels is filtered by a variable.
fn asks(panels: &[Value], variable: &str) -> bool {
    let quoted = format!("\"${variable}\"");
    let targets = panels.iter().filter_map(|panel| panel.get("targets")?.as_array()).flatten();
    let mut queries = targets.filter_map(|target| target.get("expr")?.as_str());
    queries.any(|query| query.contains(&quoted))
}

/// A click on a table's row opens a dashboard that is there.
fn dead_links(
    text: &SourceText<'_>,
    source: &Source,
    ends: &[&str],
    scope: &Scope,
    found: &mut Vec<Diagnostic>,
) {
    let shown = source.rows.iter().flat_map(|row| &row.panels).filter(|panel| {
        panel.when.as_ref().is_none_or(|when| scope.holds(&when.value).unwrap_or_default())
    });
    for link in shown.filter_map(|panel| panel.link.as_ref()) {
        if !ends.contains(&link.value.as_str()) {
            let message = format!("`{}` is no dashboard of this profile", link.value);
            let hint = "name the `uid` of one, with a `when` of the panel like the dashboard's own";
            found.push(mistake(text, link, message).hint(hint));
        }
    }
}

fn panels(
    text: &SourceText<'_>,
    source: &Source,
    scope: &Scope,
    found: &mut Vec<Diagnostic>,
) -> Vec<Value> {
    let mut filters: Vec<(&str, &str)> = source
        .variables
        .iter()
        .filter_map(|variable| {
            Some((variable.name.as_str(), variable.label.as_ref()?.value.as_str()))
        })
        .collect();
    filters.extend(scope.extra_labels().map(|label| (label, label)));
    let others: Vec<&str> = source
        .variables
        .iter()
        .filter(|variable| variable.label.is_none())
        .map(|variable| variable.name.as_str())
        .collect();
    for label in source.variables.iter().filter_map(|variable| variable.label.as_ref()) {
        if let Err(error) = scope.known_label(&label.value) {
            found.push(mistake(text, label, error.message).hint(error.hint));
        }
    }
    let mut layout = Layout::default();
    let mut panels = Vec::new();
    for (title, row) in source.rows.iter().flat_map(|row| row.shown(scope.extra_labels())) {
        let shown: Vec<&Panel> =
            row.iter().filter(|panel| holds(text, panel.when.as_ref(), scope, found)).collect();
        if shown.is_empty() {
            continue;
        }
        panels.push(panel::heading(panels.len() + 1, layout.heading(), &title));
        for panel in shown {
            let over_time = panel.kind.is_over_time();
            let choices = Choices { labels: &filters, others: &others, scope, over_time };
            let queries = queries(text, panel, choices, found);
            wrong(text, panel, scope, found);
            let size = layout::size(&panel.size.value).unwrap_or_else(|| {
                let message = format!("`{}` is no size of a panel", panel.size.value);
                let hint = "write columns of 24 and grid rows, such as `12x8`";
                found.push(mistake(text, &panel.size, message).hint(hint));
                (1, 1)
            });
            let id = panels.len() + 1;
            panels.push(panel::panel(id, layout.panel(size), panel, &queries, scope));
        }
    }
    panels
}

/// Says whether a panel or a dashboard is for the profile at hand.
fn holds(
    text: &SourceText<'_>,
    when: Option<&Spanned<String>>,
    scope: &Scope,
    found: &mut Vec<Diagnostic>,
) -> bool {
    let Some(when) = when else { return true };
    scope.holds(&when.value).unwrap_or_else(|| {
        let message = format!("`{}` is nothing that a profile may have", when.value);
        let hint = "write `label NAME`, `monthly budget`, `session detail` or `own metrics`";
        found.push(mistake(text, when, message).hint(hint));
        true
    })
}

fn queries<'a>(
    text: &SourceText<'_>,
    panel: &'a Panel,
    choices: Choices<'_>,
    found: &mut Vec<Diagnostic>,
) -> Vec<panel::Query<'a>> {
    let mut queries = Vec::new();
    for (title, unit, query) in panel.queries() {
        let expression = match expression::expand(&choices.scope.filled(&query.value), choices) {
            Ok(expression) => expression,
            Err(error) => {
                found.push(mistake(text, query, error.message).hint(error.hint));
                continue;
            }
        };
        let estimate = [title, &panel.title]
            .into_iter()
            .any(|title| title.value.to_ascii_lowercase().contains("estimate"));
        // When something was last paid for is a time.
        let money = unit == Unit::Usd || (unit != Unit::Seconds && expression.contains("_usd:"));
        if !estimate && money {
            let message = format!("`{}` is about money and does not say so much", title.value);
            let hint = "costs follow the CLI's own price table: add `(estimate)` to the title";
            found.push(mistake(text, title, message).hint(hint));
        }
        // A whole range at each point, or a bar's time where there is no bar.
        let misplaced = if choices.over_time { "$__range" } else { "$__interval" };
        if expression.contains(misplaced) {
            let message = format!("`{}` does not count what it shows", title.value);
            let hint = "over time use `bucket(COUNTER)`, elsewhere `total(COUNTER)`";
            found.push(mistake(text, query, message).hint(hint));
        }
        queries.push(panel::Query { title: &title.value, unit, expression });
    }
    queries
}

/// What does not fit the kind of panel.
fn wrong(text: &SourceText<'_>, panel: &Panel, scope: &Scope, found: &mut Vec<Diagnostic>) {
    let mut say = |message: &str| {
        let message = format!("the panel `{}` {message}", panel.title.value);
        found.push(mistake(text, &panel.title, message));
    };
    match (panel.query.is_some(), panel.queries.len()) {
        (true, 0) | (false, 1..=26) => {}
        (true, _) => say("has both `query` and `queries`"),
        (false, 0) => say("has no query"),
        (false, _) => say("has more than 26 queries"),
    }
    if panel.kind == Kind::Stat && panel.query.is_none() {
        say("is a `stat`, which shows one `query`");
    }
    if panel.kind == Kind::Table && panel.by.is_none() {
        say("is a `table`, which needs `by`, the label of its rows");
    }
    if panel.every.is_some() && !panel.kind.is_over_time() {
        say("has `every`, and shows no time");
    }
    if panel.kind != Kind::Stat && (panel.warn.is_some() || panel.alarm.is_some()) {
        say("has `warn` or `alarm`, which only a `stat` shows");
    }
    if panel.description.trim().is_empty() {
        say("has no description");
    }
    if panel.kind != Kind::Table && (panel.link.is_some() || !panel.with.is_empty()) {
        say("has `link` or `with`, which only a `table` shows");
    }
    for label in panel.by.iter().chain(&panel.with) {
        if let Err(error) = scope.known_label(&label.value) {
            found.push(mistake(text, label, error.message).hint(error.hint));
        }
    }
}

#[cfg(test)]
mod tests;
