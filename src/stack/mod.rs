//! The desired state of everything, decided from the profile and nothing else.
//!
//! Owns the table of metrics, the price table, names, ports, memory shares and
//! the cross-checks of what the profile says. May not know disk, network or
//! templates.

mod batch;
mod build;
mod cardinality;
mod check;
mod client;
mod forward;
mod grafana;
mod memory;
mod metric;
mod pipeline_metric;
mod port;
mod publish;
mod release;
mod retention;
mod secret_file;
mod tempo;

pub use crate::profile::{
    Access, Budget, DEFAULT_PRICES, ExtraLabel, ForwardSettings, Image, LABELS, Login, OWN_LABELS,
    Price, TempoProtocol, TempoSettings, Version, default_prices,
};
pub use cardinality::{Estimate, estimate};
pub use metric::{
    DETAIL, DETAIL_LABELS, DETAIL_LIMIT, METRICS, Metric, PERSON_LABELS, RULE_MEMORY_DAYS, Source,
    TOKENS, UNKNOWN, VERIFY_SERVICE,
};
pub use pipeline_metric::{OWN_METRICS_JOB, PIPELINE_LABELS, PIPELINE_METRICS, PipelineMetric};
pub use port::{Exposure, Port};
pub use secret_file::{Content, GENERATED_SECRETS, SECRET_PATHS, SecretFile};

use crate::diagnostic::{Diagnostic, Sourced};
use ipnet::Ipv4Net;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The setting of the address that ports are published on.
pub const LISTEN_ADDRESS: &str = "otelctl::listen_address";
/// The user's firewall rules.
pub const RULES: &str = "profile::firewall::custom_rules";

/// Everything that one profile asks for.
#[derive(Clone, Debug)]
pub struct Stack {
    /// The stack's name, also the compose project: `otel`.
    pub name: Sourced<String>,
    /// False: otelctl plans nothing and removes nothing.
    pub managed: Sourced<bool>,
    /// `otel_dir`, an absolute path.
    pub directory: Sourced<String>,
    /// The network of the stack's containers.
    pub network: Network,
    /// The collector.
    pub collector: Collector,
    /// The managed Prometheus, if there is one.
    pub prometheus: Option<Prometheus>,
    /// The user's own Prometheus, if there is one.
    pub external_prometheus: Option<ExternalPrometheus>,
    /// Grafana, managed or external, if there is one.
    pub grafana: Option<Grafana>,
    /// The dashboards.
    pub dashboards: Dashboards,
    /// Where traces go besides being counted.
    pub tempo: Option<TempoSettings>,
    /// Where logs and traces go besides being counted.
    pub forward: Option<ForwardSettings>,
    /// Files that hold a secret for a container.
    pub secrets: Vec<SecretFile>,
    /// The scrape job as the user's own Prometheus needs it.
    pub scrape: Scrape,
    /// Every port the stack publishes.
    pub ports: Vec<Port>,
    /// The firewall.
    pub firewall: Firewall,
    /// The units of systemd.
    pub units: Units,
    /// What Claude Code clients need to know.
    pub client: Client,
    /// USD per million tokens, by model.
    pub prices: Sourced<Vec<Price>>,
    /// Labels of counters that the profile asks for.
    pub labels: Sourced<Vec<ExtraLabel>>,
    /// Whether single sessions have counters, too.
    pub detail: Sourced<bool>,
    /// What Claude Code may cost.
    pub budget: Budget,
    /// Container log rotation.
    pub log: LogRotation,
    /// What the user should know: the profile's notes and the stack's own.
    pub notes: Vec<Diagnostic>,
}

/// The network of the stack's containers.
#[derive(Clone, Debug)]
pub struct Network {
    /// Docker's name for it: `otel_default`.
    pub name: String,
    /// The bridge interface: `otc-otel` (Linux allows 15 characters).
    pub bridge: String,
    /// The fixed container subnet, which the firewall covers.
    pub subnet: Sourced<Ipv4Net>,
}

/// The collector and its container.
#[derive(Clone, Debug)]
pub struct Collector {
    /// The container: `otel-collector`.
    pub container: String,
    /// The pinned image.
    pub image: Sourced<Image>,
    /// The collector's version, from the tag or from `otelctl::collector_version`.
    pub version: Sourced<Version>,
    /// Which of the two settings says it.
    pub version_setting: &'static str,
    /// `batch.timeout`, such as `1s`.
    pub batch_timeout: Sourced<String>,
    /// `memory_limiter.limit_mib`.
    pub memory_limit_mib: Sourced<u64>,
    /// `memory_limiter.spike_limit_mib`: 20 % of the container's memory.
    pub spike_limit_mib: u64,
    /// The container's memory limit in MiB: `memory_limit_mib` ÷ 0.8.
    pub container_memory_mib: u64,
    /// GOMEMLIMIT in MiB: 80 % of the container's memory.
    pub gomemlimit_mib: u64,
    /// `prometheus.const_labels`, added to every exported series.
    pub const_labels: Sourced<BTreeMap<String, String>>,
}

