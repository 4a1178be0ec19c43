//! Turns Docker's answers into the snapshot's types. No calls, no decisions.

use super::beyond::beyond;
use super::moment;
use super::{Configuration, Container, Image, Network, Published, State, Summary, Volume};
use crate::artifact::compose::{PublishedPort, label};
use bollard::models;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::time::Duration;

/// Docker itself counts a restart as successful after ten seconds.
const PROBATION: Duration = Duration::from_secs(10);

fn sorted(map: Option<HashMap<String, String>>) -> BTreeMap<String, String> {
    map.unwrap_or_default().into_iter().collect()
}

fn bare(name: &str) -> String {
    name.trim_start_matches('/').to_owned()
}

fn environment(list: Option<Vec<String>>) -> BTreeMap<String, String> {
    list.unwrap_or_default()
        .into_iter()
        .map(|entry| match entry.split_once('=') {
            Some((key, value)) => (key.to_owned(), value.to_owned()),
            None => (entry, String::new()),
        })
        .collect()
}

/// Engines differ in whether they write `CAP_`.
fn capabilities(list: Option<Vec<String>>) -> BTreeSet<String> {
    list.unwrap_or_default()
        .into_iter()
        .map(|name| {
            let name = name.to_ascii_uppercase();
            name.strip_prefix("CAP_").map(str::to_owned).unwrap_or(name)
        })
        .collect()
}

/// One entry of the list of containers.
pub(super) fn summary(summary: models::ContainerSummary) -> Summary {
    let names = summary.names.unwrap_or_default();
    // A legacy link adds names with two slashes.
    let name = names.iter().find(|name| name.matches('/').count() < 2).or(names.first());
    let tcp = |port: &models::PortSummary| {
        port.typ.is_none_or(|typ| typ == models::PortSummaryTypeEnum::TCP)
    };
    Summary {
        id: summary.id.unwrap_or_default(),
        name: name.map(|name| bare(name)).unwrap_or_default(),
        stack: summary.labels.and_then(|mut labels| labels.remove(label::STACK)),
        running: summary
            .state
            .is_some_and(|state| state == models::ContainerSummaryStateEnum::RUNNING),
        ports: summary
            .ports
            .unwrap_or_default()
            .into_iter()
            .filter(tcp)
            .filter_map(|port| {
                Some(Published {
                    ip: port.ip.and_then(|ip| ip.parse::<IpAddr>().ok()),
                    port: port.public_port?,
                })
            })
            .collect(),
        networks: summary
            .network_settings
            .and_then(|settings| settings.networks)
            .map(|networks| networks.into_keys().collect())
            .unwrap_or_default(),
    }
}

/// One inspected container.
pub(super) fn container(answer: models::ContainerInspectResponse) -> Container {
    let state = answer.state.unwrap_or_default();
    let status = state.status.unwrap_or(models::ContainerStateStatusEnum::EMPTY);
    let exit_code = state.exit_code.unwrap_or_default();
    let looping = answer.restart_count.is_some_and(|count| count > 0)
        && state.started_at.as_deref().and_then(moment::age).is_some_and(|age| age < PROBATION);
    let ever_started = state.started_at.as_deref().is_some_and(|at| !at.starts_with("0001-"));
    let started = state.started_at.as_deref().and_then(moment::time);
    let name = bare(&answer.name.unwrap_or_default());
    let host = answer.host_config.unwrap_or_default();
    let config = answer.config.unwrap_or_default();
    let endpoints =
        answer.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let log = host.log_config.clone().unwrap_or_default();
    let configuration = Configuration {
        reference: config.image.unwrap_or_default(),
        image: answer.image.unwrap_or_default(),
        entrypoint: config.entrypoint.unwrap_or_default(),
        command: config.cmd.unwrap_or_default(),
        user: config.user.unwrap_or_default(),
        environment: environment(config.env),
        read_only: host.readonly_rootfs.unwrap_or_default(),
        cap_add: capabilities(host.cap_add.clone()),
        cap_drop: capabilities(host.cap_drop.clone()),
        security_opt: host.security_opt.clone().unwrap_or_default().into_iter().collect(),
        memory: host.memory.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default(),
        restart: restart(host.restart_policy.as_ref()),
        ports: ports(host.port_bindings.as_ref()),
        mounts: mounts(answer.mounts.unwrap_or_default()),
        tmpfs: sorted(host.tmpfs.clone()),
        log_driver: log.typ.unwrap_or_default(),
        log_options: sorted(log.config),
        labels: sorted(config.labels),
        networks: endpoints
            .iter()
            .map(|(name, endpoint)| {
                (name.clone(), endpoint.network_id.clone().filter(|id| !id.is_empty()))
            })
            .collect(),
        aliases: endpoints
            .into_values()
            .flat_map(|endpoint| {
                let names = endpoint.dns_names.unwrap_or_default();
                endpoint.aliases.unwrap_or_default().into_iter().chain(names)
            })
            .collect(),
        stop_timeout: config.stop_timeout,
        beyond: beyond(&host),
    };
    Container {
        id: answer.id.unwrap_or_default(),
        name,
        state: match status {
            // Between two ends a container that fails again and again runs for a moment.
            models::ContainerStateStatusEnum::RUNNING if looping => State::Restarting,
            models::ContainerStateStatusEnum::RUNNING => State::Running,
            models::ContainerStateStatusEnum::PAUSED => State::Paused,
            models::ContainerStateStatusEnum::RESTARTING => State::Restarting,
            models::ContainerStateStatusEnum::CREATED => State::Created,
            models::ContainerStateStatusEnum::DEAD | models::ContainerStateStatusEnum::REMOVING => {
                State::Dead
            }
            models::ContainerStateStatusEnum::EMPTY
            | models::ContainerStateStatusEnum::EXITED
            | models::ContainerStateStatusEnum::STOPPING => State::Exited(exit_code),
        },
        ever_started,
        started,
        configuration,
    }
}

