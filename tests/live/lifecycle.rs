//! `start`, `stop`, `restart` and `logs`: the stack's own containers and no others.

use super::applied::Applied;
use super::refused::transcript;
use std::fs;
use std::time::{Duration, Instant};

/// The state of each container, by name.
fn states(stack: &Applied) -> String {
    stack.world.host("docker ps -a --format '{{.Names}} {{.State}}' | sort").ok()
}

#[test]
fn the_stacks_own_containers_stop_and_start_and_nobody_elses() {
    let stack = Applied::new("lifecycle", "0.91.0");
    let image = "otel/opentelemetry-collector-contrib:0.91.0";
    stack.world.host(&format!("docker create --name other {image}")).ok();
    let all = |collector: &str, prometheus: &str| {
        format!("otel-collector {collector}\notel-prometheus {prometheus}\nother created")
    };

    stack.otelctl(&["stop"]).ok();
    assert_eq!(states(&stack), all("exited", "exited"));
    // Again, since Puppet may.
    stack.otelctl(&["stop"]).ok();
    stack.otelctl(&["start"]).ok();
    assert_eq!(states(&stack), all("running", "running"));
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0, "it answers, too");

    let ids = stack.containers();
    stack.otelctl(&["stop", "prometheus", "--timeout", "3"]).ok();
    assert_eq!(states(&stack), all("running", "exited"));
    stack.otelctl(&["restart"]).ok();
    assert_eq!(states(&stack), all("running", "running"));
    assert_eq!(stack.containers(), ids, "a restart makes nothing anew");
    stack.world.host("docker pause otel-collector").ok();
    stack.otelctl(&["start", "otel-collector"]).ok();
    assert_eq!(states(&stack), all("running", "running"));
    stack.otelctl(&["verify"]).ok();
}

#[test]
fn what_is_not_there_is_said() {
    let stack = Applied::prepare("absent", "0.91.0");
    for command in ["start", "stop", "restart", "logs"] {
        let seen = stack.otelctl(&[command]);
        assert_eq!(seen.status, 1, "{seen:?}");
        assert!(seen.stderr.contains("stack `otel` has no containers"), "{seen:?}");
        assert!(seen.stderr.contains("hint: `otelctl apply` makes them"), "{seen:?}");
    }
    assert!(!stack.directory().exists(), "nothing is left of the lock");
    transcript(&stack, "no-service", &stack.otelctl(&["restart", "grafana"]));

    stack.otelctl(&["apply"]).ok();
    stack.world.host("docker rm -f otel-prometheus").ok();
    let seen = stack.otelctl(&["start"]);
    assert_eq!(seen.status, 1, "{seen:?}");
    assert!(seen.stderr.contains("service `prometheus` has no container"), "{seen:?}");

    // A container that does not get healthy in its time, and its last words.
    let config = stack.directory().join("config/otel-collector-config.yaml");
    fs::write(&config, "# Written by otelctl\nreceivers: nothing\n").unwrap();
    let seen = stack.otelctl(&["restart", "otel-collector"]);
    assert_eq!(seen.status, 1, "{seen:?}");
    assert!(seen.stderr.contains("container `otel-collector` does not work"), "{seen:?}");
    assert!(seen.stderr.contains("its last log lines:"), "{seen:?}");
}

#[test]
fn a_stop_waits_for_nobody_who_holds_the_lock() {
    let stack = Applied::new("lifelock", "0.91.0");
    let lock = stack.directory().join(".otelctl/lock");
    let _holder = stack.world.spawn_host(&format!("flock '{}' sleep 600", lock.display()));
    let begin = Instant::now();
    while stack.world.host(&format!("flock --nonblock '{}' true", lock.display())).status == 0 {
        assert!(begin.elapsed() < Duration::from_secs(10), "the holder does not hold it");
    }
    for command in ["start", "stop", "restart"] {
        assert_eq!(stack.otelctl(&[command]).status, 75, "{command}");
    }
    assert!(stack.otelctl(&["logs", "--tail", "1"]).ok().contains('|'));
    stack.otelctl(&["status"]).ok();
}

#[test]
fn logs_have_their_services_and_go_on_after_a_restart() {
    let stack = Applied::new("logs", "0.91.0");
    let all = stack.otelctl(&["logs"]).ok();
    let of = |name: &str| all.lines().filter(|line| line.starts_with(name)).count();
    assert!(of("otel-collector |") > 5 && of("prometheus     |") > 5, "{all}");
    assert_eq!(of("otel-collector |") + of("prometheus     |"), all.lines().count(), "{all}");
    let last = stack.otelctl(&["logs", "--tail", "2", "otel-collector"]).ok();
    assert_eq!(last.lines().count(), 2, "{last}");
    assert!(last.ends_with("Everything is ready. Begin running and processing data."), "{last}");
    assert_eq!(stack.otelctl(&["logs", "--since", "soon"]).status, 64);
    let recent = stack.otelctl(&["logs", "--since", "1h"]).ok();
    assert!(recent.lines().count() >= all.lines().count(), "{recent}");

    // Docker restarts it after a crash, `restart` keeps it, an apply makes it anew.
    let file = stack.world.dir().join("followed");
    let _follower = stack.world.spawn_host(&format!(
        "exec '{}' --profile '{}' logs --follow --tail 0 otel-collector >'{}' 2>&1",
        env!("CARGO_BIN_EXE_otelctl"),
        stack.profile.display(),
        file.display()
    ));
    let ready = |count: usize| {
        let begin = Instant::now();
        loop {
            let text = fs::read_to_string(&file).unwrap_or_default();
            let found = text.matches("Everything is ready").count();
            assert!(found <= count && begin.elapsed() < Duration::from_secs(60), "{text}");
            if found == count {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    let attached = "curl -sg --unix-socket $(echo $DOCKER_HOST | cut -c8-) http://d/_ping; \
        ls -l /proc/[0-9]*/fd 2>/dev/null | grep -c followed";
    let begin = Instant::now();
    while stack.world.host(attached).stdout.trim().ends_with("OK0") {
        assert!(begin.elapsed() < Duration::from_secs(20), "the follower does not start");
    }
    let pid = "docker inspect -f '{{.State.Pid}}' otel-collector";
    stack.world.host(&format!("kill -9 $({pid})")).ok();
    ready(1);
    stack.otelctl(&["restart", "otel-collector"]).ok();
    ready(2);
    stack.write_profile("0.91.0", "profile::otel_collector::batch_timeout: 2s\n");
    stack.otelctl(&["apply"]).ok();
    ready(3);
}
