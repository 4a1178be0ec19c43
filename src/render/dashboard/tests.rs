//! What sources become, and what is told of their mistakes.

use super::source::Source;
use super::*;
use crate::diagnostic::Kind as Failing;
use crate::profile::Profile;
use crate::stack::{DETAIL, METRICS};

const SOURCE: &str = "\
title: T
uid: t
description: D
tags: [claude-code]
range: 1d
refresh: 1m
variables:
  - {name: model, title: Model, label: model, description: D}
rows:
  - title: R
    panels:
      - title: Tokens
        kind: stat
        size: 6x4
        description: D
        query: sum(total(claude_tokens_total))
      - title: Cost (estimate)
        kind: bars
        size: 18x8
        unit: usd
        by: model
        every: 1d
        description: D
        query: sum by (model) (bucket(claude_cost_usd_total))
";

fn stack(more: &str) -> Stack {
    let profile = format!("otelctl::stack: west\n{more}");
    let profile = Profile::read(&profile, "profile.yaml").expect("a profile");
    Stack::build(&profile, &[]).expect("a stack")
}

fn text(source: &str) -> SourceText<'_> {
    SourceText { file: "d.yaml", text: source, kind: Failing::Profile }
}

/// The source after one text became another, and all that is told of it.
fn told(from: &str, to: &str) -> Vec<Diagnostic> {
    assert!(SOURCE.contains(from), "{from}");
    let changed = SOURCE.replacen(from, to, 1);
    let text = text(&changed);
    let mut found = Vec::new();
    match Source::read(&text) {
        Ok(source) => drop(panels(&text, &source, &Scope::example(), &mut found)),
        Err(error) => found.push(error),
    }
    found
}

#[test]
fn a_mistake_is_told_with_its_line() {
    for (from, to, line, expected) in [
        ("claude_tokens_total", "claude_token_total", 16, "`claude_token_total`"),
        ("(model) (", "(modle) (", 24, "label `modle`"),
        ("label: model", "label: modle", 8, "label `modle`"),
        ("by: model", "by: modle", 21, "label `modle`"),
        ("bucket(", "total(", 24, "does not count what it shows"),
        ("total(", "bucket(", 16, "does not count what it shows"),
        ("Cost (estimate)", "Cost", 17, "does not say so much"),
        ("6x4", "25x4", 14, "no size"),
        ("kind: stat", "kind: stats", 13, "cannot read the dashboard `d.yaml`"),
        ("kind: stat", "kind: table", 12, "needs `by`"),
        ("kind: stat", "kind: stat\n        every: 1d", 12, "shows no time"),
        ("        query: sum(total(claude_tokens_total))\n", "", 12, "has no query"),
        (
            "description: D\n        query: sum(",
            "description: ''\n        query: sum(",
            12,
            "has no",
        ),
        ("        unit: usd\n", "        units: usd\n", 20, "cannot read the dashboard"),
        ("every: 1d", "every: 1d\n        link: t", 17, "which only a `table` shows"),
        ("(model) (bucket", "(user) (bucket", 24, "for `user`, which it does not carry"),
        ("claude_tokens", "claude_session_token", 16, "`claude_session_token_total`, which"),
    ] {
        let found = told(from, to);
        let first = found.first().unwrap_or_else(|| panic!("{to} is taken"));
        assert!(first.message.contains(expected), "{to}: {found:#?}");
        assert_eq!(first.kind, Failing::Profile);
        let place = first.origin.location().map(|at| (&*at.file, at.line));
        assert_eq!(place, Some(("d.yaml", line)), "{to}: {first:?}");
    }
    assert_eq!(told("title: T", "title: T"), []);
}

