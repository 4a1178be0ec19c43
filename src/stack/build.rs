//! From the profile to the desired state: names, ports, exposure, addresses.
//!
//! Pure decisions. The host's addresses come in as a plain list.

use super::{
    Client, Collector, Exposure, LogRotation, Network, Port, Prometheus, Scrape, Stack, check,
    memory::Memory,
};
use crate::diagnostic::{Diagnostic, Failure, Origin, Sourced};
use crate::profile::{Mode, Profile};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr};

const COLLECTOR: &str = "otel-collector";
const PROMETHEUS: &str = "prometheus";
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

impl Stack {
    /// Decides everything that the profile asks for on a host with these addresses.
    ///
    /// # Errors
    /// What contradicts itself in the profile as a whole.
    pub fn build(profile: &Profile, host_addresses: &[IpAddr]) -> Result<Self, Failure> {
        let name = &profile.stack.value;
        let ports = ports(profile);
        let (client, client_note) = client(profile, &ports, host_addresses);
        let mut notes = profile.notes.clone();
        notes.extend(check::cross_checks(profile, &ports, host_addresses));
        notes.extend(client_note);
        Ok(Self {
            name: profile.stack.clone(),
            managed: profile.managed.clone(),
            directory: profile.directory.clone(),
            network: Network {
                name: format!("{name}_default"),
                bridge: format!("otc-{name}"),
                subnet: profile.subnet.clone(),
            },
            collector: collector(profile),
            prometheus: prometheus(profile),
            scrape: scrape(profile, &ports),
            firewall_table: profile
                .firewall
                .manage
                .value
                .then(|| format!("otelctl_{}", name.replace('-', "_"))),
            client,
            prices: profile.prices.clone(),
            log: LogRotation {
                max_size: profile.log.max_size.clone(),
                files: profile.log.files.clone(),
            },
            ports,
            notes: Failure::check(notes)?,
        })
    }
}

fn collector(profile: &Profile) -> Collector {
    let settings = &profile.collector;
    let Memory { container, gomemlimit, spike } = Memory::of(settings.memory_limit_mib.value);
    Collector {
        container: format!("{}-collector", profile.stack.value),
        image: settings.image.clone(),
        version: settings.version.value,
        batch_timeout: settings.batch_timeout.clone(),
        memory_limit_mib: settings.memory_limit_mib.clone(),
        spike_limit_mib: spike,
        container_memory_mib: container,
        gomemlimit_mib: gomemlimit,
        const_labels: settings.const_labels.clone(),
    }
}

fn prometheus(profile: &Profile) -> Option<Prometheus> {
    let (name, settings) = (&profile.stack.value, &profile.prometheus);
    (settings.mode.value == Mode::Managed).then(|| Prometheus {
        container: format!("{name}-prometheus"),
        image: settings.image.clone(),
        volume: format!("{name}_prometheus-data"),
        retention: settings.retention.clone(),
        url: format!("http://127.0.0.1:{}", profile.ports.prometheus.value),
    })
}

/// Managed, Prometheus reaches the exporter by the service's name; any other
/// Prometheus reaches it by the published port.
fn scrape(profile: &Profile, ports: &[Port]) -> Scrape {
    let published = ports.iter().find(|port| port.name == "metrics");
    let default = match (profile.prometheus.mode.value, published.map(|port| port.exposure)) {
        (Mode::Managed, _) => Sourced::default_value(format!("{COLLECTOR}:8889")),
        (_, Some(Exposure::Address(address))) if !address.is_unspecified() => {
            let target = std::net::SocketAddr::new(address, profile.ports.metrics.value);
            Sourced::default_value(target.to_string())
        }
        _ => profile.ports.metrics.clone().map(|port| format!("localhost:{port}")),
    };
    Scrape {
        job: COLLECTOR.to_owned(),
        interval: profile.prometheus.scrape_interval.clone(),
        target: profile.prometheus.scrape_target.clone().unwrap_or(default),
    }
}

/// How far a port is open by default.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Published for others.
    Open,
    /// Published for others when a rule names it.
    OnDemand,
    /// Loopback, whatever the rules say.
    Local,
}

