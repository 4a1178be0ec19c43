//! The one table of metrics of the pipeline itself: what Prometheus says of its targets, and
//! what the collector says of itself.
//!
//! The collector's names are measured on 0.91.0 and 0.155.0, each with the configuration that
//! is rendered for it. Dashboards and alert rules read them by this table.

/// A metric that tells of the pipeline's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PipelineMetric {
    /// Its name.
    pub name: &'static str,
    /// Whether the collector exports it; else Prometheus makes it of each scrape.
    pub of_collector: bool,
    /// One line for the docs.
    pub help: &'static str,
}

impl PipelineMetric {
    /// Its names in Prometheus. A collector whose own metrics are scraped as `OpenMetrics` ends
    /// the names of counters in `_total`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![self.name.to_owned()];
        if self.name.ends_with("points") || self.name.ends_with("records") {
            names.push(format!("{}_total", self.name));
        }
        names
    }
}

const fn of_scrape(name: &'static str, help: &'static str) -> PipelineMetric {
    PipelineMetric { name, of_collector: false, help }
}

const fn of_collector(name: &'static str, help: &'static str) -> PipelineMetric {
    PipelineMetric { name, of_collector: true, help }
}

/// Labels of these metrics that queries may name.
pub const PIPELINE_LABELS: [&str; 3] = ["job", "instance", "service_instance_id"];

/// The scrape job of the collector's own metrics, which only a managed Prometheus has.
pub const OWN_METRICS_JOB: &str = "otel-collector-internal";

/// The table.
pub const PIPELINE_METRICS: [PipelineMetric; 7] = [
    of_scrape("up", "1 when the last scrape of a target succeeded"),
    of_scrape("scrape_duration_seconds", "How long the last scrape took"),
    of_scrape("scrape_samples_scraped", "How many samples a target had"),
    of_collector("otelcol_process_memory_rss", "Memory of the collector's process in bytes"),
    of_collector("otelcol_receiver_refused_metric_points", "Metric points that were refused"),
    of_collector("otelcol_receiver_refused_log_records", "Log records that were refused"),
    of_collector(
        "otelcol_exporter_send_failed_metric_points",
        "Metric points that could not be handed on",
    ),
];

#[cfg(test)]
mod tests {
    use super::{PIPELINE_METRICS, PipelineMetric};

    #[test]
    fn only_counters_have_a_second_name() {
        let names: Vec<_> = PIPELINE_METRICS.iter().flat_map(PipelineMetric::names).collect();
        assert!(names.contains(&"otelcol_receiver_refused_metric_points_total".to_owned()));
        assert!(!names.iter().any(|name| name.contains("rss_total") || name == "up_total"));
    }
}
