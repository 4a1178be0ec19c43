//! The table of variables that a client needs, and why each is there.
//!
//! Every form of the environment is written from it, and checks of somebody's
//! environment name the same variables.

/// The names of the variables.
pub mod name {
    /// The switch of all telemetry.
    pub const ENABLE: &str = "CLAUDE_CODE_ENABLE_TELEMETRY";
    /// How OTLP is spoken.
    pub const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
    /// Where the receiver is.
    pub const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    /// What goes along with each request, such as a token.
    pub const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
    /// Where metrics go.
    pub const METRICS: &str = "OTEL_METRICS_EXPORTER";
    /// Where events go.
    pub const LOGS: &str = "OTEL_LOGS_EXPORTER";
    /// Where traces go.
    pub const TRACES: &str = "OTEL_TRACES_EXPORTER";
    /// The switch of traces.
    pub const TRACES_BETA: &str = "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA";
    /// The name of the service.
    pub const SERVICE: &str = "OTEL_SERVICE_NAME";
    /// Attributes of everything that is sent.
    pub const ATTRIBUTES: &str = "OTEL_RESOURCE_ATTRIBUTES";
    /// Milliseconds between two exports of metrics.
    pub const METRICS_INTERVAL: &str = "OTEL_METRIC_EXPORT_INTERVAL";
    /// Milliseconds between two exports of events.
    pub const LOGS_INTERVAL: &str = "OTEL_LOGS_EXPORT_INTERVAL";
}

/// One variable of a client's environment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is set to.
    pub value: Value,
    /// When it is set.
    pub when: When,
    /// Why: sentences for a comment, with a line break where they fit one.
    pub why: &'static str,
}

/// What a variable is set to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    /// Always the same.
    Fixed(&'static str),
    /// The protocol that was asked for.
    Protocol,
    /// The receiver of that protocol.
    Endpoint,
    /// The resource attributes.
    Attributes,
}

/// When a variable is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Always.
    Always,
    /// Where traces are kept, or asked for.
    Traces,
    /// In jobs that may be killed at any time.
    Ci,
}

const fn row(name: &'static str, value: Value, when: When, why: &'static str) -> Variable {
    Variable { name, value, when, why }
}

/// The variables, in the order in which they are written.
pub(super) const VARIABLES: [Variable; 11] = [
    row(name::ENABLE, Value::Fixed("1"), When::Always, "Without this the CLI sends nothing."),
    row(
        name::PROTOCOL,
        Value::Protocol,
        When::Always,
        "Always name it: the default, http/protobuf, spoken to a gRPC port is silence, and\n\
         older releases of the CLI (2.1.20) do nothing at all without a protocol.",
    ),
    row(
        name::ENDPOINT,
        Value::Endpoint,
        When::Always,
        "With its scheme: without one, gRPC means TLS. Over HTTP the CLI adds /v1/metrics\n\
         and the like itself.",
    ),
    row(
        name::METRICS,
        Value::Fixed("otlp"),
        When::Always,
        "Sessions, tokens and cost are made of metrics; without this none are sent.",
    ),
    row(
        name::LOGS,
        Value::Fixed("otlp"),
        When::Always,
        "Cache hits and misses are made of logs; without this none are sent.",
    ),
    row(name::SERVICE, Value::Fixed("claude-code"), When::Always, "The label service_name."),
    row(
        name::ATTRIBUTES,
        Value::Attributes,
        When::Always,
        "Attributes of everything that is sent. No service.version here: it would hide the\n\
         CLI's own.",
    ),
    row(
        name::TRACES_BETA,
        Value::Fixed("1"),
        When::Traces,
        "Traces are a beta of the CLI with a switch of its own: the exporter alone sends none.",
    ),
    row(
        name::TRACES,
        Value::Fixed("otlp"),
        When::Traces,
        "Where traces go: without this the switch sends none either.",
    ),
    row(
        name::METRICS_INTERVAL,
        Value::Fixed("5000"),
        When::Ci,
        "Milliseconds between two exports of metrics, 60000 by default: a job that is killed\n\
         (SIGKILL) loses what it has not sent. One that ends sends the rest by itself.",
    ),
    row(name::LOGS_INTERVAL, Value::Fixed("1000"), When::Ci, "The same for logs, 5000 by default."),
];