fn ports(profile: &Profile) -> Vec<Port> {
    let p = &profile.ports;
    let class = |name: &'static str, setting, host: &Sourced<u16>, container, reach| {
        port(
            profile,
            Port {
                name,
                service: COLLECTOR,
                setting,
                host: host.clone(),
                container,
                exposure: Exposure::Loopback,
                sources: Vec::new(),
            },
            reach,
        )
    };
    let mut ports = vec![
        class("grpc", "profile::otel_collector::otel_grpc_port", &p.grpc, 4317, Reach::Open),
        class("http", "profile::otel_collector::otel_http_port", &p.http, 4318, Reach::Open),
        class(
            "metrics",
            "profile::otel_collector::otel_prometheus_port",
            &p.metrics,
            8889,
            Reach::Open,
        ),
        class(
            "health",
            "profile::otel_collector::otel_health_port",
            &p.health,
            13133,
            Reach::Local,
        ),
        class("pprof", "profile::otel_collector::otel_pprof_port", &p.pprof, 1777, Reach::Local),
    ];
    if profile.prometheus.mode.value == Mode::Managed {
        let setting = "otelctl::prometheus::port";
        let port = class("prometheus", setting, &p.prometheus, 9090, Reach::OnDemand);
        ports.push(Port { service: PROMETHEUS, ..port });
    }
    ports
}

/// Decides who may reach a port and where it listens.
fn port(profile: &Profile, port: Port, reach: Reach) -> Port {
    if reach == Reach::Local {
        return port;
    }
    let rules = profile.firewall.rules.iter().filter(|rule| rule.ports.contains(&port.host.value));
    let named: Vec<IpNet> = rules.flat_map(|rule| rule.sources.value.iter().copied()).collect();
    let sources = IpNet::aggregate(&named);
    // Without otelctl's firewall nothing else keeps an unnamed port closed.
    let open = match reach {
        Reach::Open => profile.firewall.manage.value || !sources.is_empty(),
        Reach::OnDemand => !sources.is_empty(),
        Reach::Local => false,
    };
    let exposure = match &profile.listen_address {
        _ if !open => Exposure::Loopback,
        Some(address) if address.value == LOOPBACK => Exposure::Loopback,
        Some(address) => Exposure::Address(address.value),
        None => Exposure::Everywhere,
    };
    Port { exposure, sources, ..port }
}

/// Decides which address clients are told.
fn client(
    profile: &Profile,
    ports: &[Port],
    host_addresses: &[IpAddr],
) -> (Client, Option<Diagnostic>) {
    let grpc_port = profile.ports.grpc.value;
    let client = |address| Client { address, grpc_port };
    if let Some(address) = &profile.listen_address
        && !address.value.is_unspecified()
    {
        return (client(address.value), None);
    }
    let accepted = ports
        .iter()
        .find(|port| port.name == "grpc")
        .map_or(&[][..], |port| port.sources.as_slice());
    if accepted.is_empty() {
        return (client(LOOPBACK), None);
    }
    let inside = host_addresses.iter().copied().find(|address| {
        is_reachable(profile, *address) && accepted.iter().any(|net| net.contains(address))
    });
    inside.map_or_else(
        || (client(LOOPBACK), Some(no_client_address(profile))),
        |address| (client(address), None),
    )
}

/// Whether clients elsewhere could use an address of this host at all.
fn is_reachable(profile: &Profile, address: IpAddr) -> bool {
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    let own_bridge = match address {
        IpAddr::V4(address) => profile.subnet.value.contains(&address),
        IpAddr::V6(_) => false,
    };
    !(address.is_loopback() || address.is_unspecified() || link_local || own_bridge)
}

fn no_client_address(profile: &Profile) -> Diagnostic {
    let rule = profile
        .firewall
        .rules
        .iter()
        .find(|rule| rule.ports.contains(&profile.ports.grpc.value))
        .map_or(Origin::Default, |rule| rule.sources.origin.clone());
    Diagnostic::note("this host has no address inside the accepted sources, so the client environment names 127.0.0.1")
        .code("stack::client-address")
        .at(&rule)
        .hint("replace it by the server's address, or set `otelctl::listen_address`")
}
