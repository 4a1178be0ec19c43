//! Grafana's JSON of one panel.
//!
//! Owns how each kind of panel looks. May not know YAML or the table of metrics.

use super::source::{Kind, Panel, Unit};
use crate::artifact::dashboard::Position;
use serde_json::{Map, Value, json};

/// The least width of a point or bar: the recording rules run every minute.
const MINUTE: &str = "1m";

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
pub fn panel(id: usize, position: Position, panel: &Panel, queries: &[Query<'_>]) -> Value {
    let look = look(panel, queries);
    let mut json = json!({
        "id": id,
        "type": look.plugin,
        "title": panel.title.value,
        "description": panel.description.trim(),
        "gridPos": place(position),
        "datasource": datasource(),
        "fieldConfig": {
            "defaults": defaults(panel, look.custom),
            "overrides": overrides(panel, queries),
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
        Kind::Hours => Some(super::expression::HOUR),
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
    let color = match (panel.kind, panel.unit) {
        (Kind::Stat, unit) => json!({ "mode": "fixed", "fixedColor": color(unit) }),
        // A model has the same colour in every panel.
        _ => json!({ "mode": "palette-classic-by-name" }),
    };
    let mut defaults = Map::new();
    defaults.insert("unit".into(), panel.unit.grafana().into());
    defaults.insert("noValue".into(), EMPTY.into());
    defaults.insert("color".into(), color);
    if panel.kind.is_over_time() {
        defaults.insert("min".into(), 0.into());
        if panel.unit == Unit::Ratio {
            defaults.insert("max".into(), 1.into());
        }
    }
    if let Some(custom) = custom {
        defaults.insert("custom".into(), custom);
    }
    defaults.into()
}

const fn color(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "blue",
        Unit::Usd => "orange",
        Unit::Ratio => "green",
    }
}

/// The units of those queries that have one of their own.
fn overrides(panel: &Panel, queries: &[Query<'_>]) -> Vec<Value> {
    let other = queries.iter().filter(|query| query.unit != panel.unit);
    let unit = |query: &Query<'_>| {
        json!({
            "matcher": { "id": "byName", "options": query.title },
            "properties": [{ "id": "unit", "value": query.unit.grafana() }],
        })
    };
    other.map(unit).collect()
}

/// One table of all queries, with readable columns in their order.
fn transformations(panel: &Panel, queries: &[Query<'_>]) -> Value {
    let label = by(panel).unwrap_or_default();
    let column = |name: char| match queries.len() {
        1 => "Value".to_owned(),
        _ => format!("Value #{name}"),
    };
    let mut names = Map::from_iter([(label.to_owned(), Value::from(column_title(label)))]);
    let mut order = Map::from_iter([(label.to_owned(), Value::from(0))]);
    for (index, (name, query)) in ('A'..='Z').zip(queries).enumerate() {
        names.insert(column(name), query.title.into());
        order.insert(column(name), (index + 1).into());
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
fn column_title(label: &str) -> String {
    let words = label.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// What a kind of panel is in Grafana.
struct Look {
    plugin: &'static str,
    options: Value,
    custom: Option<Value>,
}

fn look(panel: &Panel, queries: &[Query<'_>]) -> Look {
    let last = json!({ "values": false, "calcs": ["lastNotNull"], "fields": "" });
    let legend = |placement| json!({ "showLegend": true, "displayMode": "list", "placement": placement, "calcs": [] });
    match panel.kind {
        Kind::Stat => Look {
            plugin: "stat",
            options: json!({
                "reduceOptions": last,
                "orientation": "auto",
                "textMode": "value",
                "colorMode": "value",
                "graphMode": "none",
                "justifyMode": "auto",
            }),
            custom: None,
        },
        Kind::Lines | Kind::Bars => Look {
            plugin: "timeseries",
            options: json!({
                "legend": legend("bottom"),
                "tooltip": { "mode": "multi", "sort": "desc" },
            }),
            custom: Some(if panel.kind == Kind::Bars { bars() } else { lines() }),
        },
        Kind::Share => Look {
            plugin: "piechart",
            options: json!({
                "reduceOptions": last,
                "pieType": "donut",
                "displayLabels": ["percent"],
                "legend": {
                    "showLegend": true,
                    "displayMode": "table",
                    "placement": "bottom",
                    "calcs": [],
                    "values": ["value", "percent"],
                },
                "tooltip": { "mode": "single", "sort": "none" },
            }),
            custom: None,
        },
        Kind::Ranking => Look {
            plugin: "bargauge",
            options: json!({
                "reduceOptions": last,
                "orientation": "horizontal",
                "displayMode": "basic",
                "valueMode": "text",
                "showUnfilled": true,
            }),
            custom: None,
        },
        Kind::Table => Look {
            plugin: "table",
            options: json!({
                "showHeader": true,
                "cellHeight": "sm",
                "sortBy": queries.first().map(
                    |query| json!({ "displayName": query.title, "desc": true })
                ).into_iter().collect::<Vec<_>>(),
            }),
            custom: Some(json!({ "align": "auto", "inspect": false })),
        },
        Kind::Hours => Look {
            plugin: "barchart",
            options: json!({
                "xField": column_title(by(panel).unwrap_or_default()),
                "orientation": "vertical",
                "showValue": "never",
                "stacking": "none",
                "groupWidth": 0.8,
                "barWidth": 0.9,
                "xTickLabelRotation": 0,
                "legend": legend("bottom"),
                "tooltip": { "mode": "multi", "sort": "none" },
            }),
            custom: Some(json!({ "lineWidth": 0, "fillOpacity": 80 })),
        },
    }
}

fn lines() -> Value {
    json!({
        "drawStyle": "line",
        "lineInterpolation": "linear",
        "lineWidth": 2,
        "fillOpacity": 10,
        "showPoints": "auto",
        "spanNulls": false,
        "stacking": { "mode": "none", "group": "A" },
    })
}

/// A bar stands for the time that begins at its own.
fn bars() -> Value {
    json!({
        "drawStyle": "bars",
        "barAlignment": 1,
        "lineWidth": 0,
        "fillOpacity": 80,
        "showPoints": "never",
        "stacking": { "mode": "normal", "group": "A" },
    })
}
