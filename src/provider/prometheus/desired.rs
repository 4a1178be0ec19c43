//! What a Prometheus shall have loaded, and the one operation that brings it about.

use crate::artifact::prometheus::{Interval, PrometheusConfig, RuleFile};

/// What a Prometheus shall have loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// Where otelctl reaches it, without a trailing slash.
    pub url: String,
    /// The rendered `prometheus.yml`.
    pub config: PrometheusConfig,
    /// The rendered rules, all of those that the configuration names.
    pub rules: RuleFile,
    /// The job whose targets must be up: `otel-collector`.
    pub job: String,
    /// How long samples are kept; none: not compared.
    pub retention: Option<Interval>,
    /// The container, for hints: `otel-prometheus`.
    pub container: String,
}

/// One call to Prometheus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Waits until the expected state is loaded and its job's targets are up.
    Load {
        /// Whether it is told to read its files again first.
        reload: bool,
        /// What must be loaded in the end.
        expected: Desired,
    },
}
