//! What Grafana fills in when it saves, and what says nothing at all.
//!
//! From the published schema of dashboards (`@grafana/schema`, versions 10 to
//! 12). A value that is missing here is shown as an edit: too much, never too
//! little.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Keys, and the values (a JSON list) that mean the same as their absence.
///
/// A key that stands here equals its absence with these values alone: `false`
/// is an edit where `true` is the default.
const TABLE: [(&str, &str); 40] = [
    ("access", r#"["proxy"]"#),
    ("align namePlacement sizing", r#"["auto"]"#),
    ("axisPlacement justifyMode orientation showPoints textMode", r#"["auto"]"#),
    ("axisColorMode", r#"["text"]"#),
    ("barAlignment fillOpacity fiscalYearStartMonth graphTooltip hide", "[0, false]"),
    ("barWidthFactor", "[0.6]"),
    ("calcs", r#"[["lastNotNull"]]"#),
    ("cellHeight", r#"["sm"]"#),
    ("cellOptions", r#"[{"type": "auto"}]"#),
    ("color", r#"[{"mode": "thresholds"}, {"mode": "palette-classic"}]"#),
    ("colorMode", r#"["value"]"#),
    ("displayMode", r#"["list"]"#),
    ("drawStyle", r#"["line"]"#),
    ("editable enable range includeNullMetadata", "[true]"),
    ("editorMode", r#"["code", "builder"]"#),
    ("filter", r#"[{"id": "byRefId", "options": "A"}]"#),
    ("footer", r#"[{"show": false, "reducer": ["sum"], "countRows": false, "fields": ""}]"#),
    ("format", r#"["time_series"]"#),
    ("gradientMode sort", r#"["none", 0]"#),
    ("graphMode", r#"["area"]"#),
    ("group", r#"["A"]"#),
    ("hideFrom", r#"[{"legend": false, "tooltip": false, "viz": false}]"#),
    ("legendFormat", r#"["__auto", ""]"#),
    ("lineInterpolation", r#"["linear"]"#),
    ("lineWidth", "[1]"),
    ("maxVizHeight", "[300]"),
    ("minVizHeight minVizWidth", "[0, 8, 10, 16, 75]"),
    ("mode", r#"["none", "off", "single", "absolute"]"#),
    ("percentChangeColorMode", r#"["standard"]"#),
    ("pieType", r#"["pie"]"#),
    ("placement", r#"["bottom"]"#),
    ("pointSize", "[5]"),
    ("reduceOptions", r#"[{"calcs": ["lastNotNull"], "fields": "", "values": false}]"#),
    ("scaleDistribution", r#"[{"type": "linear"}]"#),
    ("showHeader showLegend showUnfilled wideLayout", "[true]"),
    ("stacking", r#"[{"group": "A", "mode": "none"}]"#),
    ("style", r#"["dark"]"#),
    (
        "thresholds",
        r#"[{"mode": "absolute",
             "steps": [{"color": "green", "value": null}, {"color": "red", "value": 80}]}]"#,
    ),
    ("timezone", r#"["", "browser"]"#),
    ("valueMode", r#"["color"]"#),
];

static DEFAULTS: LazyLock<BTreeMap<&'static str, Vec<Value>>> = LazyLock::new(|| {
    let entries = TABLE.iter().flat_map(|(keys, values)| {
        let values: Vec<Value> = serde_json::from_str(values).unwrap_or_default();
        keys.split(' ').map(move |key| (key, values.clone()))
    });
    entries.collect()
});

/// Says whether a value says what its absence says.
pub(super) fn is_default(key: &str, value: &Value) -> bool {
    let empty = match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    // Zero is a value: an axis that begins there, no decimals.
    empty
        || match (DEFAULTS.get(key), value) {
            (Some(defaults), value) => defaults.contains(value),
            (None, Value::Bool(set)) => !set,
            (None, Value::String(text)) => text.is_empty(),
            (None, _) => false,
        }
}

/// Says whether a key is the server's own business, with this wanted value.
pub(super) fn is_ignored(key: &str, wanted: Option<&Value>) -> bool {
    match key {
        // Panels are numbered anew, and stamped with the version that saved them.
        "id" | "pluginVersion" => true,
        // Filled in where we leave it open.
        "refId" | "datasource" | "definition" => wanted.is_none(),
        _ => false,
    }
}

/// A variable or an annotation without what was last chosen and last found,
/// except the choice that was rendered.
pub(super) fn without_state(entry: &Value, wanted: &Value) -> Value {
    let mut entry = entry.clone();
    let Some(fields) = entry.as_object_mut() else { return entry };
    let searched = matches!(
        wanted.get("type").and_then(Value::as_str),
        Some("query" | "datasource" | "interval" | "custom")
    );
    if searched {
        fields.remove("options");
    }
    let rendered = wanted.pointer("/current/value").is_some_and(|value| !is_default("", value));
    match fields.get_mut("current").and_then(Value::as_object_mut) {
        Some(current) if rendered => current.retain(|key, _| key == "value"),
        _ => {
            fields.remove("current");
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::{DEFAULTS, is_default};
    use serde_json::json;

    #[test]
    fn every_default_reads_back() {
        assert!(DEFAULTS.values().all(|values| !values.is_empty()), "{DEFAULTS:?}");
    }

    #[test]
    fn what_a_person_chose_is_no_default() {
        for (key, value) in [
            ("showLegend", json!(false)),
            ("editable", json!(false)),
            ("min", json!(0)),
            ("decimals", json!(0)),
            ("multi", json!(true)),
            ("mode", json!("multi")),
            ("unit", json!("s")),
        ] {
            assert!(!is_default(key, &value), "{key}: {value}");
        }
        for (key, value) in [
            ("showLegend", json!(true)),
            ("multi", json!(false)),
            ("links", json!([])),
            ("legendFormat", json!("__auto")),
            ("fillOpacity", json!(0)),
        ] {
            assert!(is_default(key, &value), "{key}: {value}");
        }
    }
}
