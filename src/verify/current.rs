//! What a running stack says of itself: totals and versions. Sends nothing.

use super::exposition;
use super::http::Http;
use super::{SERVICE_NAME, port};
use crate::stack::{METRICS, Metric, Stack};
use serde_json::Value;

/// The counters' totals of the current collector run, without `verify`'s own
/// sessions; none where the exporter does not answer.
pub async fn totals(stack: &Stack) -> Option<Vec<(Metric, f64)>> {
    let port = port(stack, "metrics")?;
    let url = format!("http://{}/metrics", port.local_address());
    let page = Http::new().ok()?.get("the exporter", &url, &[]).await.ok()?;
    let samples = exposition::samples(&page).ok()?;
    let total = |metric: &Metric| {
        let ours = samples.iter().filter(|sample| sample.name == metric.name);
        ours.filter(|s| s.labels.get("service_name").is_none_or(|name| name != SERVICE_NAME))
            // The sum of no numbers at all would be -0.
            .fold(0.0, |total, sample| total + sample.value)
    };
    Some(METRICS.iter().map(|metric| (*metric, total(metric))).collect())
}

/// The version that a managed Prometheus says it is.
pub async fn prometheus_version(stack: &Stack) -> Option<String> {
    let url = format!("{}/api/v1/status/buildinfo", stack.prometheus.as_ref()?.url);
    let found = ask(&url).await?;
    found.get("data")?.get("version")?.as_str().map(str::to_owned)
}

/// The version that a managed Grafana says it is; its health page asks for no login.
pub async fn grafana_version(stack: &Stack) -> Option<String> {
    let grafana = stack.grafana.as_ref().filter(|grafana| grafana.container.is_some())?;
    let found = ask(&format!("{}/api/health", grafana.url.value)).await?;
    found.get("version")?.as_str().map(str::to_owned)
}

async fn ask(url: &str) -> Option<Value> {
    let body = Http::new().ok()?.get("the service", url, &[]).await.ok()?;
    serde_json::from_str(&body).ok()
}
