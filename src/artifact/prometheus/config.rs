//! `prometheus.yml`: what is scraped and which rule files are read.

use super::{Interval, yaml};
use crate::artifact::path;
use crate::diagnostic::Diagnostic;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The configuration file, or the part of it that is a scrape snippet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrometheusConfig {
    /// Defaults for all jobs and rules.
    #[serde(default)]
    pub global: Global,
    /// Paths or patterns of rule files, as Prometheus sees them.
    #[serde(default)]
    pub rule_files: Vec<String>,
    /// What is scraped.
    #[serde(default)]
    pub scrape_configs: Vec<ScrapeJob>,
}

/// Defaults for all jobs and rules.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Global {
    /// How often a job without its own interval is scraped.
    pub scrape_interval: Interval,
    /// How often a rule group without its own interval is evaluated.
    pub evaluation_interval: Interval,
}

/// One scrape job.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScrapeJob {
    /// Becomes the label `job`.
    pub job_name: String,
    /// How often it is scraped; none means the global interval.
    pub scrape_interval: Option<Interval>,
    /// The path of the exporter's page.
    #[serde(default = "default_metrics_path")]
    pub metrics_path: String,
    /// Whether labels of the exporter win over those of the scrape.
    #[serde(default)]
    pub honor_labels: bool,
    /// A scrape with more samples fails as a whole; none: there is no limit.
    pub sample_limit: Option<u64>,
    /// The targets.
    #[serde(default)]
    pub static_configs: Vec<StaticTargets>,
}

/// Targets that share labels.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaticTargets {
    /// `host:port` of each, as Prometheus sees it.
    pub targets: Vec<String>,
    /// Labels added to all their series.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

impl PrometheusConfig {
    /// Reads the rendered configuration.
    ///
    /// # Errors
    /// Says what is wrong and where: bad YAML, an unknown key, a bad duration.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        yaml::parse(path::PROMETHEUS, text)
    }

    /// Reads the rendered scrape job for the user's own Prometheus.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_snippet(text: &str) -> Result<Self, Diagnostic> {
        yaml::parse(path::SCRAPE, text)
    }

    /// The interval at which a job is scraped, its own or the global one.
    #[must_use]
    pub fn interval(&self, job: &ScrapeJob) -> Interval {
        job.scrape_interval.unwrap_or(self.global.scrape_interval)
    }
}

impl Default for Global {
    fn default() -> Self {
        Self { scrape_interval: Interval::MINUTE, evaluation_interval: Interval::MINUTE }
    }
}

fn default_metrics_path() -> String {
    "/metrics".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The user's own job, as the document gives it.
    const SNIPPET: &str = "\
scrape_configs:
  - job_name: 'otel-collector'
    static_configs:
      - targets: ['localhost:8889']
    scrape_interval: 15s
    metrics_path: /metrics
    honor_labels: true
";

    #[test]
    fn reads_the_documents_job() {
        let config = PrometheusConfig::parse_snippet(SNIPPET).expect("valid");
        assert_eq!(
            config.scrape_configs,
            [ScrapeJob {
                job_name: "otel-collector".into(),
                scrape_interval: Interval::parse("15s"),
                metrics_path: "/metrics".into(),
                honor_labels: true,
                sample_limit: None,
                static_configs: vec![StaticTargets {
                    targets: vec!["localhost:8889".into()],
                    labels: BTreeMap::new(),
                }],
            }]
        );
        assert_eq!(config.global, Global::default());
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_line() {
        let text = SNIPPET.replace("honor_labels", "honour_labels");
        let error = PrometheusConfig::parse(&text).expect_err("unknown key");
        let at = error.origin.location().expect("has a place");
        assert_eq!((&*at.file, at.line, at.column), (path::PROMETHEUS, 7, 5));
        assert_eq!(
            error.causes,
            ["unknown field `honour_labels`, expected one of job_name, scrape_interval, \
              metrics_path, honor_labels, sample_limit, static_configs"]
        );
    }

    #[test]
    fn a_bad_duration_is_an_error_with_its_line() {
        let text = SNIPPET.replace("15s", "15 seconds");
        let error = PrometheusConfig::parse(&text).expect_err("bad duration");
        assert_eq!(error.origin.location().map(|at| at.line), Some(5));
        assert!(error.causes.concat().contains("15 seconds"), "{error:?}");
    }
}
