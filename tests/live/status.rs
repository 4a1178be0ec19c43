//! `status` says what is true of the host, and changes nothing.

use super::applied::Applied;
use super::otlp::{Totals, Wire, replay};
use super::refused::transcript;
use super::world::{Output, Place};
use otelctl::stack::METRICS;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

fn status(stack: &Applied) -> (i32, Value) {
    let seen = stack.otelctl(&["status", "--format", "json"]);
    (seen.status, serde_json::from_str(&seen.stdout).unwrap_or_else(|_| panic!("{seen:?}")))
}

fn service<'a>(status: &'a Value, name: &str) -> &'a Value {
    let services = status["services"].as_array().expect("services");
    services.iter().find(|service| service["name"] == name).expect(name)
}

/// What differs from run to run: how long ago something was.
fn timeless(seen: &Output) -> Output {
    let line = |line: &str| match line.split_once(" s  ") {
        Some((start, end)) if line.starts_with("  ") => {
            let name = start.trim_end_matches(|c: char| c.is_ascii_digit());
            format!("{name}… s {}\n", end.trim_start())
        }
        _ => format!("{line}\n"),
    };
    Output { stdout: seen.stdout.lines().map(line).collect(), ..seen.clone() }
}

#[test]
fn a_stack_that_works_and_what_becomes_of_it() {
    let stack = Applied::new("status", "0.91.0");
    let before = stack.state();
    let seen = stack.otelctl(&["status"]);
    assert_eq!(seen.status, 0, "{seen:?}");
    assert!(seen.stdout.lines().all(|line| line.chars().count() <= 80), "{}", seen.stdout);
    transcript(&stack, "status", &timeless(&seen));

    stack.otelctl(&["verify"]).ok();
    let (code, all) = status(&stack);
    assert_eq!((code, &all["well"], &all["pending_changes"]), (0, &true.into(), &0.into()));
    assert_eq!(all["counters"]["claude_sessions_total"], 0.0, "verify's session is no session");
    let prometheus = service(&all, "prometheus");
    let real = stack.world.http_get(Place::Host, "http://127.0.0.1:9090/api/v1/status/buildinfo");
    let real: Value = serde_json::from_str(&real.body).expect("JSON");
    assert_eq!(prometheus["version"], real["data"]["version"]);
    assert_eq!(service(&all, "otel-collector")["version"], "0.91.0");
    assert_eq!(service(&all, "otel-collector")["restarts"], 0);
    assert_eq!(all["firewall"]["loaded"], true);

    // Sessions of the real CLI.
    let wire = Wire::within(&stack.world.network(Place::Host));
    let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let truth = replay(&wire, "127.0.0.1:4318", &recordings);
    Totals::await_equal(&truth, Duration::from_secs(10), "status", || {
        Totals::exported(&wire, "127.0.0.1:8889")
    });
    let (_, all) = status(&stack);
    for metric in &METRICS {
        let shown = all["counters"][metric.name].as_f64().expect(metric.name);
        let difference = (shown - truth.sum(metric.name, |_, _| true)).abs();
        assert!(difference < 1e-9, "{}: {shown}", metric.name);
    }

    assert_ne!(all["counters"]["claude_sessions_total"], 0.0);

    // A crash is seen as a restart, and is well again.
    let pid = "docker inspect -f '{{.State.Pid}}' otel-collector";
    stack.world.host(&format!("kill -9 $({pid})")).ok();
    stack.otelctl(&["start"]).ok();
    let (_, all) = status(&stack);
    assert_eq!(service(&all, "otel-collector")["restarts"], 1, "{all}");
    assert_eq!(stack.otelctl(&["plan"]).status, 0);

    // What should run and does not.
    stack.world.host("docker stop otel-prometheus; nft delete table inet otelctl_otel").ok();
    let (code, all) = status(&stack);
    assert_eq!((code, &all["well"]), (1, &false.into()));
    assert_eq!(service(&all, "prometheus")["state"], "stopped");
    assert_eq!(all["firewall"]["loaded"], false);
    assert!(all["pending_changes"].as_u64().is_some_and(|pending| pending >= 2), "{all}");
    let text = stack.otelctl(&["status"]);
    assert!(text.stdout.contains("changes pending: otelctl plan"), "{text:?}");
    assert!(text.stdout.contains("is MISSING"), "{text:?}");
    stack.otelctl(&["apply"]).ok();
    assert_eq!(status(&stack).0, 0);
    stack.world.host("docker rm -f otel-prometheus").ok();
    assert_eq!(service(&status(&stack).1, "prometheus")["state"], "absent");
    stack.otelctl(&["apply"]).ok();

    let names = |state: &str| {
        state.lines().filter(|line| line.starts_with('/')).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names(&stack.state()), names(&before), "no file was written");
    stack.otelctl(&["destroy"]).ok();
    let (code, all) = status(&stack);
    assert_eq!((code, service(&all, "otel-collector")["state"].as_str()), (1, Some("absent")));
    assert!(!stack.directory().exists(), "no lock, no folder");
    stack.world.stop_docker();
    assert_eq!(stack.otelctl(&["status"]).status, 69);
}
