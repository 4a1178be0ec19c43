//! The collector's configuration.
//!
//! Derives receivers, the exact pipeline and the exporter from the table of
//! metrics and the price table. The pipeline's shape is measured: with points
//! that carry no time of their own and only the wanted labels, deltas of any
//! number of clients add up exactly. May not know Docker.

use super::quirks::Quirks;
use super::setting::{Setting, key};
use super::templates::Templates;
use super::tempo::{self, Tempo};
use super::{ottl, saving};
use crate::artifact::{Artifact, path};
use crate::diagnostic::{Diagnostic, Kind};
use crate::stack::{DEFAULT_PRICES, LABELS, METRICS, Metric, Price, Source, Stack};
use serde::Serialize;
use std::collections::BTreeSet;

/// Where the collector serves its own metrics, inside the stack's network only.
pub const OWN_METRICS_PORT: u16 = 8888;

/// The metric and type that savings are counted from.
const CACHE_READ: (&str, &str) = ("claude_code.token.usage", "cacheRead");

/// The model's id that every label of an unknown model shows.
const UNKNOWN: &str = "unknown";

#[derive(Serialize)]
struct Context {
    version: Setting<String>,
    grpc_port: u16,
    http_port: u16,
    metrics_port: u16,
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
    savings: Setting<Vec<String>>,
    families: Vec<String>,
    labels: [&'static str; 5],
    counts: Vec<Count>,
    span_counts: Vec<Count>,
    tempo: Option<Tempo>,
    quirks: Quirks,
}

/// A metric made of the points of one type of a CLI's metric.
#[derive(Serialize)]
struct Insert {
    from: &'static str,
    kind: &'static str,
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
            metrics_port: port("metrics")?,
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
            savings: Setting::new(key::MODEL_PRICES, &stack.prices, savings(stack)?),
            families: families(&stack.prices.value),
            labels: LABELS,
            counts: METRICS.iter().filter_map(count).collect(),
            span_counts: METRICS.iter().filter_map(span_count).collect(),
            tempo: stack.tempo.as_ref().map(|settings| tempo::tempo(settings, stack, quirks)),
            quirks,
        },
    )
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
            Source::CacheSaving => CACHE_READ.0,
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
        Source::MetricOfType(from, kind) => (from, kind),
        Source::CacheSaving => CACHE_READ,
        Source::Metric(_) | Source::ApiRequest { .. } | Source::Span => return None,
    };
    Some(Insert { from, kind, to: metric.name })
}

fn rename(metric: &Metric) -> Option<Rename> {
    match metric.source {
        Source::Metric(from) => Some(Rename { from, to: metric.name }),
        Source::MetricOfType(..)
        | Source::CacheSaving
        | Source::ApiRequest { .. }
        | Source::Span => None,
    }
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

/// Statements that turn cache-read tokens into USD; a model without a price saves nothing.
fn savings(stack: &Stack) -> Result<Vec<String>, Diagnostic> {
    let Some(metric) = METRICS.iter().find(|metric| metric.source == Source::CacheSaving) else {
        return Ok(Vec::new());
    };
    let here = format!("metric.name == {}", ottl::literal(metric.name));
    let mut statements = vec![format!("set(attributes[\"usd\"], 0.0) where {here}")];
    // The last statement that matches wins, so exact ids come after the ids of all dates.
    let mut prices: Vec<&Price> = stack.prices.value.iter().collect();
    prices.sort_by_key(|price| is_dated(&price.model));
    for price in prices {
        let usd = saving::usd_per_token(price).ok_or_else(|| {
            Diagnostic::error(
                Kind::Profile,
                format!("the prices of model `{}` give no saving per cached token", price.model),
            )
            .code("render::price")
            .at(&stack.prices.origin)
            .hint("`cache_read` must be between 0 and `input`, in USD per million tokens")
        })?;
        let pattern = ottl::literal(&ottl::model_pattern(&price.model));
        statements.push(format!(
            "set(attributes[\"usd\"], {usd}) where {here} and IsMatch(attributes[\"model\"], {pattern})"
        ));
    }
    statements.push(format!("set(value_double, value_double * attributes[\"usd\"]) where {here}"));
    Ok(statements)
}

/// Says whether a model's id ends in `-YYYYMMDD`.
fn is_dated(model: &str) -> bool {
    model
        .rsplit_once('-')
        .is_some_and(|(_, date)| date.len() == 8 && date.chars().all(|c| c.is_ascii_digit()))
}

/// Statements that derive the family from the model's id.
fn families(prices: &[Price]) -> Vec<String> {
    let known = DEFAULT_PRICES.iter().map(|(model, _)| *model);
    let names: BTreeSet<&str> =
        known.chain(prices.iter().map(|price| price.model.as_str())).filter_map(family).collect();
    let mut statements =
        vec![format!("set(attributes[\"model_family\"], {})", ottl::literal(UNKNOWN))];
    statements.extend(
        names
            .into_iter()
            .map(|name| ottl::set_where_model("model_family", name, &ottl::word_pattern(name))),
    );
    statements
}

/// The first word of a model's id that is no maker's name: `opus` of `claude-opus-4-5`.
fn family(model: &str) -> Option<&str> {
    model
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| part.len() > 1 && part.chars().all(|c| c.is_ascii_lowercase()))
        .find(|part| !["claude", "anthropic"].contains(part))
}

#[cfg(test)]
mod tests {
    use super::{cli_metrics, families, family, is_dated, unwanted};

    #[test]
    fn families_come_from_ids() {
        assert_eq!(family("claude-opus-4-5"), Some("opus"));
        assert_eq!(family("claude-3-5-haiku"), Some("haiku"));
        assert_eq!(family("claude-4"), None);
        let words: Vec<String> = families(&[]);
        assert_eq!(words.len(), 5, "{words:?}");
        assert_eq!(words[0], r#"set(attributes["model_family"], "unknown")"#);
        assert!(words[1].contains(r#""fable""#), "{words:?}");
    }

    #[test]
    fn dates_are_told_from_versions() {
        assert!(is_dated("claude-opus-4-5-20251101"));
        assert!(!is_dated("claude-opus-4-5"));
    }

    #[test]
    fn the_filter_keeps_what_counters_are_made_of() {
        assert_eq!(
            cli_metrics(),
            ["claude_code.session.count", "claude_code.token.usage", "claude_code.cost.usage"]
        );
        assert_eq!(
            unwanted(),
            "not (name == \"claude_code.session.count\" or name == \"claude_code.token.usage\" or \
             name == \"claude_code.cost.usage\" or name == \"claude_cache_hits_total\" or \
             name == \"claude_cache_misses_total\" or name == \"claude_spans_total\")"
        );
    }
}
