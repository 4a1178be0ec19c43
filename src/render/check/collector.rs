//! The collector's configuration against itself and the compose file.

use super::Findings;
use crate::artifact::compose::ComposeFile;
use crate::render::compose::COLLECTOR;
use serde_json::Value;
use std::collections::BTreeSet;

/// The keys under `service.pipelines.*` and where what they name is declared.
const COMPONENTS: [(&str, &[&str]); 3] = [
    ("receivers", &["receivers", "connectors"]),
    ("processors", &["processors"]),
    ("exporters", &["exporters", "connectors"]),
];

/// Where the collector listens for what the stack publishes.
const LISTENERS: [&str; 5] = [
    "/receivers/otlp/protocols/grpc/endpoint",
    "/receivers/otlp/protocols/http/endpoint",
    "/exporters/prometheus/endpoint",
    "/extensions/health_check/endpoint",
    "/extensions/pprof/endpoint",
];

pub(super) fn check(file: &ComposeFile, config: &Value, findings: &mut Findings) {
    pipelines(config, findings);
    for name in texts(config.pointer("/service/extensions")) {
        findings.holds(is_declared(config, &["extensions"], name), || {
            format!("extension `{name}` is used and not declared")
        });
    }
    let listened: BTreeSet<u16> =
        LISTENERS.iter().filter_map(|pointer| port(config.pointer(pointer))).collect();
    let published: BTreeSet<u16> = file
        .services
        .get(COLLECTOR)
        .map(|service| service.ports.iter().map(|port| port.container_port).collect())
        .unwrap_or_default();
    findings.holds(listened.len() == LISTENERS.len() && listened == published, || {
        format!(
            "the collector listens on {listened:?}, and the compose file publishes {published:?}"
        )
    });
}

fn pipelines(config: &Value, findings: &mut Findings) {
    let pipelines = config.pointer("/service/pipelines").and_then(Value::as_object);
    let Some(pipelines) = pipelines.filter(|pipelines| !pipelines.is_empty()) else {
        findings.add("the collector has no pipeline");
        return;
    };
    let mut used = BTreeSet::new();
    for (pipeline, parts) in pipelines {
        for (kind, places) in COMPONENTS {
            for name in texts(parts.get(kind)) {
                used.insert(name);
                findings.holds(is_declared(config, places, name), || {
                    format!("pipeline `{pipeline}` uses `{name}`, which is not declared")
                });
            }
        }
        // What comes from other pipelines alone was let in there.
        let is_entry =
            texts(parts.get("receivers")).any(|name| is_declared(config, &["receivers"], name));
        let first = texts(parts.get("processors")).next();
        findings.holds(!is_entry || first == Some("memory_limiter"), || {
            format!("pipeline `{pipeline}` does not start with `memory_limiter`")
        });
    }
    for kind in ["receivers", "processors", "connectors", "exporters"] {
        for name in
            config.get(kind).and_then(Value::as_object).into_iter().flat_map(|map| map.keys())
        {
            findings.holds(used.contains(name.as_str()), || {
                format!("`{name}` is declared under `{kind}` and no pipeline uses it")
            });
        }
    }
}

fn is_declared(config: &Value, places: &[&str], name: &str) -> bool {
    places.iter().any(|place| config.get(place).and_then(|place| place.get(name)).is_some())
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The port of an endpoint.
pub(super) fn port(endpoint: Option<&Value>) -> Option<u16> {
    endpoint?.as_str()?.rsplit_once(':')?.1.parse().ok()
}
