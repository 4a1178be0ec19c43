//! Prometheus's configuration and the scrape job for a Prometheus of the user's own.
//!
//! May not know Prometheus's API.

use super::collector::{DETAIL_PORT, OWN_METRICS_PORT, container_port};
use super::compose;
use super::setting::{Setting, key};
use super::templates::Templates;
use crate::artifact::{Artifact, path};
use crate::diagnostic::{Diagnostic, Kind, Origin};
use crate::stack::{DETAIL_LIMIT, OWN_METRICS_JOB, Stack};
use serde::Serialize;

#[derive(Serialize)]
struct Context {
    job: String,
    interval: Setting<String>,
    target: Setting<String>,
    own_metrics_job: &'static str,
    own_metrics_target: String,
    prometheus_target: String,
    detail: Option<Setting<Detail>>,
}

/// The scrape job of sessions.
#[derive(Clone, Serialize)]
struct Detail {
    job: String,
    target: String,
    sample_limit: u64,
}

/// Renders the scrape job, and the configuration of the managed Prometheus if there is one.
///
/// # Errors
/// A template that does not fill, a port the stack lacks.
pub fn artifacts(stack: &Stack, templates: &Templates) -> Result<Vec<Artifact>, Diagnostic> {
    let scrape = &stack.scrape;
    let exporter = stack
        .ports
        .iter()
        .find(|port| port.name == "metrics")
        .ok_or_else(|| Diagnostic::error(Kind::Bug, "the stack has no port `metrics`"))?;
    let mut artifacts = Vec::new();
    let mut context = Context {
        job: scrape.job.clone(),
        interval: Setting::of(key::SCRAPE_INTERVAL, &scrape.interval),
        target: Setting::of(key::SCRAPE_TARGET, &scrape.target),
        own_metrics_job: OWN_METRICS_JOB,
        own_metrics_target: format!("{}:{OWN_METRICS_PORT}", compose::COLLECTOR),
        prometheus_target: String::new(),
        detail: stack.detail.value.then(|| {
            let detail = Detail {
                job: scrape.detail_job(),
                target: format!("{}:{DETAIL_PORT}", compose::COLLECTOR),
                sample_limit: DETAIL_LIMIT,
            };
            Setting::new(key::DETAIL, &stack.detail, detail)
        }),
    };
    if stack.prometheus.is_some() {
        context.prometheus_target = format!("localhost:{}", container_port(stack, "prometheus")?);
        artifacts.push(templates.fill(path::PROMETHEUS, &context)?);
        if scrape.target.origin == Origin::Default {
            // The managed Prometheus knows the collector by its container's
            // name; one outside the stack's network finds it on the host.
            let target = format!("localhost:{}", exporter.host.value);
            context.target = Setting::new(exporter.setting, &exporter.host, target);
        }
    } else if scrape.target.origin == exporter.host.origin {
        // Nobody set a target, so it follows from the exporter's port.
        context.target.from = Setting::of(exporter.setting, &exporter.host).from;
    }
    artifacts.push(templates.fill(path::SCRAPE, &context)?);
    Ok(artifacts)
}
