//! Traces are counted exactly, and go on to a Tempo that asks who sends them.
//!
//! A second collector plays Tempo: it takes OTLP with basic authorization alone and writes
//! down what it gets.

use super::otlp::{Totals, Wire, replay, send_spans};
use super::telemetry::{Telemetry, VERSIONS, program};
use super::world::Running;
use otelctl::secret::Secret;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Who the stand-in lets in.
pub const USERNAME: &str = "12345";
const API_KEY: &str = "glc_made-up-key";
const FILE: &str = "tempo-authorization";
const HTTP: u16 = 24318;

/// A collector that stands for Tempo.
pub struct Tempo {
    _process: Running,
    received: PathBuf,
}

impl Tempo {
    /// Starts it from a command of the network that it shall listen in, and waits for it.
    pub fn start(directory: &Path, wire: &Wire, api_key: &str, mut command: Command) -> Self {
        let received = directory.join("tempo-received.json");
        let config = directory.join("tempo.yaml");
        let text = format!(
            "extensions:\n  basicauth/server:\n    htpasswd:\n      inline: '{USERNAME}:{api_key}'\n\
             receivers:\n  otlp:\n    protocols:\n\
             \x20     grpc: {{endpoint: '0.0.0.0:24317', auth: {{authenticator: basicauth/server}}}}\n\
             \x20     http: {{endpoint: '0.0.0.0:{HTTP}', auth: {{authenticator: basicauth/server}}}}\n\
             exporters:\n  file: {{path: '{}', flush_interval: 100ms}}\n\
             service:\n  extensions: [basicauth/server]\n\
             \x20 telemetry: {{metrics: {{level: none}}}}\n\
             \x20 pipelines: {{traces: {{receivers: [otlp], exporters: [file]}}}}\n",
            received.display()
        );
        fs::write(&config, text).expect("write a configuration");
        let log = fs::File::create(directory.join("tempo.log")).expect("make a log");
        // With its children: a command of a world is a child of the one that enters it.
        let process = Running::start(command.arg("--config").arg(&config).stderr(log));
        let tempo = Self { _process: process, received };
        let deadline = Instant::now() + Duration::from_secs(30);
        // Whoever comes without a password is sent away: it listens, and it asks.
        while !wire.get(&format!("127.0.0.1:{HTTP}"), "/v1/traces").is_ok_and(|a| a.status != 200) {
            let log = fs::read_to_string(directory.join("tempo.log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "Tempo does not answer:\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
        tempo
    }

    /// The ids of the spans that it got, each as often as it came.
    pub fn spans(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.received).unwrap_or_default();
        let ids = text.split("\"spanId\":\"").skip(1);
        let mut ids: Vec<String> =
            ids.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect();
        ids.sort();
        ids
    }

    /// Waits until it got these spans, each once.
    #[track_caller]
    pub fn await_spans(&self, expected: &BTreeSet<String>) {
        let expected: Vec<String> = expected.iter().cloned().collect();
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.spans().len() < expected.len() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(200));
        }
        assert_eq!(self.spans(), expected);
    }
}

/// Where a collector is told to send traces to by a protocol.
fn profile(protocol: &str) -> String {
    let port = if protocol == "otlp" { 24317 } else { HTTP };
    let keys = [
        ("enable_grafana_cloud_tempo", "true".to_owned()),
        ("grafana_cloud_tempo_endpoint", format!("'http://127.0.0.1:{port}'")),
        ("grafana_cloud_tempo_username", USERNAME.to_owned()),
        ("grafana_cloud_tempo_api_key", "env:TEMPO_KEY".to_owned()),
        ("tempo_protocol", protocol.to_owned()),
    ];
    keys.map(|(key, value)| format!("profile::otel_collector::{key}: {value}\n")).concat()
}

fn tempo(telemetry: &Telemetry, version: &str) -> Tempo {
    Tempo::start(&telemetry.file(""), &telemetry.wire(), API_KEY, Command::new(program(version)))
}

fn start(telemetry: &mut Telemetry, password: &str) {
    let password = Secret::new(password.to_owned());
    let header = Secret::basic_authorization(USERNAME, &password);
    telemetry.start_collector_with_secret(FILE, &header);
}

/// Sends recordings and spans, and says that both are counted exactly.
fn counted(telemetry: &Telemetry, name: &str) -> BTreeSet<String> {
    let wire = telemetry.wire();
    let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut truth = replay(&wire, "127.0.0.1:4318", &recordings);
    let (ids, spans) = send_spans(&wire, "127.0.0.1:4318", 0x1000);
    truth.extend(spans);
    Totals::await_equal(&truth, Duration::from_secs(10), name, || {
        Totals::exported(&wire, "127.0.0.1:8889")
    });
    ids
}

#[test]
fn spans_are_counted_exactly_and_reach_a_tempo_that_asks_for_a_password() {
    for (version, protocol) in
        VERSIONS.iter().flat_map(|version| [(version, "otlp"), (version, "otlphttp")])
    {
        Telemetry::alone_with(version, &profile(protocol), |telemetry| {
            let tempo = tempo(telemetry, version);
            start(telemetry, API_KEY);
            let ids = counted(telemetry, &format!("collector {version}, {protocol}"));
            tempo.await_spans(&ids);
            let log = telemetry.log();
            assert!(!log.contains("\terror\t") && !log.contains("deprecated"), "{log}");
        });
    }
}

#[test]
fn a_tempo_that_is_away_costs_no_count_and_no_span() {
    for version in VERSIONS {
        Telemetry::alone_with(version, &profile("otlp"), |telemetry| {
            start(telemetry, API_KEY);
            let ids = counted(telemetry, &format!("collector {version}, no Tempo"));
            let tempo = tempo(telemetry, version);
            tempo.await_spans(&ids);
        });
    }
}

#[test]
fn a_tempo_that_refuses_costs_no_count_and_is_told() {
    for version in VERSIONS {
        Telemetry::alone_with(version, &profile("otlphttp"), |telemetry| {
            let tempo = tempo(telemetry, version);
            start(telemetry, "another key");
            counted(telemetry, &format!("collector {version}, wrong key"));
            telemetry.await_error("401");
            assert_eq!(tempo.spans(), Vec::<String>::new());
        });
    }
}
