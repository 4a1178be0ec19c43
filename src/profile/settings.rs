//! The settings of a profile, typed and validated.
//!
//! Only plain values: what follows from them is decided in `stack`.

use super::Rule;
use super::value::{Image, Price, Version};
use crate::diagnostic::{Diagnostic, Sourced};
use ipnet::Ipv4Net;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Everything a profile says, with otelctl's defaults for the rest.
///
/// Holds no secret: keys that carry one are checked and dropped.
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
    /// The firewall.
    pub firewall: FirewallSettings,
    /// `otelctl::model_prices` merged over the default table.
    pub prices: Sourced<Vec<Price>>,
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
