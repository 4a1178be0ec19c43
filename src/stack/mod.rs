//! The desired state of everything, decided from the profile and nothing else.
//!
//! Owns the table of metrics, the price table, names, ports, memory shares and
//! the cross-checks of what the profile says. May not know disk, network or
//! templates.

mod build;
mod check;
mod client;
mod memory;
mod metric;
mod port;
mod publish;

pub use crate::profile::{DEFAULT_PRICES, Image, LABELS, Price, Version};
pub use metric::{METRICS, Metric, Source, VERIFY_SERVICE};
pub use port::{Exposure, Port};

use crate::diagnostic::{Diagnostic, Sourced};
use ipnet::Ipv4Net;
use std::collections::BTreeMap;
use std::net::IpAddr;

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
    /// The scrape job as the user's own Prometheus needs it.
    pub scrape: Scrape,
    /// Every port the stack publishes.
    pub ports: Vec<Port>,
    /// The firewall.
    pub firewall: Firewall,
    /// What Claude Code clients need to know.
    pub client: Client,
    /// USD per million tokens, by model.
    pub prices: Sourced<Vec<Price>>,
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
    pub version: Version,
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

/// The scrape job of the user's document.
#[derive(Clone, Debug)]
pub struct Scrape {
    /// `job_name`: `otel-collector`.
    pub job: String,
    /// `scrape_interval`, such as `15s`.
    pub interval: Sourced<String>,
    /// `host:port` as Prometheus sees the exporter.
    pub target: Sourced<String>,
}

/// What Claude Code clients need to know.
#[derive(Clone, Debug)]
pub struct Client {
    /// The host that clients name: `listen_address`, else the host's first
    /// address inside an accepted source, else 127.0.0.1.
    pub address: IpAddr,
    /// The gRPC port.
    pub grpc_port: u16,
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
