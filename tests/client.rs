//! `verify --client` on a developer's machine: the environment and the settings files that
//! Claude Code itself would read.

#![cfg(test)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SETTINGS: &str = r#"{
  "env": {
    "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
    "OTEL_METRICS_EXPORTER": "otlp",
    "OTEL_LOGS_EXPORTER": "otlp",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
    "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer hunter2"
  }
}"#;

/// A machine with a home and a project; otelctl sees nothing else of this one.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        let machine = Self(tempfile::tempdir().expect("a folder"));
        for folder in ["home/.claude", "project/.claude"] {
            fs::create_dir_all(machine.path(folder)).expect("a folder");
        }
        machine
    }

    fn path(&self, below: &str) -> std::path::PathBuf {
        self.0.path().join(below)
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).expect("write a file");
    }

    fn verify(&self, environment: &[(&str, &str)], arguments: &[&str]) -> (i32, String) {
        let mut otelctl = Command::new(env!("CARGO_BIN_EXE_otelctl"));
        otelctl.env_clear().env("HOME", self.path("home")).envs(environment.iter().copied());
        otelctl.current_dir(self.path("project")).args(["verify", "--client"]).args(arguments);
        let Output { status, stdout, stderr } = otelctl.output().expect("run otelctl");
        let told = [stdout, stderr].concat();
        (status.code().unwrap_or(-1), String::from_utf8(told).expect("text"))
    }
}

#[test]
fn it_reads_what_claude_code_would_read() {
    // What this machine manages would beat everything.
    assert!(!Path::new("/etc/claude-code").exists(), "this machine has managed settings");
    let machine = Machine::new();
    let (code, told) = machine.verify(&[], &["--offline"]);
    assert_eq!(code, 78, "{told}");
    assert!(told.contains("`CLAUDE_CODE_ENABLE_TELEMETRY` is not set"), "{told}");

    machine.write("home/.claude/settings.json", SETTINGS);
    let (code, told) = machine.verify(&[], &["--offline"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("http/json to http://127.0.0.1:4318"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");

    // Settings beat the shell.
    let (code, told) = machine.verify(&[("CLAUDE_CODE_ENABLE_TELEMETRY", "0")], &["--offline"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("is overridden by user settings"), "{told}");

    machine.write(
        "project/.claude/settings.json",
        "{\"env\": {\"OTEL_SERVICE_NAME\": \"x\",\n\"OTEL_LOGS_EXPORTER\": \"none\"}}",
    );
    let (code, told) = machine.verify(&[], &["--offline"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("ignores `OTEL_LOGS_EXPORTER` in project settings"), "{told}");
    assert!(told.contains("--> .claude/settings.json:2:1"), "{told}");

    machine.write(
        "project/.claude/settings.local.json",
        "{\"env\": {\"OTEL_METRIC_EXPORT_INTERVAL\": 0}}",
    );
    let (code, told) = machine.verify(&[], &["--offline"]);
    assert_eq!(code, 78, "{told}");
    assert!(told.contains("--> .claude/settings.local.json:1:10"), "{told}");

    // Another home for settings.
    let elsewhere = machine.path("project");
    let elsewhere = elsewhere.to_str().expect("a path in UTF-8");
    let (code, told) = machine.verify(&[("CLAUDE_CONFIG_DIR", elsewhere)], &["--offline"]);
    assert_eq!(code, 78, "{told}");
    assert!(told.contains("`CLAUDE_CODE_ENABLE_TELEMETRY` is not set"), "{told}");
}

#[test]
fn what_the_receiver_says_is_told_without_the_token() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    // A proxy that wants another token, and quotes the one it got.
    let proxy = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = Vec::new();
        let mut chunk = [0; 4096];
        while !String::from_utf8_lossy(&request).contains("Bearer hunter2") {
            let read = stream.read(&mut chunk).expect("a request");
            assert!(read > 0, "no token: {}", String::from_utf8_lossy(&request));
            request.extend_from_slice(&chunk[..read]);
        }
        let body = "not Bearer hunter2";
        let answer =
            format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(answer.as_bytes()).expect("an answer");
        // What is still on its way must not reset the connection.
        let _ = stream.shutdown(std::net::Shutdown::Write);
        while stream.read(&mut chunk).is_ok_and(|read| read > 0) {}
        String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned()
    });
    let machine = Machine::new();
    machine.write("home/.claude/settings.json", &SETTINGS.replace("4318", &port.to_string()));
    let (code, told) = machine.verify(&[], &[]);
    assert_eq!(proxy.join().expect("the proxy"), "POST /v1/metrics HTTP/1.1");
    assert_eq!(code, 78, "{told}");
    assert!(told.contains("answers 401 Unauthorized") && told.contains("(hidden)"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}
