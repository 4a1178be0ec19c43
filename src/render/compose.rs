//! The compose file and its `.env`.
//!
//! Derives containers, ports, mounts and limits from the stack, and gives each
//! container the digest of what it must be replaced for. May not know Docker's
//! API: the Docker provider reads this file.

use super::check::Readings;
use super::setting::{Setting, key};
use super::templates::Templates;
use crate::artifact::compose::{ComposeFile, Service, digest};
use crate::artifact::{Artifact, path};
use crate::diagnostic::{Diagnostic, Kind, Sourced};
use crate::stack::{Exposure, LISTEN_ADDRESS, Port, Stack};
use serde::Serialize;
use std::net::IpAddr;

/// The compose service of the collector.
pub const COLLECTOR: &str = "otel-collector";
/// The compose service of Prometheus.
pub const PROMETHEUS: &str = "prometheus";
/// The compose service of Grafana.
pub const GRAFANA: &str = "grafana";

#[derive(Serialize)]
struct Context {
    stack: Setting<String>,
    directory: Setting<String>,
    network: Network,
    log: Log,
    collector: Collector,
    prometheus: Option<Prometheus>,
    grafana: Option<Grafana>,
}

#[derive(Serialize)]
struct Network {
    name: String,
    bridge: String,
    subnet: Setting<String>,
}

#[derive(Serialize)]
struct Log {
    max_size: Setting<String>,
    files: Setting<String>,
}

#[derive(Serialize)]
struct Collector {
    container: String,
    image: Setting<String>,
    gomemlimit: String,
    memory: Setting<String>,
    ports: Vec<Setting<String>>,
    config_mount: String,
    secrets_mount: Option<String>,
    health: String,
    digest: String,
}

#[derive(Serialize)]
struct Prometheus {
    container: String,
    image: Setting<String>,
    retention: Setting<String>,
    ports: Vec<Setting<String>>,
    config_mount: String,
    volume: String,
    health: String,
    digest: String,
}

#[derive(Serialize)]
struct Grafana {
    container: String,
    image: Setting<String>,
    ports: Vec<Setting<String>>,
    secrets_mount: String,
    volume: String,
    health: String,
    digest: String,
}

/// Renders the compose file and its `.env`.
///
/// # Errors
/// A template that does not fill, a compose file that does not read back.
pub fn artifacts(
    stack: &Stack,
    templates: &Templates,
    readings: &Readings,
    collector: &Artifact,
) -> Result<Vec<Artifact>, Diagnostic> {
    let mut context = context(stack)?;
    // The digest covers the rest of the service, so the rest is read back first.
    let bare = readings.compose(&templates.fill(path::COMPOSE, &context)?)?;
    // Prometheus reloads its configuration; the collector starts anew for one,
    // though not for a comment.
    let config = readings.canonical(collector)?;
    context.collector.digest =
        digest(service(&bare, COLLECTOR)?, &[(path::COLLECTOR, config.as_bytes())]);
    if let Some(prometheus) = &mut context.prometheus {
        prometheus.digest = digest(service(&bare, PROMETHEUS)?, &[]);
    }
    if let Some(grafana) = &mut context.grafana {
        grafana.digest = digest(service(&bare, GRAFANA)?, &[]);
    }
    Ok(vec![templates.fill(path::COMPOSE, &context)?, templates.fill(path::ENV, &context)?])
}

fn context(stack: &Stack) -> Result<Context, Diagnostic> {
    let directory = &stack.directory.value;
    let collector = &stack.collector;
    Ok(Context {
        stack: Setting::of(key::STACK, &stack.name),
        directory: Setting::of(key::DIRECTORY, &stack.directory),
        network: Network {
            name: stack.network.name.clone(),
            bridge: stack.network.bridge.clone(),
            subnet: text(key::SUBNET, &stack.network.subnet),
        },
        log: Log {
            max_size: Setting::of(key::LOG_MAX_SIZE, &stack.log.max_size),
            files: text(key::LOG_FILES, &stack.log.files),
        },
        collector: Collector {
            container: collector.container.clone(),
            image: text(key::COLLECTOR_IMAGE, &collector.image),
            gomemlimit: format!("{}MiB", collector.gomemlimit_mib),
            memory: Setting::new(
                key::MEMORY_LIMIT,
                &collector.memory_limit_mib,
                format!("{}m", collector.container_memory_mib),
            ),
            ports: ports(stack, COLLECTOR),
            config_mount: format!("{directory}/config:/etc/otelcol-contrib:ro"),
            secrets_mount: stack
                .secrets
                .iter()
                .find(|file| file.path.starts_with("secrets/collector/"))
                .map(|_| format!("{directory}/secrets/collector:/run/secrets/collector:ro")),
            health: format!("{}/", local_url(stack, "health")?),
            digest: String::new(),
        },
        prometheus: stack.prometheus.as_ref().map(|prometheus| Prometheus {
            container: prometheus.container.clone(),
            image: text(key::PROMETHEUS_IMAGE, &prometheus.image),
            retention: Setting::of(key::RETENTION, &prometheus.retention),
            ports: ports(stack, PROMETHEUS),
            config_mount: format!("{directory}/prometheus:/etc/prometheus:ro"),
            volume: prometheus.volume.clone(),
            health: format!("{}/-/ready", prometheus.url),
            digest: String::new(),
        }),
        grafana: grafana(stack),
    })
}

