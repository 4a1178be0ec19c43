//! A client without any SDK: a script that obeys the variables as Claude Code does, and the
//! session that it sends, in each protocol's bytes.

use super::protobuf::Message;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Obeys the variables; what Claude Code does not send, it does not send either.
const SCRIPT: &str = r#"
set -eu
[ "${CLAUDE_CODE_ENABLE_TELEMETRY:-}" = 1 ] || exit 0
[ "$OTEL_SERVICE_NAME" = claude-code ]
send() { # SIGNAL SERVICE
  case ${OTEL_EXPORTER_OTLP_PROTOCOL:-http/protobuf} in
    grpc)
      curl --silent --show-error --fail --max-time 5 --http2-prior-knowledge \
        --header 'content-type: application/grpc' --header 'te: trailers' \
        --data-binary "@$1.grpc" --dump-header "$1.head" --output /dev/null \
        "$OTEL_EXPORTER_OTLP_ENDPOINT/opentelemetry.proto.collector.$1.v1.$2/Export"
      grep -qi '^grpc-status: 0' "$1.head" ;;
    http/protobuf)
      curl --silent --show-error --fail --max-time 5 \
        --header 'content-type: application/x-protobuf' \
        --data-binary "@$1.protobuf" --output /dev/null "$OTEL_EXPORTER_OTLP_ENDPOINT/v1/$1" ;;
    http/json)
      curl --silent --show-error --fail --max-time 5 --header 'content-type: application/json' \
        --data-binary "@$1.json" --output /dev/null "$OTEL_EXPORTER_OTLP_ENDPOINT/v1/$1" ;;
    *) exit 0 ;;
  esac
}
[ "${OTEL_METRICS_EXPORTER:-}" != otlp ] || send metrics MetricsService
[ "${OTEL_LOGS_EXPORTER:-}" != otlp ] || send logs LogsService
"#;

const MODEL: &str = "claude-opus-4-5";

/// Writes what the script sends.
pub struct Sender(PathBuf);

impl Sender {
    /// Puts the script into a folder.
    pub fn new(folder: &Path) -> Self {
        fs::write(folder.join("send"), SCRIPT).expect("write the script");
        Self(folder.to_owned())
    }

    /// Writes a new session: one that is counted, with one request served from the cache.
    pub fn prepare(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
        let now = u64::try_from(now).expect("before 2554");
        let messages = [("metrics", metrics(now)), ("logs", logs(now))];
        for (signal, message) in messages {
            let write = |ending: &str, bytes: &[u8]| {
                fs::write(self.0.join(format!("{signal}.{ending}")), bytes).expect("write");
            };
            write("grpc", &message.framed());
            write("protobuf", &message.finish());
        }
        let (metrics, logs) = as_json(now);
        fs::write(self.0.join("metrics.json"), metrics.to_string()).expect("write");
        fs::write(self.0.join("logs.json"), logs.to_string()).expect("write");
    }
}

/// `KeyValue` with a text.
fn attribute(key: &str, value: &str) -> Message {
    let value = Message::default().text(1, value);
    Message::default().text(1, key).message(2, &value)
}

fn resource() -> Message {
    let resource = Message::default().message(1, &attribute("service.name", "claude-code"));
    resource.message(1, &attribute("service.version", "2.1.330"))
}

/// `ExportMetricsServiceRequest`.
fn metrics(now: u64) -> Message {
    let point = Message::default()
        .fixed64(2, now - 1_000_000_000)
        .fixed64(3, now)
        .fixed64(4, 1.0_f64.to_bits())
        .message(7, &attribute("session.id", &now.to_string()));
    // Delta, monotonic.
    let sum = Message::default().message(1, &point).varint(2, 1).varint(3, 1);
    let metric = Message::default().text(1, "claude_code.session.count").message(7, &sum);
    let scope = Message::default().message(2, &metric);
    let of_resource = Message::default().message(1, &resource()).message(2, &scope);
    Message::default().message(1, &of_resource)
}

/// `ExportLogsServiceRequest`.
fn logs(now: u64) -> Message {
    let body = Message::default().text(1, "claude_code.api_request");
    let mut record = Message::default().fixed64(1, now).message(5, &body);
    for (key, value) in event() {
        record = record.message(6, &attribute(key, value));
    }
    let scope = Message::default().message(2, &record.fixed64(11, now));
    let of_resource = Message::default().message(1, &resource()).message(2, &scope);
    Message::default().message(1, &of_resource)
}

const fn event() -> [(&'static str, &'static str); 3] {
    [("event.name", "api_request"), ("model", MODEL), ("cache_read_tokens", "1024")]
}

fn as_json(now: u64) -> (Value, Value) {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let resource = json!({"attributes": [
        text("service.name", "claude-code"),
        text("service.version", "2.1.330"),
    ]});
    let point = json!({
        "startTimeUnixNano": (now - 1_000_000_000).to_string(),
        "timeUnixNano": now.to_string(),
        "asDouble": 1.0,
        "attributes": [text("session.id", &now.to_string())],
    });
    let sum = json!({"aggregationTemporality": 1, "isMonotonic": true, "dataPoints": [point]});
    let metric = json!({"name": "claude_code.session.count", "sum": sum});
    let metrics = json!({"resourceMetrics": [
        {"resource": resource, "scopeMetrics": [{"metrics": [metric]}]},
    ]});
    let attributes: Vec<Value> = event().into_iter().map(|(key, value)| text(key, value)).collect();
    let record = json!({
        "timeUnixNano": now.to_string(),
        "observedTimeUnixNano": now.to_string(),
        "body": {"stringValue": "claude_code.api_request"},
        "attributes": attributes,
    });
    let logs = json!({"resourceLogs": [
        {"resource": resource, "scopeLogs": [{"logRecords": [record]}]},
    ]});
    (metrics, logs)
}
