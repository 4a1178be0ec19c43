//! `apply` is killed at its writes, one after the other, and its host fails under it: each time
//! the next `apply` reaches what the profile says, and nobody else's things are touched.

mod host;
mod point;

use super::applied::Applied;
use super::bench::long;
use super::clients::{Clients, Traffic};
use host::{kept, ours, settle_strangers};
use point::Point;
use std::fmt::Write as _;

/// How many points the short form takes, evenly spread over both ways.
const SHORT: usize = 8;

/// The same of the long form.
const LONG: usize = 48;

/// The two ends of the way: another memory, retention, network and interval.
fn write(stack: &Applied, other: bool) {
    if !other {
        return stack.write_profile("0.91.0", "");
    }
    let more = "profile::otel_collector::memory_limit_mib: 600\n\
                profile::otel_collector::const_labels: {site: b}\n\
                otelctl::prometheus::retention: 300d\n";
    stack.write_profile("0.91.0", more);
    let text = std::fs::read_to_string(&stack.profile).unwrap();
    std::fs::write(&stack.profile, text.replace("10.10.10.0/24", "10.10.0.0/16")).unwrap();
}

/// Finishes what was begun, and compares with how it should be.
#[track_caller]
fn converges(stack: &Applied, told: &str, expected: &str, others: &str) {
    let seen = stack.otelctl(&["apply"]);
    assert_eq!(seen.status, 0, "{told}: {}{}", seen.stdout, seen.stderr);
    let left = stack.otelctl(&["plan", "--detailed-exitcode"]);
    assert_eq!(left.status, 0, "{told}: {}", left.stdout);
    assert_eq!(lines(&ours(stack)), lines(expected), "{told}");
    assert_eq!(lines(&kept(stack)), lines(others), "{told}");
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
fn killed_at_any_write_the_next_apply_arrives() {
    let stack = Applied::new("faults", "0.91.0");
    settle_strangers(&stack);
    let others = kept(&stack);
    // There and back again: the record of each way, and where it ends.
    let mut ways = Vec::new();
    for other in [true, false] {
        write(&stack, other);
        let points = Point::all(&stack);
        assert!(points.len() > 20, "{points:?}");
        ways.push((other, points, ours(&stack)));
    }
    assert_eq!(kept(&stack), others);

    let wanted = if long() { LONG } else { SHORT };
    let (mut rows, mut killed) = (String::new(), 0);
    for index in 0..wanted {
        // The ways take turns, so that each begins where the other ends.
        let (other, points, expected) = &ways[index % 2];
        let at = (index / 2) * points.len() / (wanted / 2);
        let point = &points[at];
        write(&stack, *other);
        let clients = Clients::start(&stack);
        let cut = point.kill(&stack);
        converges(&stack, &format!("{point:?}"), expected, &others);
        let Traffic { sent, lost, longest } = clients.end();
        killed += usize::from(cut);
        let way = if *other { "A→B" } else { "B→A" };
        let lost = lost.len();
        let _ = writeln!(
            rows,
            "| {way} | {} {} | {cut} | {sent} | {lost} | {longest:.2} |",
            point.told, point.number
        );
    }
    println!(
        "| way | killed at | was | requests | lost | longest gap, s |\n|---|---|---|---|---|---|\n{rows}"
    );
    assert!(killed * 10 >= wanted * 8, "{killed} of {wanted} were killed");
    assert!(!long() || killed >= 40, "{killed}");
}

#[test]
fn a_host_that_fails_under_an_apply_is_recovered_from() {
    let stack = Applied::new("faults-host", "0.91.0");
    settle_strangers(&stack);
    let others = kept(&stack);
    write(&stack, true);
    stack.otelctl(&["apply"]).ok();
    let expected = ours(&stack);
    let back = || {
        write(&stack, false);
        stack.otelctl(&["apply"]).ok();
        write(&stack, true);
    };

    // Docker goes while the trial runs, and comes back with the old stack.
    back();
    let before = stack.contents();
    let apply = stack.world.spawn_host(&format!(
        "'{}' --profile '{}' apply; echo $? > '{}'",
        env!("CARGO_BIN_EXE_otelctl"),
        stack.profile.display(),
        stack.world.dir().join("code").display()
    ));
    let trial = "docker ps --format '{{.Names}}' | grep -q otel-collector-trial";
    stack.world.host(&format!("until {trial}; do sleep 0.05; done")).ok();
    stack.world.stop_docker();
    let code = stack.world.dir().join("code").display().to_string();
    stack.world.host(&format!("until test -s '{code}'; do sleep 0.1; done")).ok();
    drop(apply);
    assert_eq!(std::fs::read_to_string(&code).unwrap().trim(), "69", "unreachable");
    assert_eq!(stack.contents(), before, "nothing was written yet");
    stack.world.start_docker();
    converges(&stack, "Docker restarted", &expected, &others);

    // The disk is full: what was written is taken back.
    back();
    let (folder, before) = (stack.directory().display().to_string(), stack.contents());
    let (program, profile) = (env!("CARGO_BIN_EXE_otelctl"), stack.profile.display());
    let full = format!(
        "mount -t tmpfs -o size=200k tmpfs /mnt && cp -a '{folder}'/prometheus/. /mnt && \
         mount --bind /mnt '{folder}/prometheus' && \
         (dd if=/dev/zero of=/mnt/fill bs=1k 2>/dev/null; true) && \
         exec '{program}' --profile '{profile}' apply"
    );
    let full = full.replace('\'', "'\\''");
    let seen = stack.world.host(&format!("unshare --mount sh -c '{full}'"));
    assert!([1, 76].contains(&seen.status), "{seen:?}");
    assert!(seen.stderr.contains("No space left on device"), "{seen:?}");
    assert_eq!(stack.contents(), before, "taken back");
    converges(&stack, "the disk was full", &expected, &others);

    if !long() {
        return;
    }
    // Prometheus is down: nobody scrapes, and nobody waits for it.
    back();
    stack.world.host("docker kill otel-prometheus").ok();
    converges(&stack, "Prometheus down", &expected, &others);

    // Clocks that are wrong, for otelctl alone.
    for step in ["-400d", "+400d"] {
        back();
        let preload = "LD_PRELOAD=$(ls /usr/lib/*/faketime/libfaketime.so.1) \
                       FAKETIME_DONT_FAKE_MONOTONIC=1";
        let apply = format!("'{program}' --profile '{profile}' apply");
        let seen = stack.world.host(&format!("export {preload} FAKETIME={step}; exec {apply}"));
        assert_eq!(seen.status, 0, "{step}: {seen:?}");
        converges(&stack, &format!("clock {step}"), &expected, &others);
    }
}