fn grafana(stack: &Stack) -> Option<Grafana> {
    let grafana = stack.grafana.as_ref()?;
    let container = grafana.container.as_ref()?;
    let directory = &stack.directory.value;
    Some(Grafana {
        container: container.name.clone(),
        image: text(key::GRAFANA_IMAGE, &container.image),
        ports: ports(stack, GRAFANA),
        secrets_mount: format!("{directory}/secrets/grafana:/run/secrets/grafana:ro"),
        volume: container.volume.clone(),
        health: format!("{}/api/health", grafana.url.value),
        digest: String::new(),
    })
}

fn text<T: ToString>(key: &str, sourced: &Sourced<T>) -> Setting<String> {
    Setting::new(key, sourced, sourced.value.to_string())
}

fn ports(stack: &Stack, service: &str) -> Vec<Setting<String>> {
    let ports = stack.ports.iter().filter(|port| port.service == service);
    let setting = |port: &Port| {
        let setting = Setting::new(port.setting, &port.host, published(port));
        let listen = port.decided_by.iter().find(|(key, _)| *key == LISTEN_ADDRESS);
        match listen {
            Some((key, origin)) => setting.and(key, origin),
            None => setting,
        }
    };
    ports.map(setting).collect()
}

/// Writes a port as compose has it: `HOST:CONTAINER`, with an address before it if bound to one.
fn published(port: &Port) -> String {
    let pair = format!("{}:{}", port.host.value, port.container);
    match port.exposure {
        Exposure::Everywhere => pair,
        Exposure::Loopback => format!("127.0.0.1:{pair}"),
        Exposure::Address(IpAddr::V4(address)) => format!("{address}:{pair}"),
        Exposure::Address(IpAddr::V6(address)) => format!("[{address}]:{pair}"),
    }
}

/// The URL at which this host reaches a published port.
fn local_url(stack: &Stack, name: &str) -> Result<String, Diagnostic> {
    let port =
        stack.ports.iter().find(|port| port.name == name).ok_or_else(|| {
            Diagnostic::error(Kind::Bug, format!("the stack has no port `{name}`"))
        })?;
    Ok(format!("http://{}", port.local_address()))
}

/// Finds a service in a compose file that was read back.
fn service<'a>(compose: &'a ComposeFile, name: &str) -> Result<&'a Service, Diagnostic> {
    compose.services.get(name).ok_or_else(|| {
        let message = format!("`{}` has no service `{name}`", path::COMPOSE);
        Diagnostic::error(Kind::Bug, message)
    })
}

#[cfg(test)]
mod tests {
    use super::published;
    use crate::diagnostic::Sourced;
    use crate::stack::{Exposure, Port};

    #[test]
    fn ports_are_written_as_compose_reads_them() {
        let port = |exposure| {
            published(&Port {
                name: "grpc",
                service: "otel-collector",
                setting: "x",
                host: Sourced::default_value(14317),
                container: 4317,
                exposure,
                sources: Vec::new(),
                decided_by: Vec::new(),
            })
        };
        assert_eq!(port(Exposure::Everywhere), "14317:4317");
        assert_eq!(port(Exposure::Loopback), "127.0.0.1:14317:4317");
        assert_eq!(port(Exposure::Address("10.10.10.1".parse().unwrap())), "10.10.10.1:14317:4317");
        assert_eq!(port(Exposure::Address("fd00::1".parse().unwrap())), "[fd00::1]:14317:4317");
    }
}
