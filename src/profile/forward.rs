//! Where logs and traces go on to, besides being counted.

use super::expect::boolean;
use super::reader::Reader;
use super::settings::{ForwardSettings, TempoProtocol};
use super::{otlp, secret};
use crate::diagnostic::{Diagnostic, Kind, Origin};

const ENDPOINT: &str = "otelctl::forward::endpoint";
const PROTOCOL: &str = "otelctl::forward::protocol";
const AUTHORIZATION: &str = "otelctl::forward::authorization";
const LOGS: &str = "otelctl::forward::logs";
const TRACES: &str = "otelctl::forward::traces";

impl ForwardSettings {
    /// Reads the keys of forwarding; none unless there is an endpoint.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let endpoint = reader.optional(ENDPOINT, otlp::endpoint);
        let protocol = reader.setting(PROTOCOL, TempoProtocol::Http, otlp::protocol);
        let authorization = secret::optional(reader, AUTHORIZATION);
        let logs = reader.setting(LOGS, true, boolean);
        let traces = reader.setting(TRACES, true, boolean);
        let Some(endpoint) = endpoint else {
            // A default that is written down changes nothing.
            let given = [
                (PROTOCOL, (protocol.value != TempoProtocol::Http).then_some(&protocol.origin)),
                (AUTHORIZATION, authorization.as_ref().map(|secret| &secret.origin)),
                (LOGS, (!logs.value).then_some(&logs.origin)),
                (TRACES, (!traces.value).then_some(&traces.origin)),
            ];
            let in_vain = given.into_iter().filter_map(|(key, origin)| Some((key, origin?)));
            let missing = !reader.is_mistaken(ENDPOINT);
            let found: Vec<_> =
                in_vain.filter(|_| missing).map(|(key, origin)| needs(key, origin)).collect();
            reader.diagnostics.extend(found);
            return None;
        };
        let settings = Self { endpoint, protocol, authorization, logs, traces };
        reader.diagnostics.extend(settings.doubts());
        (settings.logs.value || settings.traces.value).then_some(settings)
    }

    /// What the settings mean together.
    fn doubts(&self) -> Option<Diagnostic> {
        let endpoint = (ENDPOINT, &self.endpoint);
        if let Some(error) = otlp::contradiction(endpoint, (PROTOCOL, self.protocol.value)) {
            return Some(error);
        }
        if !self.logs.value && !self.traces.value {
            let message = format!("`{ENDPOINT}` has no effect: neither logs nor traces are sent");
            let warning = Diagnostic::warning(message).code("profile::no-effect");
            return Some(warning.at(&self.endpoint.origin).hint(format!("set `{LOGS}: true`")));
        }
        self.authorization.as_ref()?;
        otlp::in_clear(endpoint, "the header", "profile::forward-in-clear")
    }
}

fn needs(key: &str, origin: &Origin) -> Diagnostic {
    Diagnostic::error(Kind::Profile, format!("`{key}` needs `{ENDPOINT}`"))
        .code("profile::missing-key")
        .at(origin)
        .hint(format!("add `{ENDPOINT}`, or remove `{key}`"))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::profile::Profile;

    #[test]
    fn what_does_not_go_together_is_told() {
        for (keys, expected) in [
            ("endpoint: 'https://loki.example/otlp'", None),
            ("endpoint: tempo.example:4317\notelctl::forward::protocol: otlp", None),
            ("protocol: otlp", Some(("needs `otelctl::forward::endpoint`", Severity::Error))),
            (
                "endpoint: 'https://loki.example/otlp'\notelctl::forward::protocol: otlp",
                Some(("has a path", Severity::Error)),
            ),
            (
                "endpoint: 'http://loki.example'\notelctl::forward::authorization: env:KEY",
                Some(("in clear", Severity::Warning)),
            ),
            (
                "endpoint: loki.example:1\notelctl::forward::logs: false\notelctl::forward::traces: false",
                Some(("has no effect", Severity::Warning)),
            ),
        ] {
            let found = match Profile::read(&format!("otelctl::forward::{keys}\n"), "p.yaml") {
                Ok(profile) => profile.notes,
                Err(failure) => failure.diagnostics().to_vec(),
            };
            let told: Vec<_> = found.iter().map(|d| (d.message.as_str(), d.severity)).collect();
            match expected {
                None => assert_eq!(told, []),
                Some((part, severity)) => {
                    let found = told.iter().any(|(m, s)| m.contains(part) && *s == severity);
                    assert!(found, "{keys}: {told:?}");
                }
            }
        }
    }
}
