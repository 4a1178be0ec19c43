//! The collector's configuration.
//!
//! Derives receivers, the exact pipeline and the exporter from the table of
//! metrics and the price table. The pipeline's shape is measured: with points
//! that carry no time of their own and only the wanted labels, deltas of any
//! number of clients add up exactly. May not know Docker.

mod detail;
mod labels;
mod prices;
mod saving;

use super::forward::{self, Forward};
use super::ottl;
use super::quirks::Quirks;
use super::setting::{Setting, key};
use super::templates::Templates;
use super::tempo::{self, Tempo};
use crate::artifact::{Artifact, path};
use crate::diagnostic::{Diagnostic, Kind};
use crate::stack::{METRICS, Metric, Source, Stack, TOKENS, VERIFY_SERVICE};
pub use detail::DETAIL_PORT;
use detail::Detail;
use serde::Serialize;

/// Where the collector serves its own metrics, inside the stack's network only.
pub const OWN_METRICS_PORT: u16 = 8888;

/// The collector's ports that are never published.
pub const INNER_PORTS: [u16; 2] = [OWN_METRICS_PORT, DETAIL_PORT];

/// The types of tokens that savings and surcharges are counted from.
const CACHE_READ: &str = "cacheRead";
const CACHE_WRITE: &str = "cacheCreation";

/// The label that is new with every start of the collector: the first part of a
/// random number, which the collector reads from the kernel.
const COLLECTOR_RUN: &str = r#"Substring("${file:/proc/sys/kernel/random/uuid}", 0, 8)"#;

#[derive(Serialize)]
struct Context {
    version: Setting<String>,
    grpc_port: u16,
    http_port: u16,
    exporters: Vec<Exporter>,
    health_port: u16,
    pprof_port: u16,
    own_metrics_port: u16,
    memory_limit_mib: Setting<u64>,
    spike_limit_mib: u64,
    batch_timeout: Setting<String>,
    const_labels: Setting<Vec<(String, String)>>,
    cli_metrics: Vec<&'static str>,
    unwanted: String,
    inserts: Vec<Insert>,
    renames: Vec<Rename>,
    descriptions: Vec<String>,
    priced: String,
    money: Setting<Vec<String>>,
    families: Vec<String>,
    extra_labels: Setting<Vec<String>>,
    labels: Vec<String>,
    counted_by: Vec<String>,
    counts: Vec<Count>,
    span_counts: Vec<Count>,
    detail: Option<Setting<Detail>>,
    collector_run: &'static str,
    tempo: Option<Tempo>,
    forward: Option<Forward>,
    verify_service: &'static str,
    quirks: Quirks,
}

/// Where Prometheus reads, and how long a series stays without a new point.
#[derive(Serialize)]
struct Exporter {
    name: &'static str,
    port: u16,
    expiration: &'static str,
    why: &'static str,
}

/// A metric made of the points of a CLI's metric, of one type or of all.
#[derive(Serialize)]
struct Insert {
    from: &'static str,
    kind: Option<&'static str>,
    to: &'static str,
}

/// A CLI's metric under its exported name.
#[derive(Serialize)]
struct Rename {
    from: &'static str,
    to: &'static str,
}

/// A metric counted from log records or spans; without a condition all of them.
#[derive(Serialize)]
struct Count {
    name: &'static str,
    help: &'static str,
    condition: Option<&'static str>,
}

/// Renders the collector's configuration.
///
/// # Errors
/// A price that cannot become a saving, a port the stack lacks.
pub fn artifact(stack: &Stack, templates: &Templates) -> Result<Artifact, Diagnostic> {
    let collector = &stack.collector;
    let port = |name| container_port(stack, name);
    let quirks = Quirks::of(collector.version.value);
    let const_labels = collector.const_labels.value.iter();
    let const_labels =
        const_labels.map(|(name, value)| (name.clone(), ottl::unexpanded(value))).collect();
    templates.fill(
        path::COLLECTOR,
        Context {
            version: Setting::new(
                collector.version_setting,
                &collector.version,
                collector.version.value.to_string(),
            ),
            grpc_port: port("grpc")?,
            http_port: port("http")?,
            exporters: exporters(stack, port("metrics")?),
            health_port: port("health")?,
            pprof_port: port("pprof")?,
            own_metrics_port: OWN_METRICS_PORT,
            memory_limit_mib: Setting::of(key::MEMORY_LIMIT, &collector.memory_limit_mib),
            spike_limit_mib: collector.spike_limit_mib,
            batch_timeout: Setting::of(key::BATCH_TIMEOUT, &collector.batch_timeout),
            const_labels: Setting::new(key::CONST_LABELS, &collector.const_labels, const_labels),
            cli_metrics: cli_metrics(),
            unwanted: unwanted(),
            inserts: METRICS.iter().filter_map(insert).collect(),
            renames: METRICS.iter().filter_map(rename).collect(),
            descriptions: METRICS.iter().map(description).collect(),
            priced: prices::priced(&stack.prices.value),
            money: Setting::new(key::MODEL_PRICES, &stack.prices, prices::money(stack)?),
            families: prices::families(&stack.prices.value),
            extra_labels: Setting::new(
                key::METRIC_LABELS,
                &stack.labels,
                labels::extra(&stack.labels.value),
            ),
            labels: labels::kept(&stack.labels.value),
            counted_by: labels::counted_by(&stack.labels.value),
            counts: METRICS.iter().filter_map(count).collect(),
            span_counts: METRICS.iter().filter_map(span_count).collect(),
            collector_run: COLLECTOR_RUN,
            detail: stack
                .detail
                .value
                .then(|| Setting::new(key::DETAIL, &stack.detail, detail::detail())),
            tempo: stack.tempo.as_ref().map(|settings| tempo::tempo(settings, stack, quirks)),
            forward: stack.forward.as_ref().map(|to| forward::forward(to, stack, quirks)),
            verify_service: VERIFY_SERVICE,
            quirks,
        },
    )
}

