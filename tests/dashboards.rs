//! The rendered dashboards of every example profile, held against our own rules, and dashboards
//! that break them, one by one.
#![cfg(test)]

#[path = "dashboards/lint.rs"]
mod lint;
#[path = "dashboards/query.rs"]
mod query;

use lint::mistakes;
use otelctl::artifact::path;
use otelctl::profile::Profile;
use otelctl::render::render;
use otelctl::stack::Stack;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The profile that has every panel.
const EVERYTHING: &str = "otelctl::metric_labels: [type, user_email, team]\n\
                          otelctl::budget::monthly_usd: 250\notelctl::detail: true\n";

/// A profile's stack and its dashboards.
fn rendered(profile: &str) -> (Stack, Vec<Value>) {
    let profile = Profile::read(profile, "profile.yaml").expect("a profile");
    let stack = Stack::build(&profile, &[]).expect("a stack");
    let artifacts = render(&stack).expect("renders");
    let wanted = |path: &str| artifacts.iter().find(|artifact| artifact.path == path);
    let found = path::DASHBOARDS.into_iter().filter_map(wanted);
    let dashboards = found.map(|found| serde_json::from_slice(&found.bytes).expect("JSON"));
    (stack, dashboards.collect())
}

fn all_mistakes((stack, dashboards): &(Stack, Vec<Value>)) -> Vec<String> {
    dashboards.iter().flat_map(|one| mistakes(stack, one, dashboards)).collect()
}

#[test]
fn the_dashboards_of_every_example_keep_the_rules() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = 0;
    for example in fs::read_dir(examples).expect("examples") {
        let file = example.expect("an example").path().join("profile.yaml");
        // What a hierarchy asks for has golden files.
        if !file.exists() {
            assert!(file.with_file_name("hiera.yaml").exists(), "{}", file.display());
            continue;
        }
        let profile = fs::read_to_string(&file).expect("a profile");
        assert_eq!(all_mistakes(&rendered(&profile)), [""; 0], "{}", file.display());
        seen += 1;
    }
    assert!(seen > 4);
    for profile in [EVERYTHING, "otelctl::metric_labels: []\n", "otelctl::prometheus::mode: none\n"]
    {
        assert_eq!(all_mistakes(&rendered(profile)), [""; 0], "{profile}");
    }
}

#[test]
fn panels_depend_on_the_profile() {
    let titles = |profile: &str| {
        let (_, dashboards) = rendered(profile);
        let panels = dashboards.iter().flat_map(|one| one["panels"].as_array().expect("panels"));
        panels.map(|panel| panel["title"].as_str().expect("a title").to_owned()).collect::<Vec<_>>()
    };
    let (all, few) = (titles(EVERYTHING), titles("otelctl::metric_labels: []\n"));
    for title in [
        "Tokens by type over time",
        "By user email",
        "Use by team (cost is an estimate)",
        "Budget burn-down (estimate)",
        "Sessions that cost most (estimate)",
        "Single sessions against their limit",
        "Tokens of the session",
    ] {
        assert!(all.iter().any(|known| known == title), "{title}: {all:?}");
        assert!(!few.iter().any(|known| known == title), "{title}");
    }
    let external = titles("otelctl::prometheus::mode: external\n");
    assert!(few.contains(&"Memory of the collector".to_owned()));
    assert!(!external.contains(&"Memory of the collector".to_owned()));
}

