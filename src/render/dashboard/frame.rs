//! Grafana's JSON around the panels: variables, annotations, links.
//!
//! May not know what panels show.

use super::panel::{column_title, datasource};
use super::scope::Scope;
use super::source::Variable;
use serde_json::{Value, json};

/// The annotations that `apply` leaves, by their tag.
pub const DEPLOY_TAG: &str = "otelctl";

/// Changes of the stack, marked on every chart.
pub fn annotations() -> Value {
    let grafana = json!({ "type": "grafana", "uid": "-- Grafana --" });
    json!({ "list": [
        {
            "builtIn": 1,
            "datasource": grafana,
            "enable": true,
            "hide": true,
            "iconColor": "rgba(0, 211, 255, 1)",
            "name": "Annotations & Alerts",
            "type": "dashboard",
        },
        {
            "datasource": grafana,
            "enable": true,
            "iconColor": "purple",
            "name": "Changes by otelctl",
            "target": { "limit": 100, "matchAny": false, "tags": [DEPLOY_TAG], "type": "tags" },
        },
    ] })
}

/// A link to another dashboard of the stack, which opens with the same choices.
pub fn link(title: &str, uid: &str) -> Value {
    json!({
        "title": title,
        "type": "link",
        "url": format!("/d/{uid}"),
        "icon": "dashboard",
        "tooltip": "",
        "tags": [],
        "asDropdown": false,
        "targetBlank": false,
        "includeVars": true,
        "keepTime": true,
    })
}

/// The choice of the data source, those of the dashboard, and one of each of the profile's labels.
///
/// Grafana finds the chosen one by its value, which is a uid since 10.1, or else by its text.
pub fn variables(
    (name, uid): (&str, &str),
    scope: &Scope,
    variables: &[Variable],
    asked: impl Fn(&str) -> bool,
) -> Vec<Value> {
    let datasource = json!({
        "name": "datasource",
        "label": "Data source",
        "description": "The Prometheus that scrapes the collector.",
        "type": "datasource",
        "query": "prometheus",
        "regex": "",
        "current": { "selected": true, "text": name, "value": uid },
        "options": [],
        "hide": 0,
        "includeAll": false,
        "multi": false,
        "refresh": 1,
        "skipUrlSync": false,
    });
    let labels = variables.iter().filter_map(|variable| {
        let label = variable.label.as_ref()?;
        let within = variable.within.as_ref().map(|within| within.value.as_str());
        let within = variables.iter().find(|other| Some(other.name.as_str()) == within);
        let texts = [&*variable.name, &variable.title, &variable.description];
        Some(of_label(scope, texts, &label.value, (variable.single, within)))
    });
    // One that no query is filtered by would be a choice of nothing.
    let extra = scope.extra_labels().filter(|label| asked(label)).map(|label| {
        let about = "A label of `otelctl::metric_labels`; `unknown` where clients send none.";
        of_label(scope, [label, &column_title(label), about], label, (false, None))
    });
    let others = variables.iter().filter(|variable| variable.label.is_none()).map(of_choices);
    std::iter::once(datasource).chain(labels).chain(extra).chain(others).collect()
}

/// A choice of a label's values: one or several, of those that another choice leaves.
fn of_label(
    scope: &Scope,
    [name, title, description]: [&str; 3],
    label: &str,
    (single, within): (bool, Option<&Variable>),
) -> Value {
    // Counters of requests have every value of what they tell; sessions tell the rest.
    let telling = scope.counters().filter(|metric| metric.tells(label));
    let telling: Vec<_> = telling.filter(|metric| scope.carries(metric, label)).collect();
    let metric = telling.iter().find(|metric| metric.names_model).or_else(|| telling.first());
    let stem = metric.map(|metric| metric.rule_stem()).unwrap_or_default();
    let chosen = within.and_then(|other| {
        Some(format!("{{{}=~\"${}\"}}", other.label.as_ref()?.value, other.name))
    });
    let query = format!("label_values({stem}:inc1m{}, {label})", chosen.unwrap_or_default());
    let mut variable = json!({
        "name": name,
        "label": title,
        "description": description,
        "type": "query",
        "datasource": datasource(),
        "query": { "query": query, "refId": "StandardVariableQuery" },
        "regex": "",
        // Values appear as the range changes, in alphabetical order.
        "refresh": 2,
        "sort": 1,
        "multi": !single,
        "includeAll": !single,
        "allValue": ".*",
        "current": { "selected": true, "text": ["All"], "value": ["$__all"] },
        "options": [],
        "hide": 0,
        "skipUrlSync": false,
    });
    if let Some(fields) = variable.as_object_mut() {
        // The first value is chosen where none is.
        fields.retain(|key, _| !(single && ["allValue", "current"].contains(&key.as_str())));
    }
    variable
}

fn of_choices(variable: &Variable) -> Value {
    let first = variable.choices.first().map_or("", String::as_str);
    let option =
        |choice: &String| json!({ "selected": choice == first, "text": choice, "value": choice });
    json!({
        "name": variable.name,
        "label": variable.title,
        "description": variable.description,
        "type": "custom",
        "query": variable.choices.join(","),
        "current": { "selected": true, "text": first, "value": first },
        "options": variable.choices.iter().map(option).collect::<Vec<_>>(),
        "hide": 0,
        "includeAll": false,
        "multi": false,
        "skipUrlSync": false,
    })
}
