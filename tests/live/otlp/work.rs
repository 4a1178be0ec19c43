//! What a recording's sessions did besides calling the API, from its own requests.

use super::totals::Totals;
use otelctl::stack::{METRICS, Metric, Source};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the summary of a recording tells, by model.
const TOLD: [&str; 3] =
    ["claude_code.session.count", "claude_code.token.usage", "claude_code.cost.usage"];

/// Adds up the points of a recording's accepted requests.
pub fn add_work(recording: &Value, version: &str, totals: &mut Totals) {
    // A cumulative series counts by its last value.
    let mut last: BTreeMap<String, (Metric, String, f64)> = BTreeMap::new();
    let requests = recording["requests"].as_array().expect("requests");
    let accepted =
        requests.iter().filter(|request| request["answered"].as_u64().unwrap_or(200) == 200);
    for metric in accepted.flat_map(|request| metrics(&request["body"])) {
        let name = metric["name"].as_str().unwrap_or_default();
        let is_made_of =
            |counter: &&Metric| matches!(counter.source, Source::Metric(source) if source == name);
        let counter = METRICS.iter().find(is_made_of).filter(|_| !TOLD.contains(&name));
        let Some(counter) = counter else { continue };
        let cumulative = metric["sum"]["aggregationTemporality"] == 2;
        for point in metric["sum"]["dataPoints"].as_array().expect("points") {
            let value = point["asDouble"].as_f64().or_else(|| point["asInt"].as_f64());
            let value = value.or_else(|| point["asInt"].as_str()?.parse().ok()).expect("a number");
            let model = attribute(point, "model").unwrap_or("unknown").to_owned();
            if cumulative {
                let series = format!("{}{}", counter.name, point["attributes"]);
                last.insert(series, (*counter, model, value));
            } else {
                totals.add(counter.name, &model, version, value);
            }
        }
    }
    for (counter, model, value) in last.into_values() {
        totals.add(counter.name, &model, version, value);
    }
}

fn metrics(body: &Value) -> Vec<&Value> {
    let resources = body["resourceMetrics"].as_array().into_iter().flatten();
    let scopes = resources.flat_map(|r| r["scopeMetrics"].as_array().into_iter().flatten());
    scopes.flat_map(|scope| scope["metrics"].as_array().into_iter().flatten()).collect()
}

fn attribute<'a>(point: &'a Value, key: &str) -> Option<&'a str> {
    let attributes = point["attributes"].as_array()?;
    attributes.iter().find(|a| a["key"] == key)?["value"]["stringValue"].as_str()
}
