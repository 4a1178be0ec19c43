//! A template of the user's own changes what is applied.

use super::applied::Applied;
use super::world::Place;
use std::fs;

#[test]
fn an_own_template_is_what_runs() {
    let stack = Applied::prepare("templates", "0.91.0");
    stack.write_profile("0.91.0", "otelctl::prometheus::mode: none\n");
    let own = stack.world.dir().join("own");
    let own = own.to_str().expect("a path in UTF-8");
    stack.otelctl(&["templates", "-o", own]).ok();
    let file = format!("{own}/config/otel-collector-config.yaml");
    let text = fs::read_to_string(&file).expect("a template");
    let changed = text.replace("level: info", "level: debug  # ours");
    assert_ne!(changed, text);
    fs::write(&file, changed).expect("write a template");

    stack.otelctl(&["apply"]).ok();
    let before = stack.containers();
    let log = || stack.world.host("docker logs otel-collector 2>&1 | grep -c debug || true").ok();
    assert_eq!(log(), "0");
    let with = |arguments: &[&str]| stack.otelctl(&[&["--templates", own], arguments].concat());
    let pending = with(&["plan", "--detailed-exitcode"]);
    assert_eq!(pending.status, 2, "{}", pending.stderr);
    assert!(pending.stdout.contains("level: debug"), "{}", pending.stdout);
    with(&["apply"]).ok();
    assert_ne!(stack.containers(), before, "the collector reads its configuration once");
    assert_eq!(with(&["plan", "--detailed-exitcode"]).status, 0);
    assert_ne!(log(), "0");
    with(&["verify"]).ok();

    // A mistake touches nothing.
    let state = stack.state();
    fs::write(&file, "# Written by otelctl\n{{ absent }}\n").expect("write a template");
    for command in ["apply", "destroy", "verify"] {
        let failed = with(&[command]);
        assert_eq!(failed.status, 65, "{command}: {}", failed.stderr);
        assert!(failed.stderr.contains(&format!("{file}:2:1")), "{}", failed.stderr);
    }
    assert_eq!(stack.state(), state);
    assert_eq!(stack.world.http_get(Place::Host, "http://localhost:13133").status, 200);
}
