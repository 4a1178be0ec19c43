//! The key of Tempo in a whole stack: it works, nobody sees it, and a new one is taken.

use super::applied::Applied;
use super::otlp::{Wire, send_spans};
use super::telemetry::program;
use super::tempo::{Tempo, USERNAME};
use super::world::{Output, Place};
use otelctl::secret::Secret;
use std::fs;
use std::path::PathBuf;

/// Words that stand nowhere else.
const KEYS: [&str; 2] = ["glc_canary-one-4711", "glc_canary-two-4712"];
const FILE: &str = "secrets/collector/tempo-authorization";

struct Stack {
    applied: Applied,
    key_file: PathBuf,
    said: String,
}

impl Stack {
    fn prepare() -> Self {
        let applied = Applied::prepare("tempo", "0.91.0");
        let key_file = applied.world.dir().join("tempo-key");
        Self { applied, key_file, said: String::new() }
    }

    /// Writes the profile with the key as a literal, `env:NAME` or `file:PATH`.
    fn refer(&self, reference: &str) {
        let c = "profile::otel_collector::";
        let more = format!(
            "{c}enable_grafana_cloud_tempo: true\n\
             {c}grafana_cloud_tempo_endpoint: 'http://10.10.10.1:24317'\n\
             {c}grafana_cloud_tempo_username: {USERNAME}\n\
             {c}grafana_cloud_tempo_api_key: '{reference}'\n\
             otelctl::prometheus::mode: none\n"
        );
        self.applied.write_profile("0.91.0", &more);
    }

    /// Runs otelctl with a key in its environment, and keeps what it said.
    fn run(&mut self, key: &str, arguments: &[&str]) -> Output {
        let mut command = self.applied.world.command(Place::Host);
        command.arg(env!("CARGO_BIN_EXE_otelctl")).arg("--profile").arg(&self.applied.profile);
        let output = Output::of(command.args(arguments).env("TEMPO_KEY", key));
        self.said.push_str(&output.stdout);
        self.said.push_str(&output.stderr);
        output
    }

    fn tempo(&self, key: &str) -> Tempo {
        let world = &self.applied.world;
        let mut command = world.command(Place::Host);
        command.arg(program("0.155.0"));
        Tempo::start(world.dir(), &self.wire(), key, command)
    }

    fn wire(&self) -> Wire {
        Wire::within(&self.applied.world.network(Place::Host))
    }

    /// Everything that others could read of the host.
    fn shown(&self) -> String {
        let directory = self.applied.directory().display().to_string();
        let script = format!(
            "docker inspect $(docker ps -aq) && docker logs otel-collector 2>&1; \
             docker top otel-collector; pid=$(docker inspect -f '{{{{.State.Pid}}}}' otel-collector); \
             tr '\\0' '\\n' </proc/$pid/environ; tr '\\0' '\\n' </proc/$pid/cmdline; \
             find '{directory}' -type f ! -path '*/{FILE}' -exec cat {{}} +"
        );
        self.applied.world.host(&script).ok()
    }
}

#[track_caller]
fn hides(text: &str) {
    for key in KEYS {
        let header = Secret::basic_authorization(USERNAME, &Secret::new(key.to_owned()));
        let encoded = header.expose().trim_start_matches("Basic ").to_owned();
        for secret in [key, &encoded] {
            let at = text.find(secret).map(|at| &text[at.saturating_sub(200)..at]);
            assert_eq!(at, None, "a secret stands after this");
        }
    }
}

#[test]
fn the_key_of_tempo_opens_it_is_seen_nowhere_and_can_be_changed() {
    let mut stack = Stack::prepare();
    let [one, two] = KEYS;
    let first = stack.tempo(one);

    // A key in clear, in the environment, in a file: the same key, so nothing changes.
    stack.refer(one);
    let key = "profile::otel_collector::grafana_cloud_tempo_api_key";
    for arguments in [
        &["validate"][..],
        &["render"],
        &["plan"],
        &["plan", "--format", "json"],
        &["client-env"],
        &["lookup", key],
        &["lookup", key, "--explain"],
        &["lookup", key, "--render-as", "json"],
    ] {
        stack.run("", arguments).ok();
    }
    stack.run("", &["apply"]).ok();
    let path = stack.applied.directory().join(FILE);
    let listed = |stack: &Stack| {
        let folder = path.parent().expect("a folder").display().to_string();
        stack.applied.world.host(&format!("stat -c '%a %u' '{folder}' '{}'", path.display())).ok()
    };
    assert_eq!(listed(&stack), "500 10001\n400 10001");
    fs::write(&stack.key_file, format!("{one}\n")).expect("write the key");
    for reference in ["env:TEMPO_KEY".to_owned(), format!("file:{}", stack.key_file.display())] {
        stack.refer(&reference);
        // Only the comments of the profile's lines differ, and they replace nothing.
        let before = stack.applied.containers();
        stack.run(one, &["apply"]).ok();
        assert_eq!(stack.applied.containers(), before, "{reference}");
        assert_eq!(stack.run(one, &["plan", "--detailed-exitcode"]).status, 0, "{reference}");
    }
    let (mut sent, _) = send_spans(&stack.wire(), "127.0.0.1:4318", 0x1000);
    first.await_spans(&sent);
    hides(&stack.shown());

    // Another key: the collector reads it once, so it must start anew.
    drop(first);
    fs::write(&stack.key_file, two).expect("write the key");
    let pending = stack.run("", &["plan", "--detailed-exitcode"]);
    assert_eq!(pending.status, 2, "{}{}", pending.stdout, pending.stderr);
    for told in [FILE, "docker/container/otel-collector", "its secret changed"] {
        assert!(pending.stdout.contains(told), "{told}: {}", pending.stdout);
    }
    stack.run("", &["plan", "--format", "json"]).ok();
    let before = stack.applied.containers();
    stack.run("", &["apply"]).ok();
    assert_eq!(stack.applied.containers(), before, "restarted, not replaced");
    assert_eq!(stack.run("", &["plan", "--detailed-exitcode"]).status, 0);
    let second = stack.tempo(two);
    // What `verify` makes up is counted, and goes nowhere else.
    stack.run("", &["verify"]).ok();
    let (more, _) = send_spans(&stack.wire(), "127.0.0.1:4318", 0x2000);
    sent = more;
    second.await_spans(&sent);

    // A run that was killed between the file and the restart.
    stack.applied.world.host(&format!("touch '{}'", path.display())).ok();
    let pending = stack.run("", &["plan", "--detailed-exitcode"]);
    assert_eq!(pending.status, 2, "{}", pending.stdout);
    assert!(pending.stdout.contains("its secret changed"), "{}", pending.stdout);
    stack.run("", &["apply"]).ok();
    assert_eq!(stack.run("", &["plan", "--detailed-exitcode"]).status, 0);
    hides(&stack.shown());

    // A key that is not there stops before anything is touched.
    fs::remove_file(&stack.key_file).expect("remove the key");
    let failed = stack.run("", &["apply"]);
    assert_eq!(failed.status, 1, "{}", failed.stderr);
    stack.run("", &["destroy"]).ok();
    assert!(!path.exists(), "the key goes with the stack");
    hides(&stack.said);
}
