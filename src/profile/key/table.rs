//! Every key of a profile: its shape, its default, what it is for.
//!
//! The one table behind what is read, the schema, `lookup` and the docs.

use super::{Fallback, Key, Shape};
use Fallback::{Follows, None, Nothing, Number, Prices, Switch, Text, Words};

const fn text(pattern: &'static str) -> Shape {
    Shape::Text { pattern }
}

/// Words for who runs a service.
const MODES: [&str; 3] = ["managed", "external", "none"];

// What a text looks like, in a pattern that refuses nothing which is read.
const LINE: Shape = text("\\S");
const DIRECTORY: Shape = text("^/[A-Za-z0-9/._+@-]*[A-Za-z0-9._+@-]/?$");
const PATH: Shape = text("^/(.*[^/])$");
const IMAGE: Shape = text("^[a-z0-9._/:-]+(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?$");
const DURATION: Shape =
    text("^([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$");
const GO_DURATION: Shape = text("^([0-9]*[.]?[0-9]*(ns|us|µs|ms|s|m|h))+$");
const SIZE: Shape = text("^[0-9]+[kmg]$");
const STACK: Shape = text("^[a-z][a-z0-9-]{0,10}$");
const ADDRESS: Shape = text("^[0-9A-Fa-f.:]+$");
const VERSION: Shape = text("^v?[0-9]+[.][0-9]+[.][0-9]+([-+].*)?$");
const SUBNET: Shape = text("^[0-9.]+/(1[6-9]|2[0-9])$");
const TARGET: Shape = text("^([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$");
const URL: Shape = text("^https?://[^@?#]+$");
const ENDPOINT: Shape =
    text("^(https?://[^@?#]+|([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5})$");
const UID: Shape = text("^[A-Za-z0-9_-]{1,40}$");

const fn key(name: &'static str, shape: Shape, default: Fallback, about: &'static str) -> Key {
    Key { name, shape, default, about }
}

