//! The settings of a profile, typed and validated.
//!
//! Only plain values: what follows from them is decided in `stack`.

use super::Rule;
use super::value::{ExtraLabel, Image, Price, Version};
use crate::diagnostic::{Diagnostic, Sourced};
use crate::secret::Reference;
use ipnet::Ipv4Net;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Everything a profile says, with otelctl's defaults for the rest.
///
/// Of a secret it holds the [`Reference`], whose value no output shows.
#[derive(Clone, Debug)]
pub struct Profile {
    /// False when either form of `manage_otel_collector` is.
    pub managed: Sourced<bool>,
    /// `otelctl::stack`.
    pub stack: Sourced<String>,
    /// `otel_dir`, absolute, without a trailing slash.
    pub directory: Sourced<String>,
    /// `otelctl::listen_address`; none: every address.
    pub listen_address: Option<Sourced<IpAddr>>,
    /// `otelctl::subnet`.
    pub subnet: Sourced<Ipv4Net>,
    /// The ports on the host.
    pub ports: PortSettings,
    /// The collector.
    pub collector: CollectorSettings,
    /// Prometheus.
    pub prometheus: PrometheusSettings,
    /// Grafana.
    pub grafana: GrafanaSettings,
    /// Grafana Cloud Tempo, if traces are forwarded there.
    pub tempo: Option<TempoSettings>,
    /// Where logs and traces go besides being counted.
    pub forward: Option<ForwardSettings>,
    /// The firewall.
    pub firewall: FirewallSettings,
    /// `otelctl::model_prices` merged over the default table.
    pub prices: Sourced<Vec<Price>>,
    /// `otelctl::metric_labels`.
    pub labels: Sourced<Vec<ExtraLabel>>,
    /// `otelctl::detail`.
    pub detail: Sourced<bool>,
    /// `otelctl::budget::…`.
    pub budget: Budget,
    /// Container log rotation.
    pub log: LogSettings,
    /// Warnings and notes, in the file's order.
    pub notes: Vec<Diagnostic>,
}

/// The ports on the host (TCP).
#[derive(Clone, Debug)]
pub struct PortSettings {
    /// `otel_grpc_port`.
    pub grpc: Sourced<u16>,
    /// `otel_http_port`.
    pub http: Sourced<u16>,
    /// `otel_prometheus_port`, where the collector exports metrics.
    pub metrics: Sourced<u16>,
    /// `otel_health_port`.
    pub health: Sourced<u16>,
    /// `otel_pprof_port`.
    pub pprof: Sourced<u16>,
    /// `otelctl::prometheus::port`, published only by a managed Prometheus.
    pub prometheus: Sourced<u16>,
    /// `otelctl::grafana::port`, published only by a managed Grafana.
    pub grafana: Sourced<u16>,
}

/// Settings of the collector.
#[derive(Clone, Debug)]
pub struct CollectorSettings {
    /// `otel_collector_image`.
    pub image: Sourced<Image>,
    /// From the image's tag, or `otelctl::collector_version`.
    pub version: Sourced<Version>,
    /// `batch_timeout`, in Go's notation.
    pub batch_timeout: Sourced<String>,
    /// `memory_limit_mib`.
    pub memory_limit_mib: Sourced<u64>,
    /// `const_labels`.
    pub const_labels: Sourced<BTreeMap<String, String>>,
}

/// Settings of Prometheus.
#[derive(Clone, Debug)]
pub struct PrometheusSettings {
    /// `otelctl::prometheus::mode`.
    pub mode: Sourced<Mode>,
    /// `otelctl::prometheus::image`.
    pub image: Sourced<Image>,
    /// `otelctl::prometheus::retention`, in Prometheus's notation.
    pub retention: Sourced<String>,
    /// `prometheus_scrape_interval`, in Prometheus's notation.
    pub scrape_interval: Sourced<String>,
    /// `otelctl::prometheus::scrape_target`, `host:port`.
    pub scrape_target: Option<Sourced<String>>,
    /// `otelctl::prometheus::url`, without a trailing slash.
    pub url: Option<Sourced<String>>,
    /// `otelctl::prometheus::config_file` of an external one.
    pub config_file: Option<Sourced<String>>,
    /// `otelctl::prometheus::username` and `…::password` of an external one.
    pub login: Option<Login>,
}

