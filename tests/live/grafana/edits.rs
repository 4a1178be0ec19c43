//! What a person edits is shown exactly, and taken back by the next apply; also on a real server.

use serde_json::{Value, json};

use super::administrator::{Administrator, addresses, fields};
use crate::live::stand_in::{AnyServer, field};

/// A person reads the overview, changes it in the browser and saves it.
fn edit(server: &AnyServer, folder: &str, change: impl FnOnce(&mut Value)) {
    let read = server.get(&format!("/api/dashboards/uid/{}", server.own("overview"))).ok();
    let mut dashboard = field(&read, "/dashboard").clone();
    change(&mut dashboard);
    let wanted = json!({"dashboard": dashboard, "folderUid": folder, "message": "mine"});
    server.post("/api/dashboards/db", &wanted).ok();
}

#[test]
fn a_persons_edit_is_shown_exactly_and_taken_back() {
    for (release, server) in AnyServer::each() {
        let administrator = Administrator::on(&server, "");
        let (ours, overview) = (server.uid(), server.own("overview"));
        let first = administrator.plan().expect("a plan");
        assert_eq!(
            addresses(&first),
            [
                &format!("create grafana/datasource/{ours}"),
                &format!("create grafana/folder/{ours}"),
                &format!("create grafana/dashboard/{overview}"),
                &format!("create grafana/dashboard/{}", server.own("costs")),
                "create grafana/annotation",
            ],
            "{release}"
        );
        administrator.converge();
        let address = format!("grafana/dashboard/{overview}");

        let panel = first_panel(&server);
        edit(&server, &ours, |dashboard| {
            let panels = dashboard["panels"].as_array_mut().expect("panels");
            let there = panels.iter_mut().find(|other| other["title"] == panel.as_str());
            there.expect("the panel")["title"] = json!("My own words");
        });
        let plan = administrator.plan().expect("a plan");
        assert_eq!(addresses(&plan), [&format!("update {address}"), "create grafana/annotation"]);
        assert_eq!(fields(&plan, &address), [format!("panel {panel:?}.title")], "{release}");
        administrator.converge();

        edit(&server, &ours, |dashboard| {
            let panels = dashboard["panels"].as_array_mut().expect("panels");
            let place = json!({"x": 0, "y": 500, "w": 4, "h": 4});
            panels.push(json!({"id": 900, "type": "text", "title": "Mine", "gridPos": place}));
        });
        let plan = administrator.plan().expect("a plan");
        assert_eq!(fields(&plan, &address), ["panel \"Mine\""], "{release}");
        administrator.converge();

        // Into another folder, as the browser does it, and out of every folder.
        let mine = server.own("mine");
        server.post("/api/folders", &json!({"uid": mine, "title": mine})).ok();
        edit(&server, &mine, |_| ());
        let plan = administrator.plan().expect("a plan");
        assert_eq!(fields(&plan, &address), ["folder"], "{release}");
        administrator.converge();
        // 10 takes a title once, also outside of every folder.
        edit(&server, "", |dashboard| dashboard["title"] = json!(server.own("root")));
        let plan = administrator.plan().expect("a plan");
        assert_eq!(fields(&plan, &address), ["folder", "title"], "{release}");
        administrator.converge();

        let path = format!("/api/folders/{ours}");
        let folder = server.get(&path).ok();
        let renamed = json!({"title": server.own("renamed"), "version": folder["version"]});
        server.put(&path, &renamed).ok();
        let plan = administrator.plan().expect("a plan");
        assert_eq!(fields(&plan, &format!("grafana/folder/{ours}")), ["title"]);
        administrator.converge();

        let path = format!("/api/datasources/uid/{ours}");
        let mut source = server.get(&path).ok();
        source["url"] = json!("http://127.0.0.1:1");
        source["jsonData"]["theirs"] = json!("kept");
        server.put(&path, &source).ok();
        let plan = administrator.plan().expect("a plan");
        assert_eq!(fields(&plan, &format!("grafana/datasource/{ours}")), ["url"]);
        administrator.converge();
        assert_eq!(server.get(&path).ok()["jsonData"]["theirs"], "kept");

        administrator.destroy();
        for path in objects(&server) {
            assert_eq!(server.get(&path).status, 404, "{release} {path}");
        }
        let left = administrator.plan_nothing().expect("a plan");
        assert!(left.is_empty(), "{:?}", addresses(&left));
    }
}

/// Where a server has what the stack makes.
fn objects(server: &AnyServer) -> [String; 4] {
    [
        format!("/api/datasources/uid/{}", server.uid()),
        format!("/api/folders/{}", server.uid()),
        format!("/api/dashboards/uid/{}", server.own("overview")),
        format!("/api/dashboards/uid/{}", server.own("costs")),
    ]
}

