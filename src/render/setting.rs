//! A value as templates show it: with the setting it comes from.
//!
//! Owns the names of the settings that rendered files mention. May not know
//! what the values mean.

use crate::diagnostic::{Origin, Sourced};
use serde::Serialize;

/// The settings that rendered files mention.
pub mod key {
    /// The stack's name.
    pub const STACK: &str = "otelctl::stack";
    /// The stack's directory.
    pub const DIRECTORY: &str = "profile::otel_collector::otel_dir";
    /// The container subnet.
    pub const SUBNET: &str = "otelctl::subnet";
    /// The collector's image.
    pub const COLLECTOR_IMAGE: &str = "profile::otel_collector::otel_collector_image";
    /// `batch.timeout`.
    pub const BATCH_TIMEOUT: &str = "profile::otel_collector::batch_timeout";
    /// `memory_limiter.limit_mib`.
    pub const MEMORY_LIMIT: &str = "profile::otel_collector::memory_limit_mib";
    /// `prometheus.const_labels`.
    pub const CONST_LABELS: &str = "profile::otel_collector::const_labels";
    /// The scrape interval.
    pub const SCRAPE_INTERVAL: &str = "profile::otel_collector::prometheus_scrape_interval";
    /// Prometheus's image.
    pub const PROMETHEUS_IMAGE: &str = "otelctl::prometheus::image";
    /// Grafana's image.
    pub const GRAFANA_IMAGE: &str = "otelctl::grafana::image";
    /// How long samples are kept.
    pub const RETENTION: &str = "otelctl::prometheus::retention";
    /// Where Prometheus finds the exporter.
    pub const SCRAPE_TARGET: &str = "otelctl::prometheus::scrape_target";
    /// The size at which a container's log is rotated.
    pub const LOG_MAX_SIZE: &str = "otelctl::log_max_size";
    /// How many rotated logs are kept.
    pub const LOG_FILES: &str = "otelctl::log_files";
    /// Where Tempo takes traces.
    pub const TEMPO_ENDPOINT: &str = "profile::otel_collector::grafana_cloud_tempo_endpoint";
    /// Who sends traces to Tempo.
    pub const TEMPO_USERNAME: &str = "profile::otel_collector::grafana_cloud_tempo_username";
    /// The secret that opens Tempo.
    pub const TEMPO_API_KEY: &str = "profile::otel_collector::grafana_cloud_tempo_api_key";
    /// How traces are sent to Tempo.
    pub const TEMPO_PROTOCOL: &str = "profile::otel_collector::tempo_protocol";
    /// Where logs and traces go on to.
    pub const FORWARD_ENDPOINT: &str = "otelctl::forward::endpoint";
    /// How logs and traces are sent there.
    pub const FORWARD_PROTOCOL: &str = "otelctl::forward::protocol";
    /// The header that opens it.
    pub const FORWARD_AUTHORIZATION: &str = "otelctl::forward::authorization";
    /// The labels of counters that the profile asks for.
    pub const METRIC_LABELS: &str = "otelctl::metric_labels";
    /// Whether single sessions have counters.
    pub const DETAIL: &str = "otelctl::detail";
    /// The price table.
    pub const MODEL_PRICES: &str = "otelctl::model_prices";
}

/// A value and the setting it comes from.
#[derive(Clone, Debug, Serialize)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// `KEY, FILE:LINE` or `KEY, default`: fit for a comment.
    pub from: String,
}

impl<T> Setting<T> {
    /// Joins a value with its setting.
    pub fn new<S>(key: &str, sourced: &Sourced<S>, value: T) -> Self {
        Self { value, from: from(key, &sourced.origin) }
    }

    /// Adds a setting that has a say in the value, too.
    pub fn and(mut self, key: &str, origin: &Origin) -> Self {
        self.from = format!("{}; {}", self.from, from(key, origin));
        self
    }
}

/// Names a setting and where it stands: `KEY, FILE:LINE` or `KEY, default`.
pub fn from(key: &str, origin: &Origin) -> String {
    let from = format!("{key}, {}", place(origin));
    // A file's name may hold anything, and a line break would end the comment.
    from.chars().map(|c| if is_printable(c) { c } else { '?' }).collect()
}

impl<T: Clone> Setting<T> {
    /// Takes a value as the profile gave it.
    pub fn of(key: &str, sourced: &Sourced<T>) -> Self {
        Self::new(key, sourced, sourced.value.clone())
    }
}

/// Names the file without its folder: whether it was named by a relative or an
/// absolute path must not change what is rendered.
fn place(origin: &Origin) -> String {
    origin.location().map_or_else(
        || origin.to_string(),
        |at| format!("{}:{}", at.file.rsplit('/').next().unwrap_or(&at.file), at.line),
    )
}

/// Says whether YAML 1.1 and 1.2 readers alike take a character as it stands.
pub fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::{Setting, key};
    use crate::diagnostic::{Location, Origin, Sourced};

    #[test]
    fn a_file_name_cannot_end_the_comment() {
        let location =
            Location { layer: "".into(), file: "some/a\nb: c".into(), line: 3, column: 1 };
        let sourced = Sourced::new(1_u64, Origin::File(location));
        let setting = Setting::of(key::LOG_FILES, &sourced);
        assert_eq!(setting.from, "otelctl::log_files, a?b: c:3");
        assert_eq!(
            Setting::of(key::LOG_FILES, &Sourced::default_value(1_u64)).from,
            "otelctl::log_files, default"
        );
    }
}