/// A change of a dashboard, and what is then told.
type Break = (fn(&mut Value), &'static str);

#[test]
fn a_broken_dashboard_is_told() {
    let breaks: [Break; 28] = [
        (|d| panel(d, "Tokens")["gridPos"]["x"] = json!(3), "overlaps"),
        (|d| panel(d, "Tokens")["gridPos"]["w"] = json!(40), "leaves the grid"),
        (|d| panel(d, "Tokens")["id"] = json!(1), "has the id of"),
        (|d| panel(d, "Tokens")["description"] = json!(" "), "no description"),
        (|d| drop(defaults(d).remove("noValue")), "says nothing where there is nothing"),
        (|d| drop(defaults(d).remove("unit")), "no unit"),
        (|d| drop(defaults(d).insert("unit".into(), "currencyEUR".into())), "no unit"),
        (
            |d| {
                panel(d, "Cost (estimate)")["targets"][0]["legendFormat"] = json!("Cost");
                panel(d, "Cost (estimate)")["title"] = json!("Cost");
            },
            "does not say that it is an estimate",
        ),
        (|d| panel(d, "Tokens")["datasource"]["uid"] = json!("prometheus"), "data source"),
        (|d| expression(d, "sum(increase(claude_tokens_total[$__range]))"), "`increase`"),
        (|d| expression(d, "sum(rate(claude:tokens:inc1m[$__range]))"), "`rate`"),
        (|d| expression(d, "sum(claude_tokens_total)"), "`claude_tokens_total`"),
        (
            |d| expression(d, "sum(sum_over_time(claude:token:inc1m[$__range]))"),
            "`claude:token:inc1m`",
        ),
        (
            |d| expression(d, "sum by (modle) (sum_over_time(claude:tokens:inc1m[$__range]))"),
            "`modle`",
        ),
        (
            |d| expression(d, "sum by (language) (sum_over_time(claude:tokens:inc1m[$__range]))"),
            "`language`, which",
        ),
        (
            |d| expression(d, "sum(sum_over_time(claude:tokens:inc1m{modle=\"x\"}[$__range]))"),
            "`modle`",
        ),
        (|d| expression(d, "sum(sum_over_time(claude:tokens:inc1m[$__range]))"), "not filtered"),
        (|d| expression(d, "sum(otelcol_process_uptime)"), "`otelcol_process_uptime`"),
        (|d| expression(d, "vector($offset)"), "`$offset`, which"),
        (
            |d| expression(d, "sum(sum_over_time(claude:tokens:inc1m[$__interval]))"),
            "`$__interval`",
        ),
        (
            |d| {
                let list = d["templating"]["list"].as_array_mut().expect("variables");
                let mut more = list[1].clone();
                more["name"] = json!("family");
                list.push(more);
            },
            "`family` is used by no query",
        ),
        (|d| d["links"][0]["url"] = json!("/d/otelctl-otel-details"), "leads nowhere"),
        (|d| row_link(d, "/d/otelctl-otel-session"), "leads nowhere by"),
        (|d| row_link(d, "/d/otelctl-otel-session?var-user=${__value.raw}"), "leads nowhere by"),
        (
            |d| expression(d, "sum by (team) (sum_over_time(claude:session_cost_usd:inc1m[1d]))"),
            "names `team`, which `claude_session_cost_usd_total` does not carry",
        ),
        (|d| d["links"][0]["keepTime"] = json!(false), "forgets"),
        (|d| d["uid"] = json!("otelctl-otel-costs"), "has the uid of another"),
        (|d| d["schemaVersion"] = json!(41), "Grafana 10"),
    ];
    let (stack, whole) = rendered(EVERYTHING);
    for (change, expected) in breaks {
        let mut dashboards = whole.clone();
        change(&mut dashboards[0]);
        let found = mistakes(&stack, &dashboards[0], &dashboards);
        assert!(found.iter().any(|told| told.contains(expected)), "{expected}: {found:?}");
    }
}

/// A panel of the first dashboard.
fn panel<'a>(dashboard: &'a mut Value, title: &str) -> &'a mut Value {
    let panels = dashboard["panels"].as_array_mut().expect("panels");
    panels.iter_mut().find(|panel| panel["title"] == title).expect("a panel")
}

fn defaults(dashboard: &mut Value) -> &mut serde_json::Map<String, Value> {
    let panel = panel(dashboard, "Tokens");
    panel["fieldConfig"]["defaults"].as_object_mut().expect("defaults")
}

/// Where the table of sessions leads.
fn row_link(dashboard: &mut Value, url: &str) {
    let panel = panel(dashboard, "Sessions that cost most (estimate)");
    let overrides = panel["fieldConfig"]["overrides"].as_array_mut().expect("overrides");
    let link = overrides.iter_mut().find(|one| one["properties"][0]["id"] == "links");
    link.expect("a link")["properties"][0]["value"][0]["url"] = json!(url);
}

fn expression(dashboard: &mut Value, expression: &str) {
    panel(dashboard, "Tokens")["targets"][0]["expr"] = json!(expression);
}
