//! The configuration that a Prometheus prints: complete, with all its defaults.

use super::PrometheusConfig;
use serde_json::{Map, Value};

/// What a Prometheus says it has loaded, as far as otelctl's own files go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadedConfig {
    /// The part that otelctl renders.
    pub config: PrometheusConfig,
    /// Other settings that change what is scraped or where it goes, such as
    /// `remote_write` or `scrape_configs.otel-collector.relabel_configs`.
    pub foreign: Vec<String>,
}

/// Settings beside ours that change what is stored. Each version prints
/// further keys with their defaults, so that others cannot count.
const FOREIGN: [&str; 14] = [
    "alerting",
    "remote_write",
    "remote_read",
    "scrape_config_files",
    "external_labels",
    "relabel_configs",
    "metric_relabel_configs",
    "params",
    "basic_auth",
    "authorization",
    "oauth2",
    "tls_config",
    "proxy_url",
    "sample_limit",
];

impl LoadedConfig {
    /// Reads the YAML of `/api/v1/status/config`; unknown keys are set aside.
    ///
    /// # Errors
    /// Says why the text is no configuration of a Prometheus.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut value: Map<String, Value> =
            serde_saphyr::from_str(text).map_err(|error| error.without_snippet().to_string())?;
        let mut foreign = Vec::new();
        keep(&mut value, &["global", "rule_files", "scrape_configs"], "", &mut foreign);
        if let Some(Value::Object(global)) = value.get_mut("global") {
            keep(global, &["scrape_interval", "evaluation_interval"], "global.", &mut foreign);
        }
        if let Some(Value::Array(jobs)) = value.get_mut("scrape_configs") {
            for job in jobs.iter_mut().filter_map(Value::as_object_mut) {
                let name = job.get("job_name").and_then(Value::as_str).unwrap_or_default();
                let prefix = format!("scrape_configs.{name}.");
                let ours = [
                    "job_name",
                    "scrape_interval",
                    "metrics_path",
                    "honor_labels",
                    "sample_limit",
                    "static_configs",
                ];
                keep(job, &ours, &prefix, &mut foreign);
            }
        }
        let config = serde_json::from_value(Value::Object(value)).map_err(|e| e.to_string())?;
        Ok(Self { config, foreign })
    }
}

/// Drops the keys that are not ours and notes those that matter.
fn keep(map: &mut Map<String, Value>, ours: &[&str], prefix: &str, foreign: &mut Vec<String>) {
    for (key, value) in &*map {
        let matters = FOREIGN.contains(&key.as_str())
            || key.ends_with("_sd_configs")
            || (key == "scheme" && value != "http");
        if matters && !ours.contains(&key.as_str()) {
            foreign.push(format!("{prefix}{key}"));
        }
    }
    map.retain(|key, _| ours.contains(&key.as_str()));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by Prometheus 2.42.
    const PRINTED: &str = "\
global:
  scrape_interval: 15s
  scrape_timeout: 10s
  evaluation_interval: 1m
rule_files:
- /etc/prometheus/rules/*.yaml
scrape_configs:
- job_name: otel-collector
  honor_labels: true
  honor_timestamps: true
  scrape_interval: 15s
  scrape_timeout: 10s
  metrics_path: /metrics
  scheme: http
  follow_redirects: true
  enable_http2: true
  static_configs:
  - targets:
    - localhost:8889
";

    #[test]
    fn defaults_that_prometheus_prints_make_no_difference() {
        let rendered = "\
global:
  scrape_interval: 15s
rule_files: [/etc/prometheus/rules/*.yaml]
scrape_configs:
  - job_name: otel-collector
    static_configs:
      - targets: ['localhost:8889']
    scrape_interval: 15s
    honor_labels: true
";
        let config = PrometheusConfig::parse(rendered).expect("valid");
        let loaded = LoadedConfig::parse(PRINTED).expect("valid");
        assert_eq!(loaded, LoadedConfig { config, foreign: Vec::new() });
    }

    #[test]
    fn settings_that_change_what_is_stored_are_noted() {
        let text = format!(
            "{PRINTED}  metric_relabel_configs:\n  - action: drop\n- job_name: x\n  scheme: https\n  \
             consul_sd_configs: []\nremote_write:\n- url: http://elsewhere\n"
        );
        let loaded = LoadedConfig::parse(&text).expect("valid");
        assert_eq!(
            loaded.foreign,
            [
                "remote_write",
                "scrape_configs.otel-collector.metric_relabel_configs",
                "scrape_configs.x.scheme",
                "scrape_configs.x.consul_sd_configs",
            ]
        );
    }

    #[test]
    fn what_is_no_configuration_is_an_error() {
        for bad in ["[1]", "global: 7", "a: ["] {
            assert!(LoadedConfig::parse(bad).is_err(), "{bad}");
        }
    }
}
