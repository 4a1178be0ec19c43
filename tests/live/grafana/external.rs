//! A Grafana of the user's own in a whole stack, by the commands of otelctl.

use std::fs;

use crate::live::applied::Applied;
use crate::live::stand_in::{Fault, StandIn};
use crate::live::world::{Output, Place};

/// Runs otelctl with a token in its environment.
fn otelctl(stack: &Applied, token: &str, arguments: &[&str]) -> Output {
    let mut command = stack.world.command(Place::Host);
    command.arg(env!("CARGO_BIN_EXE_otelctl")).arg("--profile").arg(&stack.profile);
    Output::of(command.args(arguments).env("GRAFANA_TOKEN", token))
}

#[test]
fn a_grafana_of_ones_own_gets_the_dashboards_and_loses_them_again() {
    let stack = Applied::prepare("grafana-external", "0.91.0");
    let server = StandIn::start(&stack.world, Place::Host, "11");
    let profile = |more: &str| {
        let own = format!(
            "otelctl::grafana::mode: external\notelctl::grafana::url: {}\n\
             otelctl::grafana::token: env:GRAFANA_TOKEN\n{more}",
            server.url
        );
        stack.write_profile("0.91.0", &own);
    };
    profile("");
    let (admin, viewer) = (server.token("Admin"), server.token("Viewer"));

    // Nothing is begun with a key that opens too little, or with none.
    for (token, status) in [(viewer, 77), ("glsa_wrong", 77), ("", 1)] {
        let refused = otelctl(&stack, token, &["apply"]);
        assert_eq!(refused.status, status, "{}{}", refused.stdout, refused.stderr);
        assert!(refused.stderr.contains("hint:"), "{}", refused.stderr);
        assert!(token.is_empty() || !refused.stderr.contains(token), "{}", refused.stderr);
    }
    assert_eq!(stack.containers(), "");
    assert_eq!(server.writes(), []);

    let first = otelctl(&stack, admin, &["apply"]);
    assert!(!first.stdout.contains(admin) && !first.stderr.contains(admin));
    first.ok();
    server.reset();
    let second = otelctl(&stack, admin, &["apply"]).ok();
    assert!(second.contains("no changes"), "{second}");
    assert_eq!(server.writes(), []);
    otelctl(&stack, admin, &["verify"]).ok();

    // A failure after other changes is a partial one, and the next apply goes on.
    profile("profile::otel_collector::prometheus_scrape_interval: 5s\n");
    server.fail(Fault::status(500).on("PUT", "/api/datasources"));
    let partial = otelctl(&stack, admin, &["apply"]);
    assert_eq!(partial.status, 76, "{}{}", partial.stdout, partial.stderr);
    assert!(partial.stderr.contains("Grafana answers 500"), "{}", partial.stderr);
    otelctl(&stack, admin, &["apply"]).ok();
    let source = server.get("/api/datasources/uid/otelctl-otel").ok();
    assert_eq!(source["jsonData"]["timeInterval"], "5s");

    let rendered = fs::read_to_string(stack.directory().join("grafana/datasource.json"));
    assert!(!rendered.expect("an artifact").contains(admin));
    otelctl(&stack, admin, &["destroy"]).ok();
    for path in ["datasources/uid/otelctl-otel", "folders/otelctl-otel"] {
        assert_eq!(server.get(&format!("/api/{path}")).status, 404, "{path}");
    }
}
