//! Edits of the rendered dashboards, told one by one; what Grafana does itself is none.

use super::differences;
use crate::artifact::path;
use crate::plan::{FieldDiff, Shown};
use crate::profile::Profile;
use crate::render::render;
use crate::stack::Stack;
use serde_json::{Map, Value, json};

const PROFILE: &str = include_str!("../../../../examples/document/profile.yaml");

fn rendered(path: &str) -> Map<String, Value> {
    let profile = Profile::read(PROFILE, "profile.yaml").unwrap();
    let artifacts = render(&Stack::build(&profile, &[]).unwrap()).unwrap();
    let artifact = artifacts.into_iter().find(|artifact| artifact.path == path).unwrap();
    serde_json::from_slice(&artifact.bytes).unwrap()
}

fn shown(value: &Shown) -> String {
    match value {
        Shown::Absent => "(none)".to_owned(),
        Shown::Plain(text) => text.clone(),
        Shown::Hidden => "(hidden)".to_owned(),
    }
}

/// `field: there -> wanted`, one line an edit.
fn told(edit: impl FnOnce(&mut Value)) -> Vec<String> {
    let wanted = rendered(path::OVERVIEW);
    let mut there = Value::Object(wanted.clone());
    edit(&mut there);
    let Value::Object(there) = there else { panic!("an object") };
    let line = |FieldDiff { field, before, after }: FieldDiff| {
        format!("{field}: {} -> {}", shown(&before), shown(&after))
    };
    differences(&there, &wanted).into_iter().map(line).collect()
}

/// The index of the first panel with a query.
fn queried(dashboard: &Value) -> usize {
    let panels = dashboard["panels"].as_array().unwrap();
    panels.iter().position(|panel| panel["targets"][0]["expr"].is_string()).unwrap()
}

#[test]
fn a_dashboard_equals_itself() {
    for path in [path::OVERVIEW, path::COSTS] {
        assert_eq!(differences(&rendered(path), &rendered(path)), []);
    }
}

#[test]
fn what_grafana_fills_in_is_no_edit() {
    let saved = told(|there| {
        there["id"] = json!(17);
        there["version"] = json!(4);
        there["schemaVersion"] = json!(99);
        there["iteration"] = json!(1_700_000_000_000_i64);
        there["gnetId"] = json!(null);
        there["liveNow"] = json!(false);
        there["fiscalYearStartMonth"] = json!(0);
        there["preload"] = json!(false);
        there["timepicker"] = json!({});
        there["weekStart"] = json!("");
        for panel in there["panels"].as_array_mut().unwrap() {
            let number = panel["id"].as_i64().unwrap();
            panel["id"] = json!(number + 100);
            panel["pluginVersion"] = json!("12.1.0");
            panel["transparent"] = json!(false);
            panel["links"] = json!([]);
            if panel["type"] == "row" {
                continue;
            }
            let defaults = panel["fieldConfig"]["defaults"].as_object_mut();
            if let Some(defaults) = defaults {
                defaults.entry("mappings").or_insert(json!([]));
                defaults.entry("custom").or_insert(json!({}));
                let custom = defaults["custom"].as_object_mut().unwrap();
                for (key, value) in [
                    ("axisPlacement", json!("auto")),
                    ("axisBorderShow", json!(false)),
                    ("barAlignment", json!(0)),
                    ("hideFrom", json!({"legend": false, "tooltip": false, "viz": false})),
                    ("scaleDistribution", json!({"type": "linear"})),
                    ("thresholdsStyle", json!({"mode": "off"})),
                    ("insertNulls", json!(false)),
                ] {
                    custom.entry(key).or_insert(value);
                }
            }
            for target in panel["targets"].as_array_mut().into_iter().flatten() {
                let target = target.as_object_mut().unwrap();
                target.entry("editorMode").or_insert(json!("code"));
                target.entry("range").or_insert(json!(true));
                target.entry("legendFormat").or_insert(json!("__auto"));
            }
        }
        for variable in there["templating"]["list"].as_array_mut().unwrap() {
            variable["options"] = json!([{"text": "a", "value": "a", "selected": true}]);
            variable["skipUrlSync"] = json!(false);
            if variable["current"].is_object() {
                variable["current"]["selected"] = json!(true);
            } else {
                variable["current"] = json!({"text": "All", "value": "$__all"});
            }
        }
    });
    assert_eq!(saved, Vec::<String>::new());
}