/// Every key that this version reads.
pub const KEYS: [Key; 59] = [
    key(
        "manage_otel_collector",
        Shape::Switch,
        Switch(true),
        "false: nothing is planned or removed",
    ),
    key(
        "profile::firewall::custom_rules",
        Shape::Rules,
        Nothing,
        "rules that name a port of the stack open it to their source; others are left to their owner",
    ),
    key(
        "profile::otel_collector::manage_otel_collector",
        Shape::Switch,
        Switch(true),
        "false: nothing is planned or removed",
    ),
    key("profile::otel_collector::otel_dir", DIRECTORY, Text("/opt/otel"), "where everything lies"),
    key(
        "profile::otel_collector::otel_grpc_port",
        Shape::Port,
        Number(4317),
        "the host's port of the OTLP gRPC receiver",
    ),
    key(
        "profile::otel_collector::otel_http_port",
        Shape::Port,
        Number(4318),
        "the host's port of the OTLP HTTP receiver",
    ),
    key(
        "profile::otel_collector::otel_prometheus_port",
        Shape::Port,
        Number(8889),
        "the host's port of the exporter",
    ),
    key(
        "profile::otel_collector::otel_health_port",
        Shape::Port,
        Number(13133),
        "the health check's port, on loopback",
    ),
    key(
        "profile::otel_collector::otel_pprof_port",
        Shape::Port,
        Number(1777),
        "the profiler's port, on loopback",
    ),
    key(
        "profile::otel_collector::otel_collector_image",
        IMAGE,
        Text("otel/opentelemetry-collector-contrib:0.91.0"),
        "the collector's image; its tag says the version",
    ),
    key(
        "profile::otel_collector::enable_grafana_dashboards",
        Shape::Switch,
        Switch(true),
        "false: dashboards are neither written nor pushed, and ours are removed",
    ),
    key(
        "profile::otel_collector::grafana_datasource_name",
        LINE,
        Text("Prometheus"),
        "the name of Grafana's data source",
    ),
    key(
        "profile::otel_collector::prometheus_scrape_interval",
        DURATION,
        Text("15s"),
        "how often Prometheus asks the exporter",
    ),
    key(
        "profile::otel_collector::enable_grafana_cloud_tempo",
        Shape::Switch,
        Switch(false),
        "true: traces are forwarded, besides being counted",
    ),
    key(
        "profile::otel_collector::grafana_cloud_tempo_endpoint",
        ENDPOINT,
        None,
        "where traces go: `host:port` or a URL, with TLS unless it is `http://`",
    ),
    key(
        "profile::otel_collector::grafana_cloud_tempo_username",
        Shape::UserName,
        None,
        "the user of the traces, a number in Grafana Cloud",
    ),
    key(
        "profile::otel_collector::grafana_cloud_tempo_api_key",
        Shape::Secret,
        None,
        "the password of that user",
    ),
    key(
        "profile::otel_collector::tempo_protocol",
        Shape::Word(&["otlp", "otlphttp"]),
        Text("otlp"),
        "OTLP over gRPC or over HTTP",
    ),
    key(
        "profile::otel_collector::batch_timeout",
        GO_DURATION,
        Text("200ms"),
        "the collector's `batch.timeout`: what waits so long is lost when the collector stops",
    ),
    key(
        "profile::otel_collector::memory_limit_mib",
        Shape::Count { least: 128, most: 1 << 20 },
        Number(512),
        "the collector's `memory_limiter.limit_mib`; its container gets this ÷ 0.8",
    ),
    key(
        "profile::otel_collector::const_labels",
        Shape::Labels,
        Nothing,
        "the exporter's `const_labels`: labels of every series",
    ),
    key(
        "otelctl::stack",
        STACK,
        Text("otel"),
        "the stack's name; several stacks on one host need one each",
    ),
    key(
        "otelctl::listen_address",
        ADDRESS,
        Follows("every address"),
        "the one address to publish ports on",
    ),
    key(
        "otelctl::collector_version",
        VERSION,
        Follows("the image's tag"),
        "the collector's version, for tags such as `latest`",
    ),
    key("otelctl::subnet", SUBNET, Text("172.31.250.0/24"), "the containers' network"),
    key(
        "otelctl::model_prices",
        Shape::Prices,
        Prices,
        "USD per million tokens, by model, merged over the default table",
    ),
    key(
        "otelctl::metric_labels",
        Shape::LabelList,
        Words(&["type"]),
        "labels of counters besides the table's own: what clients send, such as `user_email`, `team`",
    ),
    key(
        "otelctl::detail",
        Shape::Switch,
        Switch(false),
        "true: counters of single sessions and users, too, each kept for the day and 26 hours",
    ),
    key(
        "otelctl::forward::endpoint",
        ENDPOINT,
        None,
        "where logs and traces go besides being counted: any OTLP endpoint",
    ),
    key(
        "otelctl::forward::protocol",
        Shape::Word(&["otlp", "otlphttp"]),
        Text("otlphttp"),
        "OTLP over gRPC or over HTTP",
    ),
    key(
        "otelctl::forward::authorization",
        Shape::Secret,
        None,
        "the `Authorization` header that opens the endpoint, such as `Bearer …`",
    ),
    key("otelctl::forward::logs", Shape::Switch, Switch(true), "false: logs are not forwarded"),
    key("otelctl::forward::traces", Shape::Switch, Switch(true), "false: traces are not forwarded"),
    key(
        "otelctl::budget::hourly_usd",
        Shape::Usd,
        None,
        "an alert fires when an hour's estimated cost is above this",
    ),
    key(
        "otelctl::budget::daily_usd",
        Shape::Usd,
        None,
        "an alert fires when 24 hours' estimated cost is above this",
    ),
    key(
        "otelctl::budget::monthly_usd",
        Shape::Usd,
        None,
        "what a calendar month may cost by estimate: alert and burn-down",
    ),
    key(
        "otelctl::log_max_size",
        SIZE,
        Text("10m"),
        "the size at which a container's log is rotated",
    ),
    key(
        "otelctl::log_files",
        Shape::Count { least: 1, most: 1000 },
        Number(3),
        "how many logs of a container are kept",
    ),
    key(
        "otelctl::prometheus::mode",
        Shape::Word(&MODES),
        Text("managed"),
        "who runs Prometheus: otelctl, the user, nobody",
    ),
    key(
        "otelctl::prometheus::image",
        IMAGE,
        Text("prom/prometheus:v3.5.0"),
        "the managed Prometheus's image",
    ),
    key("otelctl::prometheus::port", Shape::Port, Number(9090), "the managed Prometheus's port"),
    key("otelctl::prometheus::retention", DURATION, Text("400d"), "how long samples are kept"),
    key(
        "otelctl::prometheus::scrape_target",
        TARGET,
        Follows("`otel-collector:8889` if managed, else `localhost` and the exporter's port"),
        "where Prometheus finds the exporter",
    ),
    key(
        "otelctl::prometheus::url",
        URL,
        Follows("`http://localhost:9090` if external"),
        "where an external Prometheus answers",
    ),
    key(
        "otelctl::prometheus::config_file",
        PATH,
        None,
        "the configuration of an external Prometheus, which takes the job and the rules",
    ),
    key("otelctl::prometheus::username", LINE, None, "who otelctl is to an external Prometheus"),
    key("otelctl::prometheus::password", Shape::Secret, None, "the password of that user"),
    key(
        "otelctl::grafana::mode",
        Shape::Word(&MODES),
        Follows("`managed`, and `none` without a Prometheus"),
        "who runs Grafana: otelctl, the user, nobody",
    ),
    key(
        "otelctl::grafana::image",
        IMAGE,
        Text("grafana/grafana:12.1.0"),
        "the managed Grafana's image",
    ),
    key("otelctl::grafana::port", Shape::Port, Number(3000), "the managed Grafana's port"),
    key("otelctl::grafana::url", URL, None, "where an external Grafana answers"),
    key(
        "otelctl::grafana::token",
        Shape::Secret,
        None,
        "the token of a service account of an external Grafana",
    ),
    key(
        "otelctl::grafana::username",
        LINE,
        None,
        "who otelctl is to an external Grafana, without a token",
    ),
    key("otelctl::grafana::password", Shape::Secret, None, "the password of that user"),
    key(
        "otelctl::grafana::ca_file",
        PATH,
        None,
        "who signed an external Grafana's certificate, in PEM",
    ),
    key(
        "otelctl::grafana::folder",
        LINE,
        Text("Claude Code"),
        "the title of the dashboards' folder",
    ),
    key(
        "otelctl::grafana::datasource_uid",
        UID,
        Follows("`otelctl-` and the stack's name"),
        "a data source of an external Grafana that is used and never written",
    ),
    key(
        "otelctl::grafana::datasource_url",
        URL,
        Follows("where Prometheus is"),
        "Prometheus as Grafana reaches it",
    ),
    key(
        "otelctl::firewall::manage",
        Shape::Switch,
        Switch(true),
        "false: no firewall table; ports without a rule are bound to loopback instead",
    ),
];