fn exporters(stack: &Stack, port: u16) -> Vec<Exporter> {
    let counters = Exporter {
        name: "prometheus",
        port,
        expiration: "8760h",
        why: "An idle series that expires would start again from 0.",
    };
    let sessions = stack.detail.value.then_some(Exporter {
        name: "prometheus/detail",
        port: DETAIL_PORT,
        expiration: detail::EXPIRATION,
        why: "A series has its last point on the day of its first, and goes after it.",
    });
    [counters].into_iter().chain(sessions).collect()
}

/// Finds the port in the container that a published port leads to.
pub fn container_port(stack: &Stack, name: &str) -> Result<u16, Diagnostic> {
    let port = stack.ports.iter().find(|port| port.name == name);
    port.map(|port| port.container)
        .ok_or_else(|| Diagnostic::error(Kind::Bug, format!("the stack has no port `{name}`")))
}

/// The metrics of the CLI that anything is made of, each once, in the table's order.
fn cli_metrics() -> Vec<&'static str> {
    let mut names = Vec::new();
    for metric in METRICS {
        let name = match metric.source {
            Source::Metric(name) | Source::MetricOfType(name, _) => name,
            Source::CacheSaving | Source::CacheSurcharge | Source::Unpriced => TOKENS,
            Source::ApiRequest { .. } | Source::Span => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The filter's condition: everything that no counter is made of.
fn unwanted() -> String {
    let counts = METRICS.iter().filter_map(|metric| count(metric).or_else(|| span_count(metric)));
    let counted = counts.map(|count| count.name);
    let wanted: Vec<String> = cli_metrics()
        .into_iter()
        .chain(counted)
        .map(|name| format!("name == {}", ottl::literal(name)))
        .collect();
    format!("not ({})", wanted.join(" or "))
}

fn insert(metric: &Metric) -> Option<Insert> {
    let (from, kind) = match metric.source {
        Source::MetricOfType(from, kind) => (from, Some(kind)),
        Source::CacheSaving => (TOKENS, Some(CACHE_READ)),
        Source::CacheSurcharge => (TOKENS, Some(CACHE_WRITE)),
        Source::Unpriced => (TOKENS, None),
        Source::Metric(_) | Source::ApiRequest { .. } | Source::Span => return None,
    };
    Some(Insert { from, kind, to: metric.name })
}

fn rename(metric: &Metric) -> Option<Rename> {
    let Source::Metric(from) = metric.source else { return None };
    Some(Rename { from, to: metric.name })
}

/// Every point of a counter must tell the same description, or the exporter drops some.
fn description(metric: &Metric) -> String {
    let (help, name) = (ottl::literal(metric.help), ottl::literal(metric.name));
    format!("set(description, {help}) where name == {name}")
}

fn count(metric: &Metric) -> Option<Count> {
    let Source::ApiRequest { cache_hit } = metric.source else { return None };
    // Event numbers may be strings; `Int` reads both.
    let condition = if cache_hit {
        r#"attributes["event.name"] == "api_request" and Int(attributes["cache_read_tokens"]) > 0"#
    } else {
        r#"attributes["event.name"] == "api_request" and not (Int(attributes["cache_read_tokens"]) > 0)"#
    };
    Some(Count { name: metric.name, help: metric.help, condition: Some(condition) })
}

fn span_count(metric: &Metric) -> Option<Count> {
    let all = Count { name: metric.name, help: metric.help, condition: None };
    (metric.source == Source::Span).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::{cli_metrics, unwanted};

    #[test]
    fn the_filter_keeps_what_counters_are_made_of() {
        assert_eq!(
            cli_metrics(),
            [
                "claude_code.session.count",
                "claude_code.token.usage",
                "claude_code.cost.usage",
                "claude_code.lines_of_code.count",
                "claude_code.commit.count",
                "claude_code.pull_request.count",
                "claude_code.code_edit_tool.decision",
                "claude_code.active_time.total",
            ]
        );
        let unwanted = unwanted();
        assert!(unwanted.starts_with("not (name == \"claude_code.session.count\" or "));
        for name in
            ["claude_code.active_time.total", "claude_cache_hits_total", "claude_spans_total"]
        {
            assert!(unwanted.contains(&format!("name == \"{name}\"")), "{unwanted}");
        }
    }
}