#[test]
fn each_edit_is_told_where_a_person_made_it() {
    let wanted = Value::Object(rendered(path::OVERVIEW));
    let index = queried(&wanted);
    let panel = &wanted["panels"][index];
    let (title, expr) = (panel["title"].as_str().unwrap(), panel["targets"][0]["expr"].as_str());
    let expr = expr.unwrap();
    let from = wanted["time"]["from"].as_str().unwrap();
    let dashboard = wanted["title"].as_str().unwrap();
    let edit = |edit: fn(&mut Value, usize)| told(|there| edit(there, index));
    assert_eq!(
        edit(|there, index| there["panels"][index]["title"] = json!("Mine")),
        [format!("panel {title:?}.title: Mine -> {title}")]
    );
    assert_eq!(
        edit(|there, index| there["panels"][index]["targets"][0]["expr"] = json!("up")),
        [format!("panel {title:?}.targets[0].expr: up -> {expr}")]
    );
    assert_eq!(
        edit(|there, _| there["time"]["from"] = json!("now-7m")),
        [format!("time.from: now-7m -> {from}")]
    );
    assert_eq!(
        edit(|there, _| there["title"] = json!("Theirs")),
        [format!("title: Theirs -> {dashboard}")]
    );
    assert_eq!(
        edit(|there, _| {
            let mine = json!({"id": 900, "type": "text", "title": "Mine", "gridPos": {"y": 90}});
            there["panels"].as_array_mut().unwrap().push(mine);
        }),
        ["panel \"Mine\": added -> (none)"]
    );
    let removed = edit(|there, index| drop(there["panels"].as_array_mut().unwrap().remove(index)));
    let kind = panel["type"].as_str().unwrap();
    assert_eq!(removed, [format!("panel {title:?}: (none) -> {kind}")]);
    let moved = edit(|there, index| there["panels"][index]["gridPos"]["y"] = json!(70));
    assert_eq!(moved.len(), 1, "{moved:?}");
    assert!(moved[0].starts_with(&format!("panel {title:?}.gridPos.y: 70 -> ")), "{moved:?}");
}

#[test]
fn zero_and_false_may_be_edits() {
    let index = queried(&Value::Object(rendered(path::OVERVIEW)));
    for (pointer, key, value) in [
        ("/fieldConfig/defaults", "max", json!(0)),
        ("/fieldConfig/defaults", "unit", json!("short-story")),
        ("/options", "showLegend", json!(false)),
        ("/targets/0", "hide", json!(true)),
    ] {
        let fields = told(|there| {
            let place = there["panels"][index].pointer_mut(pointer).expect(pointer);
            place[key] = value.clone();
        });
        assert_eq!(fields.len(), 1, "{pointer}/{key}: {fields:?}");
    }
}

#[test]
fn variables_are_found_by_their_names() {
    let fields = told(|there| {
        let variables = there["templating"]["list"].as_array_mut().unwrap();
        let mut mine = variables[0].clone();
        mine["name"] = json!("mine");
        variables.push(mine);
        variables[0]["label"] = json!("Theirs");
    });
    assert_eq!(fields.len(), 2, "{fields:?}");
    assert!(fields[0].contains(".label: Theirs -> "), "{fields:?}");
    assert_eq!(fields[1], "variable \"mine\": added -> (none)");
}

#[test]
fn a_row_that_is_closed_keeps_its_panels() {
    let open = json!({"panels": [
        {"id": 1, "type": "row", "title": "Details", "collapsed": false, "panels": []},
        {"id": 2, "type": "stat", "title": "Sessions"}]});
    let closed = json!({"panels": [
        {"id": 1, "type": "row", "title": "Details", "collapsed": true, "panels": [
            {"id": 2, "type": "stat", "title": "Sessions"}]}]});
    let fields = differences(closed.as_object().unwrap(), open.as_object().unwrap());
    let names: Vec<&str> = fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(names, ["row \"Details\".collapsed"]);
}

#[test]
fn a_long_value_is_cut() {
    let fields = told(|there| there["description"] = json!("x".repeat(5_000)));
    assert!(fields[0].len() < 1_000 && fields[0].contains('…'), "{}", fields[0].len());
}
