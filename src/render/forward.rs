//! The way of logs and traces to an OTLP endpoint of the user's choice.
//!
//! Decides names, addresses and the queues' bound. The secret stands in a file
//! of its own: only its path in the container is rendered.

use super::quirks::Quirks;
use super::setting::{Setting, key};
use super::tempo;
use crate::stack::{ForwardSettings, Stack};
use serde::Serialize;

/// Where the collector's container finds the header.
const AUTHORIZATION: &str = "/run/secrets/collector/forward-authorization";
/// Logs that wait may take this share of the memory limit, and traces as much.
const QUEUE_SHARE: u64 = 16;

#[derive(Serialize)]
pub struct Forward {
    exporter: Setting<&'static str>,
    endpoint: Setting<String>,
    insecure: bool,
    authorization: Option<Setting<String>>,
    queue_size: u64,
    logs: bool,
    traces: bool,
}

/// Decides how the collector reaches the endpoint.
pub fn forward(settings: &ForwardSettings, stack: &Stack, quirks: Quirks) -> Forward {
    let endpoint = &settings.endpoint.value;
    let (exporter, address) = tempo::exporter(settings.protocol.value, endpoint, quirks);
    let header = settings.authorization.as_ref().map(|reference| {
        Setting::new(key::FORWARD_AUTHORIZATION, reference, format!("${{file:{AUTHORIZATION}}}"))
    });
    let mib = stack.collector.memory_limit_mib.value / QUEUE_SHARE;
    Forward {
        exporter: Setting::new(key::FORWARD_PROTOCOL, &settings.protocol, exporter),
        endpoint: Setting::new(key::FORWARD_ENDPOINT, &settings.endpoint, address),
        insecure: endpoint.starts_with("http://"),
        authorization: header,
        queue_size: tempo::queue_size(mib, quirks),
        logs: settings.logs.value,
        traces: settings.traces.value,
    }
}
