//! Spans of made-up sessions.

use super::totals::Totals;
use super::wire::{Connection, Wire};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

/// The release that the spans say they are of.
const SERVICE_VERSION: &str = "2.1.330";

/// Sends one request of spans for each model and a few without one; returns their ids and
/// what is true of them. `start` keeps the ids of two calls apart.
pub fn send_spans(wire: &Wire, receiver: &str, start: u64) -> (BTreeSet<String>, Totals) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    let mut connection = Connection::open(wire, receiver).expect(receiver);
    let (mut ids, mut totals) = (BTreeSet::new(), Totals::default());
    let models = [("claude-opus-4-5", 7_u8), ("claude-haiku-4-5-20251001", 30), ("unknown", 2)];
    for (model, count) in models {
        let spans = (0..count).map(|_| {
            let id = format!("{:016x}", start + ids.len() as u64);
            ids.insert(id.clone());
            // A span that is about no model does not name one.
            let attributes = match model {
                "unknown" => json!([]),
                model => json!([{"key": "model", "value": {"stringValue": model}}]),
            };
            json!({
                "traceId": format!("{start:032x}"),
                "spanId": id,
                "name": "claude_code.llm_request",
                "kind": 1,
                "startTimeUnixNano": (now - 5_000_000).to_string(),
                "endTimeUnixNano": now.to_string(),
                "attributes": attributes,
                "events": [{"timeUnixNano": now.to_string(), "name": "first token"}],
            })
        });
        let spans: Vec<Value> = spans.collect();
        let resource = json!({"attributes": [
            {"key": "service.name", "value": {"stringValue": "claude-code"}},
            {"key": "service.version", "value": {"stringValue": SERVICE_VERSION}},
        ]});
        let scope = json!({"scope": {"name": "com.anthropic.claude_code.tracing"}, "spans": spans});
        let body = json!({"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]});
        connection.send("/v1/traces", &body);
        totals.add("claude_spans_total", model, SERVICE_VERSION, f64::from(count));
    }
    (ids, totals)
}
