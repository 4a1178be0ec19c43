//! The facts: measured on the CLI 2.1.330, each with the lines that show it.

pub const GOOD: &str = "CLAUDE_CODE_ENABLE_TELEMETRY=1\nOTEL_METRICS_EXPORTER=otlp\n\
                    OTEL_LOGS_EXPORTER=otlp\n";
pub const GRPC: &str =
    "OTEL_EXPORTER_OTLP_PROTOCOL=grpc\nOTEL_EXPORTER_OTLP_ENDPOINT=http://10.10.10.1:4317\n";
pub const HTTP: &str = "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\n\
                    OTEL_EXPORTER_OTLP_ENDPOINT=http://10.10.10.1:4318\n";
pub const HTTPS: &str = "OTEL_EXPORTER_OTLP_PROTOCOL=http/json\n\
                     OTEL_EXPORTER_OTLP_ENDPOINT=https://otel.example.com\n";
pub const GRPCS: &str = "OTEL_EXPORTER_OTLP_PROTOCOL=grpc\n\
                     OTEL_EXPORTER_OTLP_ENDPOINT=https://otel.example.com:4317\n";

/// A fact, the lines that show it, and what is told.
pub type Row = (&'static str, String, &'static [&'static str]);

/// Every fact.
pub fn rows() -> Vec<Row> {
    [switches(), ways(), company()].concat()
}

/// Reads `GOOD`, a way over gRPC, and more.
fn good(more: &str) -> String {
    format!("{GOOD}{GRPC}{more}")
}

fn http(more: &str) -> String {
    format!("{GOOD}{HTTP}{more}")
}

fn way(protocol: &str, endpoint: &str) -> String {
    format!(
        "{GOOD}OTEL_EXPORTER_OTLP_PROTOCOL={protocol}\nOTEL_EXPORTER_OTLP_ENDPOINT={endpoint}\n"
    )
}

/// Switches, exporters, intervals.
fn switches() -> Vec<Row> {
    vec![
        ("all is well over gRPC", good(""), &[]),
        ("all is well over HTTP", http(""), &[]),
        (
            "nothing is set",
            String::new(),
            &[
                "error disabled",
                "error exporter",
                "error exporter",
                "warning protocol-unset",
                "warning endpoint-unset",
            ],
        ),
        (
            "the switch is missing",
            format!("{GRPC}OTEL_METRICS_EXPORTER=otlp\nOTEL_LOGS_EXPORTER=otlp"),
            &["error disabled"],
        ),
        (
            "the switch is off",
            good("CLAUDE_CODE_ENABLE_TELEMETRY=0"),
            &["error disabled", "warning overridden"],
        ),
        (
            "any yes switches on",
            good("CLAUDE_CODE_ENABLE_TELEMETRY=True").replacen("TELEMETRY=1", "TELEMETRY=True", 1),
            &[],
        ),
        (
            "no exporter is the default",
            format!("CLAUDE_CODE_ENABLE_TELEMETRY=1\n{GRPC}"),
            &["error exporter", "error exporter"],
        ),
        (
            "an exporter of another name",
            good("").replace("METRICS_EXPORTER=otlp", "METRICS_EXPORTER=OTLP"),
            &["error exporter"],
        ),
        (
            "one of several exporters",
            good("").replace("METRICS_EXPORTER=otlp", "METRICS_EXPORTER=console, otlp"),
            &[],
        ),
        (
            "logs to the console alone",
            good("").replace("LOGS_EXPORTER=otlp", "LOGS_EXPORTER=console"),
            &["error exporter"],
        ),
        ("traces without their switch", good("OTEL_TRACES_EXPORTER=otlp"), &["warning traces"]),
        (
            "the switch of traces alone",
            good("CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1"),
            &["warning traces"],
        ),
        (
            "traces with both",
            good("OTEL_TRACES_EXPORTER=otlp\nCLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1"),
            &[],
        ),
        ("traces that are not wanted", good("OTEL_TRACES_EXPORTER=none"), &[]),
        ("an interval of 0", good("OTEL_METRIC_EXPORT_INTERVAL=0"), &["error interval"]),
        ("a negative interval", good("OTEL_METRIC_EXPORT_INTERVAL=-5"), &["error interval"]),
        ("an interval with a unit", good("OTEL_METRIC_EXPORT_INTERVAL=10s"), &["warning interval"]),
        ("an interval in words", good("OTEL_LOGS_EXPORT_INTERVAL=soon"), &["warning interval"]),
        (
            "short intervals",
            good("OTEL_METRIC_EXPORT_INTERVAL=5000\nOTEL_LOGS_EXPORT_INTERVAL=1000"),
            &[],
        ),
    ]
}

/// Protocols and endpoints.
fn ways() -> Vec<Row> {
    vec![
        (
            "no protocol at a gRPC port",
            format!("{GOOD}OTEL_EXPORTER_OTLP_ENDPOINT=http://h:4317"),
            &["error protocol-unset"],
        ),
        (
            "no protocol at an HTTP port",
            format!("{GOOD}OTEL_EXPORTER_OTLP_ENDPOINT=http://h:4318"),
            &["warning protocol-unset"],
        ),
        ("an unknown protocol", way("grcp", "http://h:4317"), &["error protocol-unknown"]),
        ("a protocol in capitals", way("HTTP/JSON", "http://h:4318"), &["error protocol-unknown"]),
        (
            "a protocol of one signal",
            http("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=gprc"),
            &["error protocol-unknown"],
        ),
        (
            "no endpoint is this machine",
            format!("{GOOD}OTEL_EXPORTER_OTLP_PROTOCOL=grpc"),
            &["warning endpoint-unset"],
        ),
        ("gRPC without a scheme", way("grpc", "10.10.10.1:4317"), &["error endpoint-scheme"]),
        ("a name without a scheme", way("http/json", "localhost:4318"), &["error endpoint-scheme"]),
        (
            "an address without a scheme",
            way("http/json", "10.10.10.1:4318"),
            &["warning endpoint-scheme"],
        ),
        ("another scheme", way("grpc", "grpc://h:4317"), &["error endpoint-url"]),
        ("HTTP to the gRPC port", way("http/protobuf", "http://h:4317"), &["error port"]),
        ("gRPC to the HTTP port", way("grpc", "http://h:4318"), &["error port"]),
        (
            "a signal's path in the general endpoint",
            way("http/json", "http://h:4318/v1/metrics"),
            &["error endpoint-path"],
        ),
        ("a path of its own", way("http/json", "http://h:4318/otel/"), &[]),
        ("gRPC leaves paths alone", way("grpc", "http://h:4317/v1/metrics"), &[]),
        (
            "a signal's endpoint without a path",
            http("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://h:4318"),
            &["error endpoint-path"],
        ),
        (
            "a signal's endpoint",
            http("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://h:4318/v1/metrics"),
            &[],
        ),
    ]
}

/// What goes along: who sends, headers, certificates, names.
fn company() -> Vec<Row> {
    vec![
        (
            "the service of verify",
            good("OTEL_SERVICE_NAME=otelctl-verify"),
            &["error service-name"],
        ),
        (
            "service.version",
            good("OTEL_RESOURCE_ATTRIBUTES=service.version=1.0.0,a=b"),
            &["warning service-version"],
        ),
        ("attributes", good("OTEL_RESOURCE_ATTRIBUTES=team=a b,c=d%20e"), &[]),
        (
            "an attribute without a value",
            good("OTEL_RESOURCE_ATTRIBUTES=team,a=b"),
            &["warning attributes"],
        ),
        (
            "an attribute with two",
            good("OTEL_RESOURCE_ATTRIBUTES=team=a=b"),
            &["warning attributes"],
        ),
        (
            "an encoded header",
            http("OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20T"),
            &["error headers"],
        ),
        (
            "a header with a space",
            http("OTEL_EXPORTER_OTLP_HEADERS=x=1,Authorization=Bearer T"),
            &[],
        ),
        (
            "a header with a colon",
            http("OTEL_EXPORTER_OTLP_HEADERS=Authorization: Bearer T"),
            &["warning headers"],
        ),
        (
            "a CA that HTTP ignores",
            format!("{GOOD}{HTTPS}OTEL_EXPORTER_OTLP_CERTIFICATE=/ca"),
            &["error certificate"],
        ),
        (
            "a CA for HTTP",
            format!("{GOOD}{HTTPS}NODE_EXTRA_CA_CERTS=/ca\nOTEL_EXPORTER_OTLP_CERTIFICATE=/ca"),
            &[],
        ),
        (
            "a certificate that HTTP ignores",
            format!("{GOOD}{HTTPS}OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY=/k"),
            &["error certificate"],
        ),
        (
            "a certificate that gRPC ignores",
            format!("{GOOD}{GRPCS}CLAUDE_CODE_CLIENT_CERT=/c\nCLAUDE_CODE_CLIENT_KEY=/k"),
            &["error certificate", "error certificate"],
        ),
        ("a CA that gRPC reads", format!("{GOOD}{GRPCS}NODE_EXTRA_CA_CERTS=/ca"), &[]),
        ("a CA that nobody needs", http("OTEL_EXPORTER_OTLP_CERTIFICATE=/ca"), &[]),
        ("a misspelt name", good("OTLP_METRICS_EXPORTER=otlp"), &["warning misspelt"]),
        (
            "a variable that is not exported",
            "export OTEL_SERVICE_NAME=x\nOTEL_LOGS_EXPORTER=otlp".to_owned(),
            &[
                "error disabled",
                "error exporter",
                "error exporter",
                "warning protocol-unset",
                "warning endpoint-unset",
                "warning not-exported",
            ],
        ),
    ]
}
