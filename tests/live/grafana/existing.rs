//! What stands there already: used, refused or adopted, and never written over.

use serde_json::json;

use super::administrator::{Administrator, addresses, fails};
use crate::live::stand_in::{AnyServer, RELEASES, StandIn};
use otelctl::diagnostic::Kind;

#[test]
fn an_existing_data_source_is_used_and_never_written() {
    for release in RELEASES {
        let server = StandIn::here(release);
        let theirs = json!({"uid": "theirs", "name": "Prometheus", "type": "prometheus",
            "access": "proxy", "url": "http://127.0.0.1:9", "jsonData": {"timeInterval": "60s"}});
        server.post("/api/datasources", &theirs).ok();
        let before = server.get("/api/datasources/uid/theirs").ok();
        let by_uid = "otelctl::grafana::datasource_uid: theirs";
        for more in ["", by_uid] {
            let administrator = Administrator::new(&server, more);
            let plan = administrator.plan().expect("a plan");
            assert!(!addresses(&plan).iter().any(|line| line.contains("datasource")));
            administrator.converge();
            administrator.destroy();
            assert_eq!(server.get("/api/datasources/uid/theirs").ok(), before);
        }
        let written = server.writes();
        let written = written.iter().filter(|request| request.path.starts_with("/api/datasources"));
        assert_eq!(written.count(), 1, "the test's own");
    }
}

#[test]
fn a_data_source_that_must_exist_and_does_not_is_named() {
    let server = AnyServer::start("12");
    let administrator =
        Administrator::new(&server, "otelctl::grafana::datasource_uid: otelctl-test-missing");
    let error = fails(administrator.apply(), Kind::Failed);
    assert!(error.message.contains("otelctl-test-missing"), "{error:?}");
    assert!(error.origin.location().is_some(), "{error:?}");
    assert_eq!(server.get("/api/folders/otelctl-otel").status, 404);
}

#[test]
fn a_data_source_of_another_kind_is_refused() {
    let server = StandIn::here("12");
    let loki = json!({"uid": "l", "name": "Prometheus", "type": "loki", "access": "proxy",
        "url": "http://127.0.0.1:9"});
    server.post("/api/datasources", &loki).ok();
    fails(Administrator::new(&server, "").apply(), Kind::Refused);
}

#[test]
fn what_files_provision_is_refused_with_the_reason() {
    for release in RELEASES {
        let server = StandIn::here(release);
        let administrator = Administrator::new(&server, "");
        administrator.converge();
        server.provision_dashboard("otelctl-otel-costs", "costs.json");
        server.reset();
        let error = fails(administrator.apply(), Kind::Refused);
        assert!(error.causes.iter().any(|cause| cause.contains("costs.json")), "{error:?}");
        assert_eq!(server.writes(), []);
    }
    let server = StandIn::here("12");
    Administrator::new(&server, "").converge();
    server.provision_data_source("otelctl-otel");
    assert!(Administrator::new(&server, "").plan().expect("as it should be").is_empty());
    let faster = "profile::otel_collector::prometheus_scrape_interval: 5s";
    fails(Administrator::new(&server, faster).apply(), Kind::Refused);
}

#[test]
fn a_strangers_dashboard_under_our_uid_is_refused() {
    let server = StandIn::here("11");
    let uid = "otelctl-otel-overview";
    server.post("/api/dashboards/db", &json!({"dashboard": {"uid": uid, "title": "T"}})).ok();
    let mut administrator = Administrator::new(&server, "");
    let error = fails(administrator.apply(), Kind::Refused);
    let address = format!("grafana/dashboard/{uid}");
    assert!(error.hint.as_ref().is_some_and(|hint| hint.contains(&address)), "{error:?}");
    administrator.desired.adopt.push(address);
    administrator.apply().expect("adopted");
    assert!(Administrator::new(&server, "").plan().expect("a plan").is_empty());
}

#[test]
fn a_title_that_is_taken_is_told() {
    // Until 11.2 a folder holds a title once, and so does the root.
    let server = StandIn::here("10");
    server.post("/api/folders", &json!({"uid": "mine", "title": "Claude Code"})).ok();
    let error = fails(Administrator::new(&server, "").apply(), Kind::Refused);
    assert!(error.message.contains("folder `Claude Code`"), "{error:?}");
    Administrator::new(&server, "otelctl::grafana::folder: Our Claude Code").converge();
}

#[test]
fn a_dashboard_of_a_plugin_is_refused() {
    let server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    administrator.converge();
    server.give_dashboard_to_plugin("otelctl-otel-costs", "somebodys-app");
    let mut changed = Administrator::new(&server, "");
    for dashboard in &mut changed.desired.dashboards {
        dashboard.document.insert("title".into(), json!(format!("New {}", dashboard.title())));
    }
    let error = fails(changed.apply(), Kind::Refused);
    assert!(error.message.contains("Cost Analysis"), "{error:?}");
}

#[test]
fn a_folder_with_what_no_search_finds_stays() {
    for release in RELEASES {
        let server = StandIn::here(release);
        let administrator = Administrator::new(&server, "");
        administrator.converge();
        server.fill_folder("otelctl-otel", 2, 1);
        let plan = administrator.plan_nothing().expect("a plan");
        assert!(!addresses(&plan).iter().any(|line| line.contains("folder")));
        let told: Vec<&str> = plan.notes.iter().map(|note| note.message.as_str()).collect();
        assert!(told[0].contains("it also holds 2 alert rules, 1 library panel"), "{told:?}");

        // Somebody adds some while it is being removed.
        server.fill_folder("otelctl-otel", 0, 0);
        let plan = administrator.plan_nothing().expect("a plan");
        server.fill_folder("otelctl-otel", 0, 1);
        let error = fails(administrator.run(plan), Kind::Refused);
        assert!(error.causes.iter().any(|cause| cause.contains("1 library panel")), "{error:?}");
        administrator.destroy();
        assert_eq!(server.get("/api/folders/otelctl-otel").status, 200);
        server.fill_folder("otelctl-otel", 0, 0);
        administrator.destroy();
        assert_eq!(server.get("/api/folders/otelctl-otel").status, 404);
    }
}
