//! `otelctl templates`, and the way back through `--templates`.
#![cfg(test)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const PROFILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/document/profile.yaml");

/// Runs otelctl in a folder.
fn otelctl(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_otelctl"));
    command.current_dir(folder).args(arguments).output().expect("run otelctl")
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[test]
fn the_originals_change_nothing_and_one_that_was_changed_is_not_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    // A relative path, and then the same again.
    let written = text(&otelctl(at, &["templates", "-o", "own/templates"]));
    assert_eq!(text(&otelctl(at, &["templates", "-o", "own/templates"])), written);
    for path in written.lines() {
        assert!(at.join(path).is_file(), "{path}");
    }
    let printed = text(&otelctl(at, &["templates"]));
    assert_eq!(printed.matches("==> ").count(), written.lines().count());
    let plain = text(&otelctl(at, &["--profile", PROFILE, "render"]));
    let with = ["--profile", PROFILE, "--templates", "own/templates", "render"];
    assert_eq!(text(&otelctl(at, &with)), plain);

    let own = at.join("own/templates/.env");
    let changed = fs::read_to_string(&own).expect("a template") + "# ours\n";
    fs::write(&own, &changed).expect("write a template");
    assert!(text(&otelctl(at, &with)).contains("# ours"));
    let refused = otelctl(at, &["templates", "-o", "own/templates"]);
    assert_eq!(refused.status.code(), Some(73));
    assert_eq!(fs::read_to_string(&own).expect("a template"), changed);
}

#[test]
fn each_embedded_template_can_be_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let written = text(&otelctl(at, &["templates", "-o", "originals"]));
    for path in written.lines() {
        let template = path.strip_prefix("originals/").expect("below");
        let own = at.join("own").join(template);
        fs::create_dir_all(own.parent().expect("a folder")).expect("make a folder");
        // Not even YAML, JSON or a unit: whoever reads this one says so.
        fs::write(&own, "{{ \u{1}").expect("write a template");
        let failed = otelctl(at, &["--profile", PROFILE, "--templates", "own", "validate"]);
        let told = String::from_utf8_lossy(&failed.stderr);
        assert_eq!(failed.status.code(), Some(65), "{template}: {told}");
        assert!(told.contains(&format!("own/{template}")), "{template}: {told}");
        fs::remove_file(&own).expect("remove it");
    }
}
