//! The ports of the stack, which no two settings may share.

use super::expect::port;
use super::reader::Reader;
use super::settings::PortSettings;
use crate::diagnostic::{Diagnostic, Kind, Origin, Sourced};

/// The setting of each port with its default.
const GRPC: (&str, u16) = ("profile::otel_collector::otel_grpc_port", 4317);
const HTTP: (&str, u16) = ("profile::otel_collector::otel_http_port", 4318);
const METRICS: (&str, u16) = ("profile::otel_collector::otel_prometheus_port", 8889);
const HEALTH: (&str, u16) = ("profile::otel_collector::otel_health_port", 13133);
const PPROF: (&str, u16) = ("profile::otel_collector::otel_pprof_port", 1777);
const PROMETHEUS: (&str, u16) = ("otelctl::prometheus::port", 9090);
const GRAFANA: (&str, u16) = ("otelctl::grafana::port", 3000);

impl PortSettings {
    /// Reads every port.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut read = |(key, default)| reader.setting(key, default, port);
        Self {
            grpc: read(GRPC),
            http: read(HTTP),
            metrics: read(METRICS),
            health: read(HEALTH),
            pprof: read(PPROF),
            prometheus: read(PROMETHEUS),
            grafana: read(GRAFANA),
        }
    }

    /// Lists the ports that are published, each with its setting.
    pub(super) fn published(
        &self,
        prometheus: bool,
        grafana: bool,
    ) -> Vec<(&'static str, &Sourced<u16>)> {
        let mut ports = vec![
            (GRPC.0, &self.grpc),
            (HTTP.0, &self.http),
            (METRICS.0, &self.metrics),
            (HEALTH.0, &self.health),
            (PPROF.0, &self.pprof),
        ];
        if prometheus {
            ports.push((PROMETHEUS.0, &self.prometheus));
        }
        if grafana {
            ports.push((GRAFANA.0, &self.grafana));
        }
        ports
    }
}

/// Tells of ports that two settings give, and names both places.
pub fn clashes(reader: &mut Reader<'_>, ports: &[(&'static str, &Sourced<u16>)]) {
    let ports: Vec<_> = ports.iter().filter(|(key, _)| !reader.is_mistaken(key)).collect();
    for (index, (key, port)) in ports.iter().enumerate() {
        let earlier = ports.iter().take(index).find(|(_, earlier)| earlier.value == port.value);
        let Some((other, earlier)) = earlier else { continue };
        // The error stands where an edit helps: at a value of the file.
        let (at, key, other, elsewhere) = match port.origin {
            Origin::File(_) => (&port.origin, key, other, &earlier.origin),
            Origin::Default => (&earlier.origin, other, key, &port.origin),
        };
        let message =
            format!("`{key}` takes port {}, which `{other}` has ({elsewhere})", port.value);
        let error = Diagnostic::error(Kind::Profile, message).code("profile::port-clash");
        reader.diagnostics.push(error.at(at).hint("give one of them another port"));
    }
}
