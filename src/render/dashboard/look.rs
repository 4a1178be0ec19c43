//! How each kind of panel looks in Grafana.
//!
//! May not know queries, places or the table of metrics.

use super::panel::{Query, by, column_title};
use super::source::{Kind, Panel};
use serde_json::{Value, json};

/// What a kind of panel is in Grafana.
pub struct Look {
    /// The visualisation's id.
    pub plugin: &'static str,
    /// Its options.
    pub options: Value,
    /// What it keeps for each field.
    pub custom: Option<Value>,
}

/// How a panel looks.
pub fn look(panel: &Panel, queries: &[Query<'_>]) -> Look {
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
        // What falls below 0 is shown, too.
        "axisSoftMin": 0,
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
