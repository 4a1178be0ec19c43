//! The canary as OTLP JSON, in the shape in which Claude Code sends a session.

use super::SERVICE_NAME;
use super::canary::{Canary, TOKEN_TYPES, WORK};
use serde_json::{Value, json};

/// `AGGREGATION_TEMPORALITY_DELTA` of OTLP, the temporality Claude Code uses by default.
const DELTA: u8 = 1;

/// The body for `/v1/metrics`.
pub(super) fn metrics(canary: &Canary) -> Value {
    let model = ("model", canary.model.as_str());
    let point = |value: f64, attributes: &[(&str, &str)]| {
        json!({
            "asDouble": value,
            "attributes": strings(attributes),
            "startTimeUnixNano": canary.time.saturating_sub(1_000_000_000).to_string(),
            "timeUnixNano": canary.time.to_string(),
        })
    };
    let tokens: Vec<Value> = TOKEN_TYPES
        .iter()
        .zip(canary.tokens)
        .map(|(name, amount)| point(f64::from(amount), &[("type", name), model]))
        .collect();
    let mut metrics = vec![
        sum("claude_code.session.count", "", &json!([point(1.0, &[("start_type", "fresh")])])),
        sum("claude_code.token.usage", "tokens", &json!(tokens)),
        sum("claude_code.cost.usage", "USD", &json!([point(canary.cost, &[model])])),
    ];
    metrics.extend(WORK.iter().zip(canary.work).map(|((name, attributes), amount)| {
        let attributes: Vec<_> = attributes.iter().copied().chain([model]).collect();
        sum(name, "", &json!([point(f64::from(amount), &attributes)]))
    }));
    json!({"resourceMetrics": [{
        "resource": resource(),
        "scopeMetrics": [{"scope": {"name": "com.anthropic.claude_code"}, "metrics": metrics}],
    }]})
}

/// The body for `/v1/logs`.
pub(super) fn logs(canary: &Canary) -> Value {
    let record = |cache_read_tokens: &str| {
        let attributes = [
            ("event.name", "api_request"),
            ("model", canary.model.as_str()),
            // The older releases of Claude Code send event numbers as strings.
            ("cache_read_tokens", cache_read_tokens),
        ];
        json!({
            "timeUnixNano": canary.time.to_string(),
            "observedTimeUnixNano": canary.time.to_string(),
            "body": {"stringValue": "claude_code.api_request"},
            "attributes": strings(&attributes),
        })
    };
    let hits = (0..canary.hits).map(|_| record("1024"));
    let misses = (0..canary.misses).map(|_| record("0"));
    let records: Vec<Value> = hits.chain(misses).collect();
    json!({"resourceLogs": [{
        "resource": resource(),
        "scopeLogs": [{"scope": {"name": "com.anthropic.claude_code.events"}, "logRecords": records}],
    }]})
}

/// The body for `/v1/traces`.
pub(super) fn traces(canary: &Canary) -> Value {
    let spans = (1..=canary.spans).map(|number| {
        json!({
            // Of the session's moment: no two runs send the same trace.
            "traceId": format!("{:032x}", canary.time),
            "spanId": format!("{number:016x}"),
            "name": "claude_code.llm_request",
            "kind": 1,
            "startTimeUnixNano": canary.time.saturating_sub(1_000_000_000).to_string(),
            "endTimeUnixNano": canary.time.to_string(),
            "attributes": strings(&[("model", canary.model.as_str())]),
        })
    });
    let spans: Vec<Value> = spans.collect();
    json!({"resourceSpans": [{
        "resource": resource(),
        "scopeSpans": [{"scope": {"name": "com.anthropic.claude_code.tracing"}, "spans": spans}],
    }]})
}

fn sum(name: &str, unit: &str, points: &Value) -> Value {
    json!({"name": name, "unit": unit, "sum": {
        "aggregationTemporality": DELTA,
        "isMonotonic": true,
        "dataPoints": points,
    }})
}

fn resource() -> Value {
    let attributes =
        [("service.name", SERVICE_NAME), ("service.version", env!("CARGO_PKG_VERSION"))];
    json!({"attributes": strings(&attributes)})
}

fn strings(attributes: &[(&str, &str)]) -> Value {
    attributes
        .iter()
        .map(|(key, value)| json!({"key": key, "value": {"stringValue": value}}))
        .collect()
}