fn restart(policy: Option<&models::RestartPolicy>) -> String {
    let name = policy.and_then(|policy| policy.name).map(|name| name.to_string());
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "no".to_owned());
    match policy.and_then(|policy| policy.maximum_retry_count) {
        Some(retries) if retries > 0 => format!("{name}:{retries}"),
        _ => name,
    }
}

/// Writes each binding as the compose file does; an empty address is every one.
fn ports(map: Option<&models::PortMap>) -> BTreeSet<String> {
    let mut ports = BTreeSet::new();
    for (port, bindings) in map.into_iter().flatten() {
        let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
        for binding in bindings.iter().flatten() {
            let ip = binding.host_ip.clone().unwrap_or_default();
            let host_port = binding.host_port.clone().unwrap_or_default();
            let parsed = match (number.parse(), host_port.parse(), ip.is_empty(), ip.parse().ok()) {
                (Ok(container_port), Ok(host_port), empty, host_ip)
                    if protocol == "tcp" && (empty || host_ip.is_some()) =>
                {
                    Some(PublishedPort { host_ip, host_port, container_port })
                }
                _ => None,
            };
            ports.insert(
                parsed.map_or_else(
                    || format!("{ip}:{host_port}:{port}"),
                    |parsed| parsed.to_string(),
                ),
            );
        }
    }
    ports
}

fn mounts(list: Vec<models::MountPoint>) -> BTreeMap<String, String> {
    list.into_iter()
        // A tmpfs is compared by its own option.
        .filter(|mount| mount.typ.as_deref() != Some("tmpfs"))
        .map(|mount| {
            let source =
                mount.name.filter(|name| !name.is_empty()).or(mount.source).unwrap_or_default();
            let mode = if mount.rw.unwrap_or(true) { "rw" } else { "ro" };
            (mount.destination.unwrap_or_default(), format!("{source}:{mode}"))
        })
        .collect()
}

/// One network.
pub(super) fn network(network: models::Network) -> Network {
    let pools = network.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
    Network {
        id: network.id.unwrap_or_default(),
        name: network.name.unwrap_or_default(),
        driver: network.driver.unwrap_or_default(),
        options: sorted(network.options),
        subnets: pools
            .into_iter()
            .filter_map(|pool| pool.subnet.and_then(|subnet| subnet.parse().ok()))
            .collect(),
        internal: network.internal.unwrap_or_default(),
        ipv6: network.enable_ipv6.unwrap_or_default(),
        labels: sorted(network.labels),
    }
}

/// One volume.
pub(super) fn volume(volume: models::Volume) -> Volume {
    Volume { name: volume.name, labels: volume.labels.into_iter().collect() }
}

/// One image.
pub(super) fn image(image: models::ImageInspect) -> Image {
    let config = image.config.unwrap_or_default();
    Image {
        id: image.id.unwrap_or_default(),
        entrypoint: config.entrypoint.unwrap_or_default(),
        command: config.cmd.unwrap_or_default(),
        user: config.user.unwrap_or_default(),
        environment: environment(config.env),
        labels: sorted(config.labels),
        volumes: config.volumes.unwrap_or_default(),
    }
}
