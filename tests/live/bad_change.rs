//! Ten changes that no host can take: each fails with its reason, and the old stack serves on.
//!
//! Clients send all the while, one connection a request and no second try; not one is refused.

use super::applied::{Applied, TAKES_PORT};
use super::clients::{Clients, Traffic};
use super::stand_in::{Fault, StandIn};
use super::world::{Output, Place};
use std::fs;

const COLLECTOR: &str = "config/otel-collector-config.yaml";
const TABLE: &str = "nft --stateless list table inet otelctl_otel";

/// Makes the change while clients send; it must fail so, say so, and leave all as it was.
#[track_caller]
fn fails(stack: &Applied, name: &str, code: i32, says: &[&str], change: impl FnOnce() -> Output) {
    let before = stack.state();
    let clients = Clients::start(stack);
    let seen = change();
    let Traffic { sent, lost, .. } = clients.end();
    assert_eq!(seen.status, code, "{name}: {}{}", seen.stdout, seen.stderr);
    for text in says {
        assert!(seen.stderr.contains(text), "{name}: {}", seen.stderr);
    }
    assert!(sent > 0, "{name}");
    assert_eq!(lost, Vec::<String>::new(), "{name}: of {sent} requests");
    let unread = |state: String| -> Vec<String> { state.lines().map(str::to_owned).collect() };
    assert_eq!(unread(stack.state()), unread(before), "{name}: nothing may change");
}

/// A folder with templates that are changed: file, text, and what is in its place.
fn templates(stack: &Applied, name: &str, edits: &[(&str, &str, &str)]) -> String {
    let (all, own) = (stack.world.dir().join("all"), stack.world.dir().join(name));
    stack.otelctl(&["templates", "-o", &all.display().to_string()]).ok();
    for (file, from, to) in edits {
        let at = if own.join(file).exists() { own.join(file) } else { all.join(file) };
        let text = fs::read_to_string(at).unwrap();
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::create_dir_all(own.join(file).parent().unwrap()).unwrap();
        fs::write(own.join(file), text.replace(from, to)).unwrap();
    }
    own.display().to_string()
}

#[test]
fn a_bad_change_leaves_the_old_stack_serving() {
    let stack = Applied::new("bad-change", "0.91.0");
    let own = |folder: &str| stack.otelctl(&["--templates", folder, "apply"]);

    fails(&stack, "an image that does not exist", 1, &["0.91.1"], || {
        stack.write_profile("0.91.1", "");
        stack.otelctl(&["apply"])
    });
    stack.write_profile("0.91.0", "");

    let refused =
        templates(&stack, "refused", &[(COLLECTOR, "check_interval:", "check_intervall:")]);
    let says = ["refuses its new configuration", "check_intervall", "nothing was changed"];
    fails(&stack, "a collector refuses", 65, &says, || own(&refused));

    let listener = stack.world.spawn_host("exec python3 -m http.server 14317");
    while stack.world.host("ss -ltn | grep -q :14317").status != 0 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    fails(&stack, "a port that is taken", 73, &["14317"], || {
        move_port(&stack);
        stack.otelctl(&["apply"])
    });
    drop(listener);
    stack.write_profile("0.91.0", "");

    // One that passes the checks and is killed is in `live::docker`.
    let limit = "{{ collector.memory.value | compose }}";
    let small = templates(&stack, "small", &[("docker-compose.yaml", limit, "20m")]);
    let says = ["memory_limiter allows 512 MiB of the container's 20 MiB"];
    fails(&stack, "too little memory", 65, &says, || own(&small));

    let from = "endpoint: 0.0.0.0:{{ health_port }}";
    let to = &format!("{from}\n    path: /elsewhere");
    let silent = templates(&stack, "silent", &[(COLLECTOR, from, to)]);
    let says = ["does not start", "was not healthy within 20 s"];
    fails(&stack, "it never gets healthy", 1, &says, || own(&silent));

    let wrong = templates(&stack, "wrong", &[(COLLECTOR, "{{ health_port }}", "{{ absent }}")]);
    fails(&stack, "a wrong template", 65, &["absent"], || own(&wrong));

    let rules = "prometheus/rules/claude-code.rules.yaml";
    let from = "{{ run_seen_expression | yaml }}";
    let bad = templates(&stack, "bad", &[(rules, from, "no_such_function(up)")]);
    let says = ["promtool refuses", "no_such_function"];
    fails(&stack, "promtool refuses", 65, &says, || own(&bad));

    let bin = stack.world.dir().join("bin");
    fs::create_dir(&bin).unwrap();
    let script = "#!/bin/sh\ncase \"$*\" in *--check*) cat >/dev/null; echo 'Error: the kernel \
                  says no' >&2; exit 1;; esac\nPATH=${PATH#*:} exec nft \"$@\"\n";
    fs::write(bin.join("nft"), script).unwrap();
    stack.world.host(&format!("chmod +x '{}'/nft", bin.display())).ok();
    fails(&stack, "the firewall is refused", 1, &["the kernel says no"], || {
        let text = fs::read_to_string(&stack.profile).unwrap();
        fs::write(&stack.profile, text.replace("10.10.10.0/24", "10.10.11.0/24")).unwrap();
        run(&stack, &format!("PATH='{}':\"$PATH\"", bin.display()))
    });
    stack.write_profile("0.91.0", "");

    fails(&stack, "the folder cannot be written", 1, &["Read-only file system"], || {
        stack.write_profile("0.155.0", "");
        let folder = stack.directory().display().to_string();
        // The lock can be taken, and no file be replaced.
        let mounts = format!(
            "for d in config prometheus; do mount --bind '{folder}'/$d '{folder}'/$d && \
             mount -o remount,ro,bind '{folder}'/$d; done"
        );
        run(&stack, &format!("exec unshare --mount sh -c \"{mounts}; exec \\\"\\$@\\\"\" sh"))
    });
    stack.write_profile("0.91.0", "");
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
    a_swap_that_fails_is_taken_back(&stack);
}

