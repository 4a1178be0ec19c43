//! What goes wrong while a configuration is changed: it is put back, and the next apply cures it.

use super::by_hand::{ByHand, CONFIG, DEBIAN, later};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// A rule file that Prometheus does not take.
const BROKEN: &str = "groups:\n- name: house\n  rules:\n  - {record: a, expr: 'sum('}\n";
const SOUND: &str = "groups:\n- name: house\n  rules:\n  - {record: a, expr: 'sum(up)'}\n";

/// A Prometheus with a `promtool` beside it that does what a script says and finds no fault.
fn with_promtool(by_hand: &ByHand, program: &str, script: &str) -> String {
    let folder: PathBuf = by_hand.stack.world.dir().join("bin");
    fs::create_dir_all(&folder).unwrap();
    let promtool = folder.join("promtool");
    fs::write(
        &promtool,
        format!("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\n{script}\nexit 0\n"),
    )
    .unwrap();
    fs::set_permissions(&promtool, fs::Permissions::from_mode(0o755)).unwrap();
    let copy = folder.join("prometheus");
    if !copy.exists() {
        fs::copy(program, &copy).unwrap();
    }
    copy.display().to_string()
}

#[test]
fn what_promtool_refuses_replaces_nothing() {
    let mut by_hand = ByHand::prepare("promtool");
    by_hand.start(DEBIAN, "");
    by_hand.write("rules/a.yml", BROKEN);
    let seen = by_hand.otelctl(&["apply"]);
    assert_eq!(seen.status, 76, "{}{}", seen.stdout, seen.stderr);
    for told in ["promtool refuses", "rules/a.yml", "nothing was replaced"] {
        assert!(seen.stderr.contains(told), "{told}: {}", seen.stderr);
    }
    by_hand.is_as_written(CONFIG);
    by_hand.has_nothing();

    // Everything else is done by now, so that it is the first change of this run.
    let seen = by_hand.otelctl(&["apply"]);
    assert_eq!(seen.status, 73, "{}{}", seen.stdout, seen.stderr);
    by_hand.write("rules/a.yml", SOUND);
    by_hand.otelctl(&["apply"]).ok();
    by_hand.has_the_stack();
    by_hand.is_settled();

    // Taking it out is checked as well; the collector, which it scrapes, goes before that.
    by_hand.write("rules/a.yml", BROKEN);
    let applied = fs::read_to_string(by_hand.config()).unwrap();
    let seen = by_hand.otelctl(&["destroy"]);
    assert_eq!(seen.status, 76, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("promtool refuses"), "{}", seen.stderr);
    by_hand.is_as_written(&applied);
    by_hand.write("rules/a.yml", SOUND);
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(CONFIG);
}

/// Prometheus refuses what promtool has let pass.
fn refused_half_way(name: &str, program: &str, arguments: &str) {
    let mut by_hand = ByHand::prepare(name);
    let program = with_promtool(&by_hand, program, "");
    by_hand.start(&program, arguments);
    by_hand.write("rules/a.yml", BROKEN);
    let seen = by_hand.otelctl(&["apply"]);
    assert_eq!(seen.status, 76, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("is as it was before"), "{}", seen.stderr);
    by_hand.is_as_written(CONFIG);
    by_hand.has_nothing();
    by_hand.write("rules/a.yml", SOUND);
    by_hand.otelctl(&["apply"]).ok();
    by_hand.has_the_stack();
    by_hand.is_settled();
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(CONFIG);
}

#[test]
fn a_refused_signal_puts_the_file_back() {
    refused_half_way("refusedhup", DEBIAN, "");
}

#[test]
fn a_refused_reload_puts_the_file_back() {
    refused_half_way("refusedpost", &later(), "--web.enable-lifecycle");
}

