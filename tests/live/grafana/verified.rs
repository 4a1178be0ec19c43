//! The last hop of `verify`: real collectors and a real Prometheus behind the data source.

use serde_json::json;

use crate::live::stand_in::{Fault, PASSWORD, RELEASES, StandIn};
use crate::live::telemetry::{Telemetry, VERSIONS};
use otelctl::diagnostic::{Diagnostic, Kind};
use otelctl::stack::Stack;
use otelctl::verify::{self, Check, Outcome};

fn external() -> String {
    format!(
        "otelctl::grafana::mode: external\notelctl::grafana::url: http://127.0.0.1:3000\n\
         otelctl::grafana::username: admin\notelctl::grafana::password: {PASSWORD}\n"
    )
}

fn run(stack: &Stack) -> Vec<Check> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(verify::run(stack, &|_| None, &|_| ()))
}

/// The last check, after all others have passed.
#[track_caller]
fn last(checks: &[Check]) -> &Check {
    let (last, before) = checks.split_last().expect("checks");
    assert!(before.iter().all(|check| check.outcome.is_passed()), "{checks:#?}");
    assert_eq!(last.name, "grafana");
    last
}

#[track_caller]
fn failure(stack: &Stack) -> Diagnostic {
    let checks = run(stack);
    let Outcome::Failed(error) = last(&checks).outcome.clone() else { panic!("{checks:#?}") };
    assert_eq!(error.kind, Kind::Verify);
    assert!(error.hint.is_some() && !error.causes.is_empty(), "{error:#?}");
    assert!(!format!("{error:?}").contains(PASSWORD), "{error:#?}");
    error
}

#[test]
fn the_data_source_shows_what_was_counted() {
    for release in RELEASES {
        Telemetry::alone_with(VERSIONS[1], &external(), |telemetry| {
            telemetry.start_collector();
            telemetry.start_prometheus();
            let server = StandIn::here(release);
            let stack = &mut telemetry.stack;
            let grafana = stack.grafana.as_mut().expect("a Grafana");
            grafana.url.value.clone_from(&server.url);
            let source = json!({"uid": "theirs", "name": "Prometheus", "type": "prometheus",
                "access": "proxy", "url": "http://127.0.0.1:9090"});
            server.post("/api/datasources", &source).ok();
            let checks = run(stack);
            let Outcome::Passed { detail } = &last(&checks).outcome else { panic!("{checks:#?}") };
            assert!(detail.contains("data source `Prometheus`"), "{detail}");
        });
    }
}

#[test]
fn the_hop_that_fails_is_named() {
    Telemetry::alone_with(VERSIONS[1], &external(), |telemetry| {
        telemetry.start_collector();
        telemetry.start_prometheus();
        let mut server = StandIn::here("12");
        let stack = &mut telemetry.stack;
        let grafana = stack.grafana.as_mut().expect("a Grafana");
        grafana.url.value.clone_from(&server.url);
        assert!(failure(stack).message.contains("no data source `Prometheus`"));

        // It shows another Prometheus, which nobody has filled.
        let source = json!({"uid": "otelctl-otel", "name": "Prometheus", "type": "prometheus",
            "access": "proxy", "url": "http://127.0.0.1:9"});
        server.post("/api/datasources", &source).ok();
        assert!(failure(stack).message.contains("data source `Prometheus`"));

        server.fail(Fault::status(401).on("GET", "/api/datasources").times(-1));
        assert!(failure(stack).message.contains("401"));
        server.reset();
        server.fail(Fault::html().on("GET", "/api/datasources").times(-1));
        assert!(failure(stack).message.contains("nonsense"));
        server.stop();
        assert!(failure(stack).causes.concat().contains("Connection refused"));
    });
}
