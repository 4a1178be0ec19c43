//! Grafana's JSON of one panel.
//!
//! Owns what all kinds of panels have; how each looks is told in `look`. May not know YAML or the
//! table of metrics.

use super::look;
use super::scope::Scope;
use super::source::{Kind, Panel, Unit};
use crate::artifact::dashboard::Position;
use serde_json::{Map, Value, json};

/// The least width of a point or bar: the recording rules run every minute.
const MINUTE: &str = "1m";

/// The release in whose form options are written: without it, Grafana takes them for those of
/// a release before 7 and migrates them.
const FORM: &str = "10.0.0";

/// Shown where a query finds nothing: clients send each minute, rules run each minute.
const EMPTY: &str = "Nothing in this range; new use appears within 3 minutes";

/// A query as Grafana sends it.
pub struct Query<'a> {
    /// The column's or series' name.
    pub title: &'a str,
    /// What its numbers are.
    pub unit: Unit,
    /// The `PromQL`.
    pub expression: String,
}

/// The data source that the reader of a dashboard chose.
pub fn datasource() -> Value {
    json!({ "type": "prometheus", "uid": "${datasource}" })
}

/// The heading of a row.
pub fn heading(id: usize, position: Position, title: &str) -> Value {
    json!({
        "id": id,
        "type": "row",
        "title": title,
        "collapsed": false,
        "gridPos": place(position),
        "panels": [],
    })
}

