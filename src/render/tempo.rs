//! The way of traces to Grafana Cloud Tempo.
//!
//! Decides names, addresses and the queue's bound. The secret stands in a file
//! of its own: only its path in the container is rendered.

use super::quirks::Quirks;
use super::setting::{Setting, key};
use crate::stack::{Stack, TempoProtocol, TempoSettings};
use serde::Serialize;

/// Where the collector's container finds the header that opens Tempo.
const AUTHORIZATION: &str = "/run/secrets/collector/tempo-authorization";
/// Traces that wait may take this share of the memory limit.
const QUEUE_SHARE: u64 = 8;

#[derive(Serialize)]
pub struct Tempo {
    exporter: Setting<&'static str>,
    endpoint: Setting<String>,
    insecure: bool,
    username: Setting<String>,
    api_key: Setting<()>,
    authorization: String,
    queue_size: u64,
}

/// Decides how the collector reaches Tempo.
pub fn tempo(settings: &TempoSettings, stack: &Stack, quirks: Quirks) -> Tempo {
    let endpoint = &settings.endpoint.value;
    let (exporter, address) = exporter(settings.protocol.value, endpoint, quirks);
    let mib = stack.collector.memory_limit_mib.value / QUEUE_SHARE;
    Tempo {
        exporter: Setting::new(key::TEMPO_PROTOCOL, &settings.protocol, exporter),
        endpoint: Setting::new(key::TEMPO_ENDPOINT, &settings.endpoint, address),
        insecure: endpoint.starts_with("http://"),
        username: Setting::of(key::TEMPO_USERNAME, &settings.username),
        api_key: Setting::new(key::TEMPO_API_KEY, &settings.api_key, ()),
        authorization: format!("${{file:{AUTHORIZATION}}}"),
        queue_size: queue_size(mib, quirks),
    }
}

/// The exporter of a protocol, and the endpoint as it takes it.
pub fn exporter(protocol: TempoProtocol, endpoint: &str, quirks: Quirks) -> (&'static str, String) {
    match protocol {
        TempoProtocol::Grpc if quirks.otlp_grpc => ("otlp_grpc", target(endpoint)),
        TempoProtocol::Grpc => ("otlp", target(endpoint)),
        TempoProtocol::Http if quirks.otlp_grpc => ("otlp_http", url(endpoint)),
        TempoProtocol::Http => ("otlphttp", url(endpoint)),
    }
}

/// The bound of a queue; where it counts batches, they are of at most about 1 MiB each.
pub fn queue_size(mib: u64, quirks: Quirks) -> u64 {
    let mib = mib.max(1);
    if quirks.queue_bytes { mib << 20 } else { mib }
}

/// `host:port` for gRPC, whose exporter takes no address without a port.
fn target(endpoint: &str) -> String {
    let (address, port) = match endpoint.strip_prefix("http://") {
        Some(address) => (address, 80),
        None => (endpoint.strip_prefix("https://").unwrap_or(endpoint), 443),
    };
    let has_port = address.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    if has_port { address.to_owned() } else { format!("{address}:{port}") }
}

/// An address for HTTP, with TLS unless it says otherwise.
fn url(endpoint: &str) -> String {
    if endpoint.contains("://") { endpoint.to_owned() } else { format!("https://{endpoint}") }
}

#[cfg(test)]
mod tests {
    use super::{target, url};

    #[test]
    fn an_endpoint_is_written_as_its_exporter_takes_it() {
        for (endpoint, for_grpc, for_http) in [
            ("tempo.example:443", "tempo.example:443", "https://tempo.example:443"),
            ("https://tempo.example", "tempo.example:443", "https://tempo.example"),
            ("http://10.0.0.1:4317", "10.0.0.1:4317", "http://10.0.0.1:4317"),
            ("http://tempo", "tempo:80", "http://tempo"),
            ("https://[fd00::1]", "[fd00::1]:443", "https://[fd00::1]"),
            ("https://[fd00::1]:4317", "[fd00::1]:4317", "https://[fd00::1]:4317"),
        ] {
            assert_eq!((target(endpoint).as_str(), url(endpoint).as_str()), (for_grpc, for_http));
        }
    }
}