#[test]
fn what_somebody_saves_meanwhile_is_not_overwritten() {
    let mut by_hand = ByHand::prepare("meanwhile");
    let theirs = CONFIG.replacen("of the house", "of the house and the garden", 1);
    let save = format!("cat >'{}' <<'END'\n{theirs}\nEND\n", by_hand.config().display());
    let theirs = format!("{theirs}\n");

    // Saved while promtool reads the candidate.
    let program = with_promtool(&by_hand, DEBIAN, &save);
    by_hand.start(&program, "");
    let seen = by_hand.otelctl(&["apply"]);
    assert_eq!(seen.status, 76, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("being changed by somebody else"), "{}", seen.stderr);
    by_hand.is_as_written(&theirs);

    // Saved after the file was replaced, and before Prometheus refuses it.
    by_hand.write_config(CONFIG);
    by_hand.write("rules/a.yml", BROKEN);
    let replaced = format!("grep -q otelctl:begin '{}'", by_hand.config().display());
    let script = format!("(until {replaced}; do sleep 0.01; done\n{save}) >/dev/null 2>&1 &");
    with_promtool(&by_hand, DEBIAN, &script);
    let seen = by_hand.otelctl(&["apply"]);
    assert_eq!(seen.status, 76, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("is not put back"), "{}", seen.stderr);
    by_hand.is_as_written(&theirs);

    by_hand.write("rules/a.yml", SOUND);
    with_promtool(&by_hand, DEBIAN, "");
    by_hand.otelctl(&["apply"]).ok();
    by_hand.has_the_stack();
    by_hand.is_settled();
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(&theirs);
}

#[test]
fn a_prometheus_that_dies_finds_its_file_as_it_was() {
    let mut by_hand = ByHand::prepare("dies");
    let pid = by_hand.folder().join("pid");
    let script = format!("kill -9 \"$(cat '{}')\"", pid.display());
    let program = with_promtool(&by_hand, DEBIAN, &script);
    by_hand.start(&program, "");
    let seen = by_hand.otelctl(&["apply"]);
    assert_eq!(seen.status, 76, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("is as it was before"), "{}", seen.stderr);
    by_hand.is_as_written(CONFIG);

    // While it is down nothing is planned, and the stack can still go.
    let seen = by_hand.otelctl(&["plan"]);
    assert_eq!(seen.status, 69, "{}{}", seen.stdout, seen.stderr);
    by_hand.start(DEBIAN, "");
    by_hand.otelctl(&["apply"]).ok();
    by_hand.has_the_stack();
    by_hand.stop();
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(CONFIG);
}

#[test]
fn a_killed_run_is_finished_by_the_next() {
    let mut by_hand = ByHand::prepare("killed");
    let program = with_promtool(&by_hand, DEBIAN, "kill -9 $PPID");
    by_hand.start(&program, "--web.enable-lifecycle");
    assert_ne!(by_hand.otelctl(&["apply"]).status, 0);
    assert_eq!(fs::read_to_string(by_hand.config()).unwrap(), CONFIG);
    let half_made = by_hand.folder().join(".prometheus.yml.otelctl-new");
    assert!(half_made.exists(), "killed while promtool reads it");

    // What is left goes, even where the stack is not wanted any more.
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(CONFIG);

    // Killed once the file is replaced, before it is read.
    with_promtool(&by_hand, DEBIAN, "");
    by_hand.otelctl(&["apply"]).ok();
    by_hand.has_the_stack();
    let replaced = fs::read_to_string(by_hand.config()).unwrap();
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(CONFIG);
    by_hand.write_config(&replaced);
    by_hand.has_nothing();
    let plan = by_hand.otelctl(&["plan"]);
    assert!(plan.stdout.contains("has not loaded what its configuration says"), "{plan:?}");

    // Refused by then, what somebody wrote comes back.
    by_hand.write("rules/a.yml", BROKEN);
    let seen = by_hand.otelctl(&["apply"]);
    assert_eq!(seen.status, 76, "{}{}", seen.stdout, seen.stderr);
    by_hand.is_as_written(CONFIG);
    by_hand.has_nothing();

    by_hand.write("rules/a.yml", SOUND);
    by_hand.write_config(&replaced);
    by_hand.otelctl(&["apply"]).ok();
    by_hand.has_the_stack();
    by_hand.is_settled();
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(CONFIG);
}