/// A panel.
pub fn panel(
    id: usize,
    position: Position,
    panel: &Panel,
    queries: &[Query<'_>],
    scope: &Scope,
) -> Value {
    let look = look::look(panel, queries);
    let mut json = json!({
        "id": id,
        "type": look.plugin,
        "pluginVersion": FORM,
        "title": panel.title.value,
        "description": scope.filled(panel.description.trim()),
        "gridPos": place(position),
        "datasource": datasource(),
        "fieldConfig": {
            "defaults": defaults(panel, look.custom),
            "overrides": overrides(panel, queries, scope),
        },
        "options": look.options,
        "targets": targets(panel, queries),
    });
    if let Some(object) = json.as_object_mut() {
        if panel.kind.is_over_time() {
            object.insert("interval".into(), panel.every.as_deref().unwrap_or(MINUTE).into());
        }
        if is_tabular(panel.kind) {
            object.insert("transformations".into(), transformations(panel, queries));
        }
    }
    json
}

fn place(position: Position) -> Value {
    let Position { x, y, w, h } = position;
    json!({ "h": h, "w": w, "x": x, "y": y })
}

/// Says whether the panel reads its data as a table.
const fn is_tabular(kind: Kind) -> bool {
    matches!(kind, Kind::Table | Kind::Hours)
}

/// The label by which a panel's rows or series are told apart.
pub fn by(panel: &Panel) -> Option<&str> {
    match panel.kind {
        Kind::Hours => Some(super::counter::HOUR),
        _ => panel.by.as_ref().map(|label| label.value.as_str()),
    }
}

fn targets(panel: &Panel, queries: &[Query<'_>]) -> Vec<Value> {
    let over_time = panel.kind.is_over_time();
    let names = ('A'..='Z').map(String::from);
    let target = |(name, query): (String, &Query<'_>)| {
        let legend = match by(panel) {
            Some(label) if queries.len() == 1 => format!("{{{{{label}}}}}"),
            Some(label) => format!("{} {{{{{label}}}}}", query.title),
            None => query.title.to_owned(),
        };
        json!({
            "refId": name,
            "datasource": datasource(),
            "editorMode": "code",
            "expr": query.expression,
            "legendFormat": legend,
            "format": if is_tabular(panel.kind) { "table" } else { "time_series" },
            "instant": !over_time,
            "range": over_time,
        })
    };
    names.zip(queries).map(target).collect()
}

fn defaults(panel: &Panel, custom: Option<Value>) -> Value {
    let steps = thresholds(panel);
    let color = match (panel.kind, panel.unit) {
        (Kind::Stat, _) if steps.is_some() => json!({ "mode": "thresholds" }),
        (Kind::Stat, unit) => json!({ "mode": "fixed", "fixedColor": color(unit) }),
        // A model has the same colour in every panel.
        _ => json!({ "mode": "palette-classic-by-name" }),
    };
    let mut defaults = Map::new();
    defaults.insert("unit".into(), panel.unit.grafana().into());
    defaults.insert("noValue".into(), panel.empty.as_deref().unwrap_or(EMPTY).trim().into());
    defaults.insert("color".into(), color);
    if let Some(steps) = steps {
        defaults.insert("thresholds".into(), json!({ "mode": "absolute", "steps": steps }));
    }
    if panel.kind == Kind::Bars {
        defaults.insert("min".into(), 0.into());
    }
    if panel.kind.is_over_time() && panel.unit == Unit::Ratio {
        defaults.insert("max".into(), 1.into());
    }
    if let Some(custom) = custom {
        defaults.insert("custom".into(), custom);
    }
    defaults.into()
}

/// The colours of a number by its size, if it has any.
fn thresholds(panel: &Panel) -> Option<Vec<Value>> {
    let limits = [("orange", panel.warn), ("red", panel.alarm)];
    let limits: Vec<Value> = limits
        .into_iter()
        .filter_map(|(color, from)| Some(json!({ "color": color, "value": from? })))
        .collect();
    let base = json!({ "color": "green", "value": null });
    (!limits.is_empty()).then(|| std::iter::once(base).chain(limits).collect())
}

const fn color(unit: Unit) -> &'static str {
    match unit {
        Unit::Count | Unit::Seconds | Unit::Bytes | Unit::Time => "blue",
        Unit::Usd => "orange",
        Unit::Ratio => "green",
    }
}

/// The units of those queries that have one of their own, and where a row leads.
fn overrides(panel: &Panel, queries: &[Query<'_>], scope: &Scope) -> Vec<Value> {
    let other = queries.iter().filter(|query| query.unit != panel.unit);
    let unit = |query: &Query<'_>| {
        json!({
            "matcher": { "id": "byName", "options": query.title },
            "properties": [{ "id": "unit", "value": query.unit.grafana() }],
        })
    };
    let link = panel.link.iter().zip(by(panel)).map(|(link, label)| {
        let of = format!("var-{label}=${{__value.raw}}");
        let chosen = "${datasource:queryparam}&${__url_time_range}";
        json!({
            "matcher": { "id": "byName", "options": column_title(label) },
            "properties": [{ "id": "links", "value": [{
                "title": format!("Open this {}", link.value),
                "url": format!("/d/{}?{of}&{chosen}", scope.uid(&link.value)),
                "targetBlank": false,
            }] }],
        })
    });
    other.map(unit).chain(link).collect()
}

/// One table of all queries, with readable columns in their order.
fn transformations(panel: &Panel, queries: &[Query<'_>]) -> Value {
    let label = by(panel).unwrap_or_default();
    let column = |name: char| match queries.len() {
        1 => "Value".to_owned(),
        _ => format!("Value #{name}"),
    };
    let labels = std::iter::once(label).chain(panel.with.iter().map(|label| label.value.as_str()));
    let labels = labels.map(|label| (label.to_owned(), column_title(label)));
    let values = ('A'..='Z').zip(queries).map(|(name, query)| (column(name), query.title.into()));
    let (mut names, mut order) = (Map::new(), Map::new());
    for (index, (name, title)) in labels.chain(values).enumerate() {
        names.insert(name.clone(), Value::from(title));
        order.insert(name, index.into());
    }
    let mut steps = vec![json!({ "id": "merge", "options": {} })];
    if panel.kind == Kind::Hours {
        steps.push(json!({
            "id": "sortBy",
            "options": { "fields": {}, "sort": [{ "field": label }] },
        }));
    }
    steps.push(json!({
        "id": "organize",
        "options": {
            "excludeByName": { "Time": true },
            "indexByName": order,
            "renameByName": names,
        },
    }));
    steps.into()
}

/// A label as the heading of a column.
pub fn column_title(label: &str) -> String {
    let words = label.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
