//! Grafana Cloud Tempo: the keys of the document's class.

use super::expect::{boolean, one_of, text, text_that};
use super::reader::Reader;
use super::settings::{TempoProtocol, TempoSettings};
use super::{network, secret};
use crate::diagnostic::{Diagnostic, Kind, Sourced};
use crate::hiera::Value;

const ENABLE: &str = "profile::otel_collector::enable_grafana_cloud_tempo";
const ENDPOINT: &str = "profile::otel_collector::grafana_cloud_tempo_endpoint";
const USERNAME: &str = "profile::otel_collector::grafana_cloud_tempo_username";
const API_KEY: &str = "profile::otel_collector::grafana_cloud_tempo_api_key";
const PROTOCOL: &str = "profile::otel_collector::tempo_protocol";

impl TempoSettings {
    /// Reads the keys of Tempo; none unless it is switched on.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let enabled = reader.setting(ENABLE, false, boolean);
        let endpoint = reader.optional(ENDPOINT, |node| {
            let expected = "`host:port` or an `https://…` address";
            network::url(node).or_else(|_| text_that(node, expected, network::is_target))
        });
        let username = reader.optional(USERNAME, |node| match node.value {
            // User names of Grafana Cloud are numbers.
            Value::Integer(number) => Ok(number.to_string()),
            _ => text(node),
        });
        let api_key = secret::optional(reader, API_KEY);
        let protocols = [("otlp", TempoProtocol::Grpc), ("otlphttp", TempoProtocol::Http)];
        let protocol =
            reader.setting(PROTOCOL, TempoProtocol::Grpc, |node| one_of(node, &protocols));
        if !enabled.value {
            return None;
        }
        for (key, missing) in [
            (ENDPOINT, endpoint.is_none()),
            (USERNAME, username.is_none()),
            (API_KEY, api_key.is_none()),
        ] {
            if missing && !reader.is_mistaken(key) {
                reader.diagnostics.push(needs(&enabled, key));
            }
        }
        Some(Self { endpoint: endpoint?, username: username?, api_key: api_key?, protocol })
    }
}

fn needs(enabled: &Sourced<bool>, key: &str) -> Diagnostic {
    Diagnostic::error(Kind::Profile, format!("`{ENABLE}: true` needs `{key}`"))
        .code("profile::missing-key")
        .at(&enabled.origin)
        .hint(format!("add `{key}`, or switch Tempo off"))
}