#[test]
fn every_mistake_is_told_at_once() {
    let text = text(SOURCE);
    let mut source = Source::read(&text).unwrap();
    for panel in &mut source.rows[0].panels {
        panel.size.value.clear();
        panel.query.as_mut().unwrap().value = "nonsense".to_owned();
    }
    let mut found = Vec::new();
    panels(&text, &source, &Scope::example(), &mut found);
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn a_panel_is_what_its_source_says() {
    let text = text(SOURCE);
    let source = Source::read(&text).unwrap();
    let mut found = Vec::new();
    let panels = panels(&text, &source, &Scope::example(), &mut found);
    let [row, stat, bars] = panels.as_slice() else { panic!("{panels:#?}") };
    assert_eq!(row["gridPos"], json!({"h": 1, "w": 24, "x": 0, "y": 0}));
    assert_eq!(stat["gridPos"], json!({"h": 4, "w": 6, "x": 0, "y": 1}));
    assert_eq!(stat["targets"][0]["instant"], json!(true));
    assert_eq!(stat["targets"][0]["legendFormat"], "Tokens");
    assert!(stat.get("interval").is_none());
    assert_eq!(bars["gridPos"], json!({"h": 8, "w": 18, "x": 6, "y": 1}));
    assert_eq!(bars["fieldConfig"]["defaults"]["unit"], "currencyUSD");
    let target = &bars["targets"][0];
    assert_eq!((&target["range"], &target["instant"]), (&json!(true), &json!(false)));
    assert_eq!((&bars["interval"], &target["legendFormat"]), (&json!("1d"), &json!("{{model}}")));
    assert_eq!(
        target["expr"],
        "sum by (model) (sum_over_time(claude:cost_usd:inc1m{model=~\"$model\",team=~\"$team\"}\
         [$__interval] offset -$__interval))"
    );
}

#[test]
fn a_choice_leaves_alone_what_does_not_tell_it() {
    let stack = stack("otelctl::metric_labels: [query_source, team]\n");
    let artifacts = artifacts(&Wanted::of(&stack), &Templates::new(&[]).unwrap()).unwrap();
    let all: String =
        artifacts.iter().map(|artifact| String::from_utf8_lossy(&artifact.bytes)).collect();
    let filters = |stem: &str| {
        let start = format!("{stem}:inc1m{{");
        let found: Vec<_> =
            all.split(&start).skip(1).filter_map(|rest| rest.split('}').next()).collect();
        assert!(!found.is_empty(), "{stem}");
        found
    };
    let of = |stem: &str, label: &str| {
        let matcher = format!("{label}=~");
        filters(stem).iter().filter(|found| found.contains(&matcher)).count()
    };
    for stem in ["claude:sessions", "claude:commits", "claude:active_seconds"] {
        assert_eq!(of(stem, "query_source"), 0, "{stem}");
        assert_eq!(of(stem, "team"), filters(stem).len(), "{stem}");
    }
    for stem in ["claude:tokens", "claude:cost_usd", "claude:cache_hits"] {
        assert_eq!(of(stem, "query_source"), filters(stem).len(), "{stem}");
    }
}

#[test]
fn each_stack_has_dashboards_of_its_own_on_its_data_source() {
    let stack = stack("profile::otel_collector::grafana_datasource_name: Mimir\n");
    let artifacts = artifacts(&Wanted::of(&stack), &Templates::new(&[]).unwrap()).unwrap();
    let read = |artifact: &Artifact| {
        let text = String::from_utf8(artifact.bytes.to_vec()).unwrap();
        dashboard::Dashboard::parse(&artifact.path, &text).unwrap()
    };
    let dashboards: Vec<_> = artifacts.iter().map(read).collect();
    let [overview, costs] = dashboards.as_slice() else { panic!("two dashboards") };
    assert_eq!((&*overview.uid, &*costs.uid), ("otelctl-west-overview", "otelctl-west-costs"));
    for (one, other) in [(overview, costs), (costs, overview)] {
        let document = &one.document;
        assert_eq!(document["links"][0]["url"], format!("/d/{}", other.uid));
        let chosen = &document["templating"]["list"][0]["current"];
        assert_eq!((&chosen["text"], &chosen["value"]), (&json!("Mimir"), &json!("otelctl-west")));
        assert_eq!(document["annotations"]["list"][1]["target"]["tags"], json!(["otelctl"]));
        let titles: Vec<_> = one.panels.iter().map(|panel| &panel.title).collect();
        assert!(titles.len() > 10, "{titles:?}");
    }
}

#[test]
fn sessions_have_a_page_where_the_profile_asks_for_them() {
    let templates = Templates::new(&[]).unwrap();
    let read = |more: &str| {
        let artifacts = artifacts(&Wanted::of(&stack(more)), &templates).unwrap();
        let read = |artifact: &Artifact| serde_json::from_slice::<Value>(&artifact.bytes).unwrap();
        artifacts.iter().map(read).collect::<Vec<_>>()
    };
    assert_eq!(read("").len(), 2);
    let [overview, costs, session] =
        &*read("otelctl::detail: true\notelctl::metric_labels: [team]\n")
    else {
        panic!("three dashboards")
    };
    let variables = |dashboard: &Value| -> Vec<String> {
        let list = dashboard["templating"]["list"].as_array().unwrap().iter();
        list.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    // Sessions have no label of the profile's.
    assert_eq!(variables(session), ["datasource", "user", "session_id"]);
    assert!([overview, costs].iter().all(|one| variables(one).contains(&"team".to_owned())));
    let chosen = &session["templating"]["list"][2];
    assert_eq!((&chosen["multi"], &chosen["includeAll"]), (&json!(false), &json!(false)));
    assert_eq!(
        chosen["query"]["query"],
        "label_values(claude:session_cost_usd:inc1m{user=~\"$user\"}, session_id)"
    );
    let panels = overview["panels"].as_array().unwrap();
    let table = panels.iter().find(|panel| panel["title"] == "Sessions that cost most (estimate)");
    let table = table.unwrap();
    let overrides = table["fieldConfig"]["overrides"].as_array().unwrap();
    let link = overrides.iter().find(|one| one["properties"][0]["id"] == "links").unwrap();
    assert_eq!(link["matcher"]["options"], "Session id");
    assert_eq!(
        link["properties"][0]["value"][0]["url"],
        "/d/otelctl-west-session?var-session_id=${__value.raw}&${datasource:queryparam}\
         &${__url_time_range}"
    );
    let names = &table["transformations"][1]["options"]["indexByName"];
    assert_eq!(
        (&names["session_id"], &names["user"], &names["Value #A"]),
        (&json!(0), &json!(1), &json!(2))
    );
    for other in [overview, costs] {
        assert!(other["links"].to_string().contains("otelctl-west-session"));
    }
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let file = "dashboards/claude-code-overview.yaml";
    let original = include_str!("../../../dashboards/claude-code-overview.yaml");
    let told = |from: &str, to: &str, more: &str| {
        assert!(original.contains(from), "{from}");
        let changed = original.replacen(from, to, 1);
        let own = super::super::Override::new(file, file.to_owned(), changed).unwrap();
        let rendered = artifacts(&Wanted::of(&stack(more)), &Templates::new(&[own]).unwrap());
        rendered.err().map(|failure| failure.to_string()).unwrap_or_default()
    };
    let (from, to) = ("link: session", "link: sessions");
    assert!(told(from, to, "otelctl::detail: true\n").contains("`sessions` is no dashboard"));
    assert_eq!(told(from, to, ""), "");
    // The page of a session is not there, and the panel that leads to it is.
    let (from, to) = ("link: session\n        when: session detail", "link: session");
    assert!(told(from, to, "").contains("`session` is no dashboard of this profile"));
}

#[test]
fn dashboards_are_left_out_when_the_profile_says_so() {
    let none = stack("profile::otel_collector::enable_grafana_dashboards: false\n");
    let templates = Templates::new(&[]).unwrap();
    assert_eq!(artifacts(&Wanted::of(&none), &templates).unwrap(), []);
    // Without a Grafana they are still good for an import.
    let without = stack("otelctl::grafana::mode: none\n");
    assert_eq!(artifacts(&Wanted::of(&without), &templates).unwrap().len(), 2);
}

#[test]
fn every_counter_of_the_table_is_on_a_dashboard() {
    let stack = stack("otelctl::detail: true\n");
    let artifacts = artifacts(&Wanted::of(&stack), &Templates::new(&[]).unwrap()).unwrap();
    let all: String =
        artifacts.iter().map(|artifact| String::from_utf8_lossy(&artifact.bytes)).collect();
    for metric in METRICS.iter().chain(&DETAIL) {
        assert!(all.contains(&format!("{}:inc1m", metric.rule_stem())), "{}", metric.name);
    }
}