/// The managed Prometheus and its container.
#[derive(Clone, Debug)]
pub struct Prometheus {
    /// The container: `otel-prometheus`.
    pub container: String,
    /// The pinned image.
    pub image: Sourced<Image>,
    /// The volume with the time series: `otel_prometheus-data`.
    pub volume: String,
    /// How long samples are kept, such as `400d`.
    pub retention: Sourced<String>,
    /// Where otelctl itself reaches it, without a trailing slash.
    pub url: String,
}

/// The user's own Prometheus.
#[derive(Clone, Debug)]
pub struct ExternalPrometheus {
    /// Where otelctl reaches it, without a trailing slash.
    pub url: Sourced<String>,
    /// The configuration that takes the scrape job and the rules; none: the user's work.
    pub config_file: Option<Sourced<String>>,
    /// How otelctl gets in; none: nobody asks.
    pub login: Option<Login>,
    /// How long samples should be kept at least; none: the profile does not say.
    pub retention: Option<Sourced<String>>,
}

impl ExternalPrometheus {
    /// Whether the profile says which one it is, so that it may be asked.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.config_file.is_some() || self.url.origin.location().is_some()
    }
}

/// Grafana and what otelctl brings about in it.
#[derive(Clone, Debug)]
pub struct Grafana {
    /// Where otelctl reaches it, without a trailing slash.
    pub url: Sourced<String>,
    /// What otelctl shows at its door.
    pub access: Access,
    /// Who signed its certificate, a PEM file; none: the system's authorities.
    pub ca_file: Option<Sourced<String>>,
    /// The managed one's container; none: it is the user's own.
    pub container: Option<Container>,
    /// The folder of the dashboards.
    pub folder: Folder,
    /// The data source that the dashboards read.
    pub datasource: Datasource,
}

/// A container that keeps its data in a volume.
#[derive(Clone, Debug)]
pub struct Container {
    /// The container: `otel-grafana`.
    pub name: String,
    /// The pinned image.
    pub image: Sourced<Image>,
    /// The volume: `otel_grafana-data`.
    pub volume: String,
}

/// The dashboards' folder in Grafana.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Stable, and ours: `otelctl-otel`.
    pub uid: String,
    /// What people see.
    pub title: Sourced<String>,
}

/// Grafana's data source for the stack's Prometheus.
#[derive(Clone, Debug)]
pub struct Datasource {
    /// What people see, unique in Grafana.
    pub name: Sourced<String>,
    /// `otelctl-otel`, or that of the user's own.
    pub uid: Sourced<String>,
    /// True: it is the user's, must exist, and is never written.
    pub theirs: bool,
    /// Prometheus as Grafana reaches it; none: it must exist already.
    pub url: Option<Sourced<String>>,
    /// `timeInterval`: the scrape interval.
    pub interval: Sourced<String>,
}

/// The two dashboards.
#[derive(Clone, Debug)]
pub struct Dashboards {
    /// `enable_grafana_dashboards`; false: neither written nor pushed, and ours are removed.
    pub enabled: Sourced<bool>,
    /// The name of the data source that they show first.
    pub datasource: Sourced<String>,
}

/// The scrape job of the user's document.
#[derive(Clone, Debug)]
pub struct Scrape {
    /// `job_name`: `otel-collector`, named by the stack.
    pub job: String,
    /// `scrape_interval`, such as `15s`.
    pub interval: Sourced<String>,
    /// `host:port` as Prometheus sees the exporter.
    pub target: Sourced<String>,
}

impl Scrape {
    /// The job of the counters by session, where the profile asks for them.
    #[must_use]
    pub fn detail_job(&self) -> String {
        format!("{}-detail", self.job)
    }
}

/// What Claude Code clients need to know: where the receivers are for them.
#[derive(Clone, Debug)]
pub struct Client {
    /// OTLP over gRPC.
    pub grpc: Receiver,
    /// OTLP over HTTP.
    pub http: Receiver,
}

/// A receiver as clients name it.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// The host: `listen_address`, else the host's first address inside a source
    /// that the port accepts, else 127.0.0.1.
    pub address: Sourced<IpAddr>,
    /// The setting that the address follows from.
    pub address_setting: &'static str,
    /// The port.
    pub port: Sourced<u16>,
    /// The setting of the port.
    pub port_setting: &'static str,
    /// Why the address is no good for clients elsewhere, if it is not.
    pub note: Option<Diagnostic>,
}

/// Docker's json-file log rotation.
#[derive(Clone, Debug)]
pub struct LogRotation {
    /// `max-size`, such as `10m`.
    pub max_size: Sourced<String>,
    /// `max-file`.
    pub files: Sourced<u64>,
}

/// The nft table of the stack.
#[derive(Clone, Debug)]
pub struct Firewall {
    /// The table's name, also where an earlier profile asked for one.
    pub table: String,
    /// `otelctl::firewall::manage`; false: no table.
    pub managed: bool,
}

/// The units of systemd, by the stack's name.
#[derive(Clone, Debug)]
pub struct Units {
    /// It follows the collector's container: `otel-collector.service`.
    pub collector: String,
    /// It loads the nft table at boot: `otelctl-firewall.service`.
    pub firewall: String,
}