/// Settings of Grafana.
#[derive(Clone, Debug)]
pub struct GrafanaSettings {
    /// `otelctl::grafana::mode`.
    pub mode: Sourced<Mode>,
    /// `enable_grafana_dashboards`.
    pub dashboards: Sourced<bool>,
    /// `grafana_datasource_name`.
    pub datasource: Sourced<String>,
    /// `otelctl::grafana::datasource_uid`: one that exists in an external Grafana.
    pub datasource_uid: Option<Sourced<String>>,
    /// `otelctl::grafana::datasource_url`: Prometheus as Grafana reaches it.
    pub datasource_url: Option<Sourced<String>>,
    /// `otelctl::grafana::folder`, the folder's title.
    pub folder: Sourced<String>,
    /// `otelctl::grafana::image`.
    pub image: Sourced<Image>,
    /// Where an external Grafana is.
    pub external: Option<ExternalGrafana>,
}

/// Where an external Grafana is, and how otelctl gets in.
#[derive(Clone, Debug)]
pub struct ExternalGrafana {
    /// `otelctl::grafana::url`, without a trailing slash.
    pub url: Sourced<String>,
    /// What otelctl shows at the door.
    pub access: Access,
    /// `otelctl::grafana::ca_file`: who signed its certificate, in PEM.
    pub ca_file: Option<Sourced<String>>,
}

/// What otelctl shows at the door of a Grafana.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// `otelctl::grafana::token` of a service account.
    Token(Sourced<Reference>),
    /// `otelctl::grafana::username` and `…::password`.
    Login(Login),
}

/// A user name and its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user's name.
    pub username: Sourced<String>,
    /// The password.
    pub password: Sourced<Reference>,
}

/// Grafana Cloud Tempo, as the keys of the document's class name it.
#[derive(Clone, Debug)]
pub struct TempoSettings {
    /// `grafana_cloud_tempo_endpoint`.
    pub endpoint: Sourced<String>,
    /// `grafana_cloud_tempo_username`, a number in Grafana Cloud.
    pub username: Sourced<String>,
    /// `grafana_cloud_tempo_api_key`.
    pub api_key: Sourced<Reference>,
    /// `tempo_protocol`.
    pub protocol: Sourced<TempoProtocol>,
}

/// An OTLP endpoint that takes what was counted.
#[derive(Clone, Debug)]
pub struct ForwardSettings {
    /// `otelctl::forward::endpoint`.
    pub endpoint: Sourced<String>,
    /// `otelctl::forward::protocol`.
    pub protocol: Sourced<TempoProtocol>,
    /// `otelctl::forward::authorization`: the whole header; none: nobody asks.
    pub authorization: Option<Sourced<Reference>>,
    /// `otelctl::forward::logs`.
    pub logs: Sourced<bool>,
    /// `otelctl::forward::traces`.
    pub traces: Sourced<bool>,
}

/// How telemetry is sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TempoProtocol {
    /// `otlp`: OTLP over gRPC.
    Grpc,
    /// `otlphttp`: OTLP over HTTP.
    Http,
}

/// Settings of the firewall.
#[derive(Clone, Debug)]
pub struct FirewallSettings {
    /// `otelctl::firewall::manage`.
    pub manage: Sourced<bool>,
    /// The custom rules that name a port of this stack.
    pub rules: Vec<Rule>,
}

/// Docker's json-file log rotation.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// `otelctl::log_max_size`, such as `10m`.
    pub max_size: Sourced<String>,
    /// `otelctl::log_files`.
    pub files: Sourced<u64>,
}

/// What Claude Code may cost by its own estimate, in USD; none: no limit.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    /// `otelctl::budget::hourly_usd`: in any hour.
    pub hourly: Option<Sourced<f64>>,
    /// `otelctl::budget::daily_usd`: in any 24 hours.
    pub daily: Option<Sourced<f64>>,
    /// `otelctl::budget::monthly_usd`: in a calendar month (UTC).
    pub monthly: Option<Sourced<f64>>,
}

/// Who runs a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// otelctl runs it as part of the stack.
    Managed,
    /// The user runs it.
    External,
    /// There is none.
    None,
}

impl Mode {
    /// The words for it in a profile.
    pub(super) const WORDS: [(&str, Self); 3] =
        [("managed", Self::Managed), ("external", Self::External), ("none", Self::None)];
}
