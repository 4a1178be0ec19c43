//! Logs and traces go on to any OTLP endpoint, as they came, and cost no count.
//!
//! A second collector plays the endpoint: it takes OTLP with basic authorization alone and
//! writes down what it gets. All of it with labels that are only counted by.

use super::labels::{Counted, Member, Sent, add_recordings_of};
use super::otlp::{Connection, replay};
use super::telemetry::{Telemetry, VERSIONS, program};
use super::world::Running;
use otelctl::artifact::path;
use otelctl::secret::Secret;
use otelctl::stack::{ExtraLabel, VERIFY_SERVICE};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const USER: &str = "otelctl";
const PASSWORD: &str = "made-up-token";
const FILE: &str = "forward-authorization";
const RECEIVER: &str = "127.0.0.1:4318";
const GRPC: u16 = 25317;
const HTTP: u16 = 25318;
const LIMIT: Duration = Duration::from_secs(10);

/// The endpoint, and what it got.
struct Endpoint {
    _process: Running,
    logs: PathBuf,
    traces: PathBuf,
}

/// Log records and spans, each as the sorted names of its attributes.
#[derive(Debug, Default, PartialEq)]
struct Kept {
    logs: Vec<String>,
    spans: Vec<String>,
}

impl Endpoint {
    fn start(telemetry: &Telemetry, version: &str) -> Self {
        let folder = telemetry.file("");
        let (logs, traces) = (folder.join("logs.json"), folder.join("traces.json"));
        let config = folder.join("endpoint.yaml");
        let file = |path: &Path| format!("{{path: '{}', flush_interval: 100ms}}", path.display());
        let text = format!(
            "extensions: {{basicauth/server: {{htpasswd: {{inline: '{USER}:{PASSWORD}'}}}}}}\n\
             receivers:\n  otlp:\n    protocols:\n\
             \x20     grpc: {{endpoint: '127.0.0.1:{GRPC}', auth: {{authenticator: basicauth/server}}}}\n\
             \x20     http: {{endpoint: '127.0.0.1:{HTTP}', auth: {{authenticator: basicauth/server}}}}\n\
             exporters:\n  file/logs: {}\n  file/traces: {}\n\
             service:\n  extensions: [basicauth/server]\n\
             \x20 telemetry: {{metrics: {{level: none}}}}\n\
             \x20 pipelines:\n    logs: {{receivers: [otlp], exporters: [file/logs]}}\n\
             \x20   traces: {{receivers: [otlp], exporters: [file/traces]}}\n",
            file(&logs),
            file(&traces)
        );
        fs::write(&config, text).expect("write a configuration");
        let log = fs::File::create(folder.join("endpoint.log")).expect("make a log");
        let mut command = Command::new(program(version));
        let process = Running::start(command.arg("--config").arg(&config).stderr(log));
        let deadline = Instant::now() + Duration::from_secs(30);
        let address = format!("127.0.0.1:{HTTP}");
        while telemetry.wire().get(&address, "/v1/logs").is_err() {
            let log = fs::read_to_string(folder.join("endpoint.log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "the endpoint does not answer:\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { _process: process, logs, traces }
    }

    fn kept(&self) -> Kept {
        let mut kept = Kept::default();
        for file in [&self.logs, &self.traces] {
            let text = fs::read_to_string(file).unwrap_or_default();
            // The last line may be half written.
            text.lines()
                .filter_map(|line| serde_json::from_str(line).ok())
                .for_each(|body: Value| kept.add(&body));
        }
        kept
    }

    #[track_caller]
    fn await_kept(&self, expected: &Kept, name: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.kept() != *expected && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(200));
        }
        let kept = self.kept();
        for (got, wanted) in [(&kept.logs, &expected.logs), (&kept.spans, &expected.spans)] {
            let told = |of: &[String], less: &[String]| {
                of.iter().filter(|keys| !less.contains(keys)).cloned().collect::<Vec<_>>()
            };
            let (more, less) = (told(got, wanted), told(wanted, got));
            assert!(
                got == wanted,
                "{name}: {} came of {}; not as sent: {more:#?}; missing: {less:#?}",
                got.len(),
                wanted.len()
            );
        }
    }
}

impl Kept {
    fn add(&mut self, body: &Value) {
        let (logs, spans) =
            (("resourceLogs", "scopeLogs", "logRecords"), ("resourceSpans", "scopeSpans", "spans"));
        for ((resources, scopes, records), kept) in
            [(logs, &mut self.logs), (spans, &mut self.spans)]
        {
            for resource in items(&body[resources]) {
                for record in items(&resource[scopes]).flat_map(|scope| items(&scope[records])) {
                    let keys =
                        items(&record["attributes"]).map(|a| a["key"].as_str().expect("a key"));
                    let mut keys: Vec<&str> = keys.collect();
                    keys.sort_unstable();
                    kept.push(keys.join(" "));
                }
            }
            kept.sort_unstable();
        }
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn profile(protocol: &str) -> String {
    let port = if protocol == "otlp" { GRPC } else { HTTP };
    format!(
        "otelctl::metric_labels: [type, team, user_email]\notelctl::detail: true\n\
         otelctl::forward::endpoint: 'http://127.0.0.1:{port}'\n\
         otelctl::forward::protocol: {protocol}\notelctl::forward::authorization: env:KEY\n"
    )
}

fn header(password: &str) -> Secret {
    Secret::basic_authorization(USER, &Secret::new(password.to_owned()))
}

fn start(telemetry: &mut Telemetry, password: &str) {
    telemetry.start_collector_with_secret(FILE, &header(password));
}

/// A log record and a span of the sessions that `verify` makes up.
fn canary() -> [(&'static str, Value); 2] {
    let string = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let resource = json!({"attributes": [string("service.name", VERIFY_SERVICE)]});
    let record = json!({"attributes": [string("event.name", "api_request")]});
    let span = json!({"traceId": format!("{:032x}", 7), "spanId": format!("{:016x}", 7),
        "name": "canary", "kind": 1, "startTimeUnixNano": "1", "endTimeUnixNano": "2"});
    [
        (
            "/v1/logs",
            json!({"resourceLogs": [{"resource": resource,
            "scopeLogs": [{"logRecords": [record]}]}]}),
        ),
        (
            "/v1/traces",
            json!({"resourceSpans": [{"resource": resource,
            "scopeSpans": [{"spans": [span]}]}]}),
        ),
    ]
}

/// Sends recordings, people and a canary; says that all is counted exactly, and what the
/// endpoint should get.
fn counted(telemetry: &Telemetry, name: &str) -> Kept {
    let wire = telemetry.wire();
    let labels = ["type", "team", "user_email"].map(ExtraLabel::of);
    let (mut sent, mut kept) = (Sent::new(&labels), Kept::default());
    let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    replay(&wire, RECEIVER, &recordings);
    add_recordings_of(&recordings, |body| {
        sent.add(body);
        kept.add(body);
    });
    let mut connection = Connection::open(&wire, RECEIVER).expect(RECEIVER);
    for (path, body) in (0..6).flat_map(|number| Member::new(number).requests()) {
        connection.send(path, &body);
        sent.add(&body);
        kept.add(&body);
    }
    for (path, body) in canary() {
        connection.send(path, &body);
        sent.add(&body);
    }
    let truth = sent.counted();
    truth.await_equal(LIMIT, name, || Counted::exported(&wire, "127.0.0.1:8889"));
    kept
}

#[test]
fn logs_and_traces_arrive_as_they_came_and_are_counted_exactly() {
    for (version, protocol) in
        VERSIONS.iter().flat_map(|version| [(version, "otlp"), (version, "otlphttp")])
    {
        Telemetry::alone_with(version, &profile(protocol), |telemetry| {
            let endpoint = Endpoint::start(telemetry, version);
            start(telemetry, PASSWORD);
            let name = format!("collector {version}, {protocol}");
            let kept = counted(telemetry, &name);
            endpoint.await_kept(&kept, &name);
            let log = telemetry.log();
            assert!(!log.contains("\terror\t") && !log.contains("deprecated"), "{log}");
        });
    }
}

#[test]
fn an_endpoint_that_is_away_costs_no_count_and_no_record() {
    for version in VERSIONS {
        Telemetry::alone_with(version, &profile("otlphttp"), |telemetry| {
            start(telemetry, PASSWORD);
            let name = format!("collector {version}, no endpoint");
            let kept = counted(telemetry, &name);
            let endpoint = Endpoint::start(telemetry, version);
            endpoint.await_kept(&kept, &name);
        });
    }
}

#[test]
fn an_endpoint_that_refuses_costs_no_count_and_is_told() {
    for version in VERSIONS {
        Telemetry::alone_with(version, &profile("otlphttp"), |telemetry| {
            let endpoint = Endpoint::start(telemetry, version);
            start(telemetry, "another");
            counted(telemetry, &format!("collector {version}, wrong key"));
            telemetry.await_error("401");
            assert_eq!(endpoint.kept(), Kept::default());
        });
    }
}

#[test]
fn one_signal_may_stay() {
    for version in VERSIONS {
        for (kept, dropped) in [("logs", "traces"), ("traces", "logs")] {
            let more = format!(
                "otelctl::metric_labels: [team]\notelctl::forward::endpoint: 127.0.0.1:{GRPC}\n\
                 otelctl::forward::{dropped}: false\n"
            );
            Telemetry::alone_with(version, &more, |telemetry| {
                let config = telemetry.rendered(path::COLLECTOR);
                assert!(config.contains(&format!("{kept}/forward:")), "{config}");
                assert!(!config.contains(&format!("{dropped}/forward:")), "{config}");
                assert_eq!(telemetry.complaint(&config), None, "{version}");
            });
        }
    }
}
