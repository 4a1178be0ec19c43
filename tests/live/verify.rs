//! `verify` against real collectors and a real Prometheus: all is well, or the right hop is named.

use super::telemetry::{Telemetry, VERSIONS};
use otelctl::artifact::path;
use otelctl::diagnostic::{Diagnostic, Kind};
use otelctl::stack::{METRICS, Stack};
use otelctl::verify::{self, Check, Outcome};

/// All checks but Grafana's, which has tests of its own.
fn run(stack: &Stack) -> Vec<Check> {
    let stack = Stack { grafana: None, ..stack.clone() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(verify::run(&stack, &|_| None, &|_| ()))
}

/// One letter a check: passed, failed, not reached.
fn letters(checks: &[Check]) -> String {
    let letters = checks.iter().map(|check| {
        let letter = match &check.outcome {
            Outcome::Passed { .. } => "passed",
            Outcome::Failed(_) => "FAILED",
            Outcome::NotReached => "not reached",
        };
        format!("{}: {letter}", check.name)
    });
    letters.collect::<Vec<_>>().join(", ")
}

fn failure<'a>(checks: &'a [Check], name: &str) -> &'a Diagnostic {
    let check = checks.iter().find(|check| check.name == name).expect(name);
    let Outcome::Failed(error) = &check.outcome else { panic!("{name} has not failed") };
    assert_eq!(error.kind, Kind::Verify);
    assert!(error.hint.is_some() && !error.causes.is_empty(), "{error:?}");
    error
}

const ALL_WELL: &str = "health: passed, receiver grpc: passed, receiver http: passed, \
                        exporter: passed, prometheus: passed";

#[test]
fn a_running_stack_passes_and_makes_no_new_series_the_second_time() {
    for version in VERSIONS {
        Telemetry::alone(version, |telemetry| {
            telemetry.start_collector();
            telemetry.start_prometheus();
            let series = || {
                let page =
                    telemetry.wire().get("127.0.0.1:8889", "/metrics").expect("the exporter");
                page.body.lines().filter(|line| line.contains("otelctl-verify")).count()
            };
            let checks = run(&telemetry.stack);
            assert_eq!(letters(&checks), ALL_WELL, "{version}: {checks:#?}");
            let first = series();
            // The model has a price; tokens are of four types and lines of two.
            assert_eq!(first, METRICS.len() - 1 + 3 + 1);
            let checks = run(&telemetry.stack);
            assert_eq!(letters(&checks), ALL_WELL, "{version}: {checks:#?}");
            assert_eq!(series(), first);
            // A new run of the collector begins at 0, and Prometheus still has the old one.
            telemetry.start_collector();
            let checks = run(&telemetry.stack);
            assert_eq!(letters(&checks), ALL_WELL, "{version}: {checks:#?}");
        });
    }
}

#[test]
fn a_stopped_collector_fails_at_the_first_hops() {
    Telemetry::alone(VERSIONS[0], |telemetry| {
        telemetry.start_prometheus();
        let checks = run(&telemetry.stack);
        assert_eq!(
            letters(&checks),
            "health: FAILED, receiver grpc: FAILED, receiver http: FAILED, \
             exporter: not reached, prometheus: not reached"
        );
        for name in ["health", "receiver grpc", "receiver http"] {
            let error = failure(&checks, name);
            assert!(error.causes.concat().contains("Connection refused"), "{error:?}");
        }
    });
}

#[test]
fn a_wrong_port_names_its_receiver() {
    Telemetry::alone(VERSIONS[1], |telemetry| {
        telemetry.start_collector();
        let mut stack = telemetry.stack.clone();
        stack.prometheus = None;
        let set = |stack: &mut Stack, name: &str, host: u16| {
            let port = stack.ports.iter_mut().find(|port| port.name == name).expect(name);
            port.host.value = host;
        };
        // The health check answers there, and speaks neither OTLP nor HTTP/2.
        set(&mut stack, "http", 13133);
        let checks = run(&stack);
        assert_eq!(
            letters(&checks),
            "health: passed, receiver grpc: passed, receiver http: FAILED, exporter: not reached"
        );
        assert!(failure(&checks, "receiver http").message.contains(":13133"));
        set(&mut stack, "http", 4318);
        set(&mut stack, "grpc", 13133);
        let checks = run(&stack);
        assert_eq!(
            letters(&checks),
            "health: passed, receiver grpc: FAILED, receiver http: passed, exporter: passed"
        );
        // The health check is no page of metrics.
        set(&mut stack, "grpc", 4317);
        set(&mut stack, "metrics", 13133);
        let checks = run(&stack);
        assert_eq!(
            letters(&checks),
            "health: passed, receiver grpc: passed, receiver http: passed, exporter: FAILED"
        );
    });
}

#[test]
fn a_pipeline_that_loses_names_the_counters() {
    for version in VERSIONS {
        Telemetry::alone(version, |telemetry| {
            let config = telemetry.rendered(path::COLLECTOR);
            let broken =
                config.replace("cache_read_tokens\"]) > 0", "cache_read_tokens\"]) > 9999");
            assert_ne!(config, broken);
            telemetry.start_collector_with(&broken);
            let checks = run(&telemetry.stack);
            assert_eq!(
                letters(&checks),
                "health: passed, receiver grpc: passed, receiver http: passed, \
                 exporter: FAILED, prometheus: not reached"
            );
            let error = failure(&checks, "exporter");
            assert_eq!(error.causes.len(), 2, "{error:?}");
            assert!(
                error.causes[0].starts_with("`claude_cache_hits_total` grew by 0 "),
                "{error:?}"
            );
            assert!(
                error.causes[1].starts_with("`claude_cache_misses_total` grew by "),
                "{error:?}"
            );
        });
    }
}

#[test]
fn a_prometheus_that_does_not_scrape_tells_why() {
    Telemetry::alone(VERSIONS[1], |telemetry| {
        telemetry.start_collector();
        let config = telemetry.rendered(path::PROMETHEUS);
        let broken = config.replace("localhost:8889", "localhost:8890");
        assert_ne!(config, broken);
        telemetry.start_prometheus_with(&broken);
        let checks = run(&telemetry.stack);
        let error = failure(&checks, "prometheus");
        assert!(error.causes[0].starts_with("`claude_sessions_total` is missing"), "{error:?}");
        let last = error.causes.last().expect("a cause");
        assert!(
            last.contains("localhost:8890") && last.contains("connection refused"),
            "{error:?}"
        );
        let hops = "health: passed, receiver grpc: passed, receiver http: passed, \
                    exporter: passed, prometheus: FAILED";
        assert_eq!(letters(&checks), hops);
    });
}

#[test]
fn a_prometheus_that_is_not_there_is_named() {
    Telemetry::alone(VERSIONS[0], |telemetry| {
        telemetry.start_collector();
        let checks = run(&telemetry.stack);
        let error = failure(&checks, "prometheus");
        assert!(error.message.contains("http://127.0.0.1:9090"), "{error:?}");
        assert!(error.causes.concat().contains("Connection refused"), "{error:?}");
    });
}
