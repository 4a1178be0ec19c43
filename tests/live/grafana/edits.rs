//! What a person edits is shown exactly, and taken back by the next apply.

use serde_json::{Value, json};

use super::administrator::{Administrator, addresses, fields};
use crate::live::stand_in::{AnyServer, RELEASES, Server, StandIn, field};

const OVERVIEW: &str = "otelctl-otel-overview";
const ADDRESS: &str = "grafana/dashboard/otelctl-otel-overview";

/// A person reads a dashboard, changes it in the browser and saves it.
fn edit(server: &Server<'_>, folder: &str, change: impl FnOnce(&mut Value)) {
    let read = server.get(&format!("/api/dashboards/uid/{OVERVIEW}")).ok();
    let mut dashboard = field(&read, "/dashboard").clone();
    change(&mut dashboard);
    let wanted = json!({"dashboard": dashboard, "folderUid": folder, "message": "mine"});
    server.post("/api/dashboards/db", &wanted).ok();
}

#[test]
fn a_persons_edit_is_shown_exactly_and_taken_back() {
    for release in RELEASES {
        let server = AnyServer::start(release);
        let administrator = Administrator::new(&server, "");
        let first = administrator.plan().expect("a plan");
        assert_eq!(
            addresses(&first),
            [
                "create grafana/datasource/otelctl-otel",
                "create grafana/folder/otelctl-otel",
                "create grafana/dashboard/otelctl-otel-overview",
                "create grafana/dashboard/otelctl-otel-costs",
                "create grafana/annotation",
            ],
            "{release}"
        );
        administrator.converge();

        let ours = "otelctl-otel";
        let panel = first_panel(&server);
        edit(&server, ours, |dashboard| {
            let panels = dashboard["panels"].as_array_mut().expect("panels");
            let there = panels.iter_mut().find(|other| other["title"] == panel.as_str());
            there.expect("the panel")["title"] = json!("My own words");
        });
        let plan = administrator.plan().expect("a plan");
        assert_eq!(addresses(&plan), [&format!("update {ADDRESS}"), "create grafana/annotation"]);
        assert_eq!(fields(&plan, ADDRESS), [format!("panel {panel:?}.title")], "{release}");
        administrator.converge();

        edit(&server, ours, |dashboard| {
            let panels = dashboard["panels"].as_array_mut().expect("panels");
            let place = json!({"x": 0, "y": 500, "w": 4, "h": 4});
            panels.push(json!({"id": 900, "type": "text", "title": "Mine", "gridPos": place}));
        });
        let plan = administrator.plan().expect("a plan");
        assert_eq!(fields(&plan, ADDRESS), ["panel \"Mine\""], "{release}");
        administrator.converge();

        // Into another folder, as the browser does it, and out of every folder.
        server.post("/api/folders", &json!({"uid": "otelctl-test-mine", "title": "My place"})).ok();
        for folder in ["otelctl-test-mine", ""] {
            edit(&server, folder, |_| ());
            let plan = administrator.plan().expect("a plan");
            assert_eq!(fields(&plan, ADDRESS), ["folder"], "{release}");
            administrator.converge();
        }
        server.delete("/api/folders/otelctl-test-mine").ok();

        let folder = server.get("/api/folders/otelctl-otel").ok();
        let renamed = json!({"title": "Not Claude Code", "version": folder["version"]});
        server.put("/api/folders/otelctl-otel", &renamed).ok();
        let plan = administrator.plan().expect("a plan");
        assert_eq!(fields(&plan, "grafana/folder/otelctl-otel"), ["title"]);
        administrator.converge();

        let path = "/api/datasources/uid/otelctl-otel";
        let mut source = server.get(path).ok();
        source["url"] = json!("http://127.0.0.1:1");
        source["jsonData"]["theirs"] = json!("kept");
        server.put(path, &source).ok();
        let plan = administrator.plan().expect("a plan");
        assert_eq!(fields(&plan, "grafana/datasource/otelctl-otel"), ["url"]);
        administrator.converge();
        assert_eq!(server.get(path).ok()["jsonData"]["theirs"], "kept");

        administrator.destroy();
        for path in [path, "/api/folders/otelctl-otel", "/api/dashboards/uid/otelctl-otel-costs"] {
            assert_eq!(server.get(path).status, 404, "{release} {path}");
        }
        let left = administrator.plan_nothing().expect("a plan");
        assert!(left.is_empty(), "{:?}", addresses(&left));
    }
}

/// The title of the first panel that shows something.
fn first_panel(server: &Server<'_>) -> String {
    let read = server.get(&format!("/api/dashboards/uid/{OVERVIEW}")).ok();
    let panels = field(&read, "/dashboard/panels").as_array().expect("panels");
    let panel = panels.iter().find(|panel| panel["type"] != "row").expect("a panel");
    panel["title"].as_str().expect("a title").to_owned()
}

#[test]
fn a_second_apply_sends_no_write_request() {
    for release in RELEASES {
        let server = StandIn::here(release);
        let administrator = Administrator::new(&server, "");
        assert_eq!(administrator.apply().expect("an apply"), 5);
        assert_eq!(server.writes().len(), 5, "{:?}", server.writes());
        server.reset();
        assert_eq!(administrator.apply().expect("an apply"), 0);
        assert_eq!(server.writes(), []);
        // Health, data source, folder, two dashboards: once each.
        assert_eq!(server.requests().len(), 5, "{:#?}", server.requests());
    }
}

#[test]
fn a_migration_of_the_server_is_no_edit() {
    let server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    administrator.converge();
    server.raise_schema_version(99);
    assert!(administrator.plan().expect("a plan").is_empty());
}

#[test]
fn the_annotation_tells_how_much_changed() {
    let server = StandIn::here("11");
    let administrator = Administrator::new(&server, "");
    administrator.converge();
    let found = server.get("/api/annotations?tags=otelctl&tags=otelctl:otel").ok();
    let text = field(&found, "/0/text").as_str().expect("a text");
    assert!(text.contains("4 changes") && text.contains(env!("CARGO_PKG_VERSION")), "{text}");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
}

#[test]
fn without_dashboards_ours_go_and_others_stay() {
    let server = StandIn::here("12");
    Administrator::new(&server, "").converge();
    server
        .post(
            "/api/dashboards/db",
            &json!({"dashboard": {"uid": "mine", "title": "Mine"}, "folderUid": "otelctl-otel"}),
        )
        .ok();
    let off = "profile::otel_collector::enable_grafana_dashboards: false";
    let without = Administrator::new(&server, off);
    let plan = without.plan().expect("a plan");
    assert_eq!(
        addresses(&plan),
        [
            "delete grafana/dashboard/otelctl-otel-costs",
            "delete grafana/dashboard/otelctl-otel-overview"
        ]
    );
    assert!(plan.notes.iter().any(|note| note.message.contains("`Mine`")), "{:?}", plan.notes);
    without.converge();
    assert_eq!(server.get("/api/dashboards/uid/mine").status, 200);
    server.delete("/api/dashboards/uid/mine").ok();
    without.converge();
    assert_eq!(server.get("/api/folders/otelctl-otel").status, 404);
    assert_eq!(server.get("/api/datasources/uid/otelctl-otel").status, 200);
}
