//! Grafana's settings, and those of Grafana Cloud Tempo.

use super::expect::{boolean, one_of, text};
use super::reader::Reader;
use super::settings::{GrafanaSettings, Mode};
use crate::diagnostic::{Diagnostic, Kind};
use crate::hiera::Value;

impl GrafanaSettings {
    /// Reads the keys of Grafana and of Grafana Cloud.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        tempo(reader);
        let mode = reader
            .setting("otelctl::grafana::mode", Mode::Managed, |node| one_of(node, &Mode::WORDS));
        if mode.value != Mode::None {
            let note = "Grafana is left out: this version neither runs it nor pushes dashboards";
            let note = Diagnostic::note(note).code("profile::grafana-later").at(&mode.origin);
            reader
                .diagnostics
                .push(note.hint("set `otelctl::grafana::mode: none` to silence this"));
        }
        Self {
            mode,
            dashboards: reader.setting(
                "profile::otel_collector::enable_grafana_dashboards",
                true,
                boolean,
            ),
            datasource: reader.setting(
                "profile::otel_collector::grafana_datasource_name",
                "Prometheus".to_owned(),
                text,
            ),
        }
    }
}

/// Grafana Cloud Tempo: checked, not supported yet; the secret is not kept.
fn tempo(reader: &mut Reader<'_>) {
    const ENABLE: &str = "profile::otel_collector::enable_grafana_cloud_tempo";
    const API_KEY: &str = "profile::otel_collector::grafana_cloud_tempo_api_key";
    let enabled = reader.setting(ENABLE, false, boolean);
    if enabled.value {
        let message = format!("`{ENABLE}: true` is not supported by this version");
        let error = Diagnostic::error(Kind::Profile, message).code("profile::unsupported");
        reader.diagnostics.push(error.at(&enabled.origin).hint("set it to `false`"));
    }
    for key in ["grafana_cloud_tempo_endpoint", "grafana_cloud_tempo_username"] {
        reader.optional(&format!("profile::otel_collector::{key}"), |node| match node.value {
            // User names of Grafana Cloud are numbers.
            Value::Integer(number) => Ok(number.to_string()),
            _ => text(node),
        });
    }
    let protocols = [("otlp", ()), ("otlphttp", ())];
    reader.optional("profile::otel_collector::tempo_protocol", |node| one_of(node, &protocols));
    if let Some(node) = reader.node(API_KEY)
        && !matches!(node.value, Value::Text(_))
    {
        // What stands there may be the secret itself, so only its type is told.
        let message = format!("`{API_KEY}` is {}, expected text", node.value.kind());
        let error = Diagnostic::error(Kind::Profile, message).code("profile::wrong-type");
        reader.diagnostics.push(error.at(&node.origin()));
    }
}
