//! Grafana Cloud Tempo: the keys of the document's class.

use super::expect::{boolean, text, text_that};
use super::reader::Reader;
use super::settings::{TempoProtocol, TempoSettings};
use super::{otlp, secret};
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
        let endpoint = reader.optional(ENDPOINT, otlp::endpoint);
        let username = reader.optional(USERNAME, |node| match node.value {
            // User names of Grafana Cloud are numbers.
            Value::Integer(number) => Ok(number.to_string()),
            // The colon ends the name in the header that it becomes part of.
            Value::Text(_) => text_that(node, "a user name without `:`", |text| {
                !text.trim().is_empty() && !text.contains([':', '\n', '\r'])
            }),
            _ => text(node),
        });
        let api_key = secret::optional(reader, API_KEY);
        let protocol = reader.setting(PROTOCOL, TempoProtocol::Grpc, otlp::protocol);
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
        let settings =
            Self { endpoint: endpoint?, username: username?, api_key: api_key?, protocol };
        reader.diagnostics.extend(settings.doubts());
        Some(settings)
    }

    /// What an endpoint and a protocol mean together.
    fn doubts(&self) -> Option<Diagnostic> {
        let endpoint = (ENDPOINT, &self.endpoint);
        otlp::contradiction(endpoint, (PROTOCOL, self.protocol.value))
            .or_else(|| otlp::in_clear(endpoint, "the API key", "profile::tempo-in-clear"))
    }
}

fn needs(enabled: &Sourced<bool>, key: &str) -> Diagnostic {
    Diagnostic::error(Kind::Profile, format!("`{ENABLE}: true` needs `{key}`"))
        .code("profile::missing-key")
        .at(&enabled.origin)
        .hint(format!("add `{key}`, or switch Tempo off"))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::profile::Profile;

    #[test]
    fn what_does_not_go_together_is_told() {
        for (endpoint, protocol, username, expected) in [
            ("https://gateway.example/otlp", "otlp", "1", Some(("has a path", Severity::Error))),
            ("https://gateway.example/otlp", "otlphttp", "1", None),
            ("tempo.example:443", "otlp", "1", None),
            ("http://127.0.0.1:4317", "otlp", "1", Some(("in clear", Severity::Warning))),
            ("tempo.example:443", "otlp", "'a:b'", Some(("without `:`", Severity::Error))),
        ] {
            let c = "profile::otel_collector::";
            let text = format!(
                "{c}enable_grafana_cloud_tempo: true\n{c}grafana_cloud_tempo_endpoint: '{endpoint}'\n\
                 {c}grafana_cloud_tempo_username: {username}\n\
                 {c}grafana_cloud_tempo_api_key: env:KEY\n{c}tempo_protocol: {protocol}\n"
            );
            let found = match Profile::read(&text, "p.yaml") {
                Ok(profile) => profile.notes,
                Err(failure) => failure.diagnostics().to_vec(),
            };
            let told: Vec<_> = found.iter().map(|d| (d.message.as_str(), d.severity)).collect();
            match expected {
                None => assert_eq!(told, []),
                Some((part, severity)) => {
                    let found = told.iter().any(|(m, s)| m.contains(part) && *s == severity);
                    assert!(found, "{endpoint} {protocol}: {told:?}");
                }
            }
        }
    }
}
