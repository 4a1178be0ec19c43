//! Objects with marks that no person sets over the API of a real server: provisioned by a file,
//! of a plugin, raised to a later schema; and a folder with what no search finds.

use serde_json::json;

use super::administrator::{Administrator, addresses, fails};
use crate::live::stand_in::{RELEASES, StandIn};
use otelctl::diagnostic::Kind;

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
fn a_migration_of_the_server_is_no_edit() {
    let server = StandIn::here("12");
    let administrator = Administrator::new(&server, "");
    administrator.converge();
    server.raise_schema_version(99);
    assert!(administrator.plan().expect("a plan").is_empty());
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