/// Somebody takes a port after the plan was made: files and firewall have changed by then.
fn a_swap_that_fails_is_taken_back(stack: &Applied) {
    let before = (stack.containers(), stack.contents(), stack.world.host(TABLE).ok());
    move_port(stack);
    let _listener = stack.world.spawn_host(TAKES_PORT);
    let seen = stack.otelctl(&["apply"]);
    assert_eq!(seen.status, 76, "{}{}", seen.stdout, seen.stderr);
    for text in ["the previous container is back and healthy", "is as it was again"] {
        assert!(seen.stderr.contains(text), "{}", seen.stderr);
    }
    let after = (stack.containers(), stack.contents(), stack.world.host(TABLE).ok());
    assert_eq!(after, before);
    stack.write_profile("0.91.0", "");
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
    stack.otelctl(&["verify"]).ok();
}

/// Has the profile ask for another port.
fn move_port(stack: &Applied) {
    let text = fs::read_to_string(&stack.profile).unwrap();
    let key = "profile::otel_collector::otel_grpc_port";
    let kept = text.lines().filter(|line| !line.starts_with(key));
    let kept: Vec<&str> = kept.collect();
    fs::write(&stack.profile, format!("{}\n{key}: 14317\n", kept.join("\n"))).unwrap();
}

/// Runs `otelctl apply` on the host behind what a shell starts it with.
fn run(stack: &Applied, before: &str) -> Output {
    let (program, profile) = (env!("CARGO_BIN_EXE_otelctl"), stack.profile.display());
    stack.world.host(&format!("{before} '{program}' --profile '{profile}' apply"))
}

#[test]
fn a_grafana_that_fails_half_way_costs_the_collector_nothing() {
    let stack = Applied::new("bad-grafana", "0.91.0");
    let grafana = StandIn::start(&stack.world, Place::Host, "12");
    let token = stack.world.dir().join("token");
    fs::write(&token, grafana.token("Admin")).unwrap();
    let more = format!(
        "otelctl::grafana::mode: external\notelctl::grafana::url: {}\n\
         otelctl::grafana::token: file:{}\n",
        grafana.url,
        token.display()
    );
    stack.write_profile("0.91.0", &more);
    grafana.fail(Fault::status(500).on("POST", "/api/dashboards").after(1).times(-1));
    let containers = stack.containers();
    let clients = Clients::start(&stack);
    let seen = stack.otelctl(&["apply"]);
    let Traffic { sent, lost, .. } = clients.end();
    assert_eq!(seen.status, 76, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("500"), "{}", seen.stderr);
    assert!(sent > 0 && lost.is_empty(), "{lost:?}");
    assert_eq!(stack.containers(), containers);
    grafana.reset();
    stack.otelctl(&["apply"]).ok();
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
}
