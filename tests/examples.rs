//! What lies beside the examples' profiles works as it stands.

#![cfg(test)]

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn text(output: &Output) -> String {
    let bytes = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(bytes).expect("text")
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    let done = Command::new("git").current_dir(folder).args(identity).args(arguments).output();
    let done = done.expect("run git");
    assert!(done.status.success(), "{arguments:?}: {}", text(&done));
}

/// A repository with the CI example's profile as its first commit.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let example = Path::new(ROOT).join("examples/ci/profile.yaml");
    fs::copy(example, folder.path().join("profile.yaml")).expect("copy the profile");
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message=profile: a stack"]);
    folder
}

/// Runs the script as CI does: no secrets, no Docker, hardly an environment.
fn render_diff(repository: &Path) -> Output {
    Command::new(Path::new(ROOT).join("examples/ci/render-diff.sh"))
        .args(["main", "profile.yaml"])
        .current_dir(repository)
        .env_clear()
        .env("PATH", env::var_os("PATH").expect("a PATH"))
        .env("OTELCTL", env!("CARGO_BIN_EXE_otelctl"))
        .output()
        .expect("run the script")
}

#[test]
fn ci_shows_what_a_change_of_the_profile_does() {
    let repository = repository();
    let profile = repository.path().join("profile.yaml");
    let same = render_diff(repository.path());
    assert_eq!((same.status.code(), same.stdout.as_slice()), (Some(0), &b"nothing changes\n"[..]));

    let before = fs::read_to_string(&profile).expect("the profile");
    let change = "profile::otel_collector::batch_timeout: 5s\n";
    fs::write(&profile, before.clone() + change).expect("write");
    let changed = render_diff(repository.path());
    let shown = text(&changed);
    assert_eq!(changed.status.code(), Some(2), "{shown}");
    assert!(shown.contains("+    timeout: 5s"), "{shown}");
    assert!(shown.contains("--- before/config/otel-collector-config.yaml"), "{shown}");

    fs::write(&profile, before + "otelctl::grafana::tokem: x\n").expect("write");
    let wrong = render_diff(repository.path());
    assert_eq!(wrong.status.code(), Some(65), "{}", text(&wrong));
    assert!(text(&wrong).contains("did you mean `otelctl::grafana::token`?"), "{}", text(&wrong));
}
