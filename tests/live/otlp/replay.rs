//! Recordings of the real Claude Code, sent again as if they happened now.

use super::totals::{Totals, is_priced, saving, surcharge};
use super::wire::{Connection, Wire};
use super::work::add_work;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Sends every recording of a folder to an OTLP/HTTP receiver, in the order of their names;
/// returns what is true of them.
///
/// Requests that were refused when they were recorded were not taken then and are left out.
pub fn replay(wire: &Wire, receiver: &str, folder: &Path) -> Totals {
    replay_as(wire, receiver, folder, None)
}

/// Like [`replay`], under another `service.name`.
pub fn replay_as(wire: &Wire, receiver: &str, folder: &Path, service: Option<&str>) -> Totals {
    let shown = folder.display();
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{shown}: {error}"));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(!files.is_empty(), "{shown} holds no recording");
    let mut connection = Connection::open(wire, receiver).expect(receiver);
    let mut totals = Totals::default();
    for file in files {
        let text = fs::read_to_string(&file).expect("read a recording");
        let mut recording: Value = serde_json::from_str(&text).expect("JSON");
        let first = first_time(&recording).expect("a recording has times");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
        let shift = i128::try_from(now).expect("fits") - first + 1_000_000;
        for request in recording["requests"].as_array_mut().expect("requests") {
            if request["answered"].as_u64().unwrap_or(200) == 200 {
                let path = request["path"].as_str().expect("a path").to_owned();
                shift_times(&mut request["body"], shift);
                if let Some(service) = service {
                    rename_service(&mut request["body"], service);
                }
                connection.send(&path, &request["body"]);
            }
        }
        add_truth(&recording, &mut totals);
    }
    totals
}

/// The least of all times in nanoseconds; a collector takes a cumulative value that began
/// before itself for a baseline, so that a recording must begin now.
fn first_time(value: &Value) -> Option<i128> {
    match value {
        Value::Object(fields) => {
            fields.iter().filter_map(|(k, v)| time(k, v).or_else(|| first_time(v))).min()
        }
        Value::Array(items) => items.iter().filter_map(first_time).min(),
        _ => None,
    }
}

fn shift_times(value: &mut Value, shift: i128) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match time(key, value) {
                    Some(time) => *value = (time + shift).to_string().into(),
                    None => shift_times(value, shift),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shift_times(item, shift)),
        _ => {}
    }
}

fn rename_service(body: &mut Value, service: &str) {
    let resources = body.as_object_mut().into_iter().flat_map(|fields| fields.values_mut());
    for resource in resources.flat_map(|resources| resources.as_array_mut().into_iter().flatten()) {
        let attributes = resource["resource"]["attributes"].as_array_mut().into_iter().flatten();
        for attribute in attributes.filter(|attribute| attribute["key"] == "service.name") {
            attribute["value"] = json!({ "stringValue": service });
        }
    }
}

/// A time in nanoseconds; 0 means that there is none.
fn time(key: &str, value: &Value) -> Option<i128> {
    let number = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let named = key.ends_with("UnixNano");
    named.then(|| number().parse().expect("a time")).filter(|time: &i128| *time > 0)
}

fn add_truth(recording: &Value, totals: &mut Totals) {
    let (truth, version) = (&recording["truth"], version(recording));
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("{value} is no number"));
    totals.add("claude_sessions_total", "unknown", version, number(&truth["sessions"]));
    add_work(recording, version, totals);
    for (model, counts) in truth["models"].as_object().expect("models") {
        let mut add = |metric, value| totals.add(metric, model, version, value);
        let tokens = ["input", "output", "cacheRead", "cacheCreation"];
        let cache_read = number(&counts["cacheRead"]);
        let all = tokens.iter().map(|kind| number(&counts[kind])).sum();
        add("claude_tokens_total", all);
        add("claude_cost_usd_total", number(&counts["cost_usd"]));
        add("claude_cache_hits_total", number(&counts["hits"]));
        add("claude_cache_misses_total", number(&counts["misses"]));
        add("claude_cache_tokens_saved_total", cache_read);
        add("claude_cache_cost_saved_usd_total", cache_read * saving(model));
        let cache_write = number(&counts["cacheCreation"]);
        add("claude_cache_cost_surcharge_usd_total", cache_write * surcharge(model));
        if !is_priced(model) {
            add("claude_unpriced_tokens_total", all);
        }
    }
}

/// The one `service.version` that a recording's requests carry.
fn version(recording: &Value) -> &str {
    let attributes = recording["requests"][0]["body"]
        .as_object()
        .and_then(|body| body.values().next())
        .and_then(|resources| resources[0]["resource"]["attributes"].as_array());
    let attributes = attributes.expect("a recording names its resource");
    let version = attributes.iter().find(|attribute| attribute["key"] == "service.version");
    version.and_then(|version| version["value"]["stringValue"].as_str()).expect("a version")
}