/// The annotations of the stack.
fn annotations(server: &AnyServer) -> Value {
    server.get(&format!("/api/annotations?tags=otelctl&tags=otelctl:{}", server.stack())).ok()
}

/// The title of the first panel that shows something.
fn first_panel(server: &AnyServer) -> String {
    let read = server.get(&format!("/api/dashboards/uid/{}", server.own("overview"))).ok();
    let panels = field(&read, "/dashboard/panels").as_array().expect("panels");
    let panel = panels.iter().find(|panel| panel["type"] != "row").expect("a panel");
    panel["title"].as_str().expect("a title").to_owned()
}

#[test]
fn a_second_apply_sends_no_write_request() {
    for (release, server) in AnyServer::each() {
        let administrator = Administrator::on(&server, "");
        assert_eq!(administrator.apply().expect("an apply"), 5);
        if let Some(stand_in) = server.stand_in() {
            assert_eq!(stand_in.writes().len(), 5, "{:?}", stand_in.writes());
        }
        // Every object has a version that counts its writes.
        let look = || (objects(&server).map(|path| server.get(&path).ok()), annotations(&server));
        let before = look();
        server.stand_in().inspect(|stand_in| stand_in.reset());
        assert_eq!(administrator.apply().expect("an apply"), 0);
        if let Some(stand_in) = server.stand_in() {
            assert_eq!(stand_in.writes(), []);
            // Health, data source, folder, three dashboards, of which one is not there: once each.
            assert_eq!(stand_in.requests().len(), 6, "{:#?}", stand_in.requests());
        }
        assert_eq!(look(), before, "{release}");
    }
}

#[test]
fn the_annotation_tells_how_much_changed() {
    let server = AnyServer::start("11");
    Administrator::on(&server, "").converge();
    let found = annotations(&server);
    let text = field(&found, "/0/text").as_str().expect("a text");
    assert!(text.contains("4 changes") && text.contains(env!("CARGO_PKG_VERSION")), "{text}");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
}

#[test]
fn without_dashboards_ours_go_and_others_stay() {
    let server = AnyServer::start("12");
    Administrator::on(&server, "").converge();
    let mine = server.own("mine");
    let dashboard = json!({"uid": mine, "title": mine});
    let wanted = json!({"dashboard": dashboard, "folderUid": server.uid()});
    server.post("/api/dashboards/db", &wanted).ok();
    let off = "profile::otel_collector::enable_grafana_dashboards: false";
    let without = Administrator::on(&server, off);
    let plan = without.plan().expect("a plan");
    let [source, folder, overview, costs] = objects(&server);
    let deleted = [server.own("costs"), server.own("overview")];
    assert_eq!(addresses(&plan), deleted.map(|uid| format!("delete grafana/dashboard/{uid}")));
    let told = format!("`{mine}`");
    assert!(plan.notes.iter().any(|note| note.message.contains(&told)), "{:?}", plan.notes);
    without.converge();
    let path = format!("/api/dashboards/uid/{mine}");
    assert_eq!(server.get(&path).status, 200);
    server.delete(&path).ok();
    without.converge();
    assert_eq!([folder, overview, costs].map(|path| server.get(&path).status), [404; 3]);
    assert_eq!(server.get(&source).status, 200);
}

#[test]
fn the_page_of_a_session_comes_and_goes_with_its_counters() {
    let server = AnyServer::start("12");
    let page = server.own("session");
    let path = format!("/api/dashboards/uid/{page}");
    let with = Administrator::on(&server, "otelctl::detail: true");
    with.converge();
    assert_eq!(server.get(&path).status, 200);
    let without = Administrator::on(&server, "");
    let plan = without.plan().expect("a plan");
    let [overview, costs] = ["overview", "costs"].map(|end| server.own(end));
    let changes = [
        format!("update grafana/dashboard/{overview}"),
        format!("update grafana/dashboard/{costs}"),
        format!("delete grafana/dashboard/{page}"),
    ];
    let mut planned = addresses(&plan);
    planned.retain(|address| address.contains("grafana/dashboard/"));
    assert_eq!(planned, changes);
    without.converge();
    assert_eq!(server.get(&path).status, 404);
    with.converge();
    assert_eq!(server.get(&path).status, 200);
    let plan = with.plan_nothing().expect("a plan");
    assert!(addresses(&plan).contains(&changes[2]), "{:?}", addresses(&plan));
}

#[test]
fn what_is_gone_need_not_be_deleted() {
    let server = AnyServer::start("13");
    let administrator = Administrator::on(&server, "");
    administrator.converge();
    let plan = administrator.plan_nothing().expect("a plan");
    let [source, _, _, costs] = objects(&server);
    for path in [costs, source] {
        server.delete(&path).ok();
    }
    administrator.run(plan).expect("what is gone is gone");
}
