//! From the profile to the desired state: names, ports, exposure, addresses.
//!
//! Pure decisions. The host's addresses come in as a plain list.

use super::{
    Collector, Dashboards, Exposure, ExternalPrometheus, Firewall, LogRotation, Network, Port,
    Prometheus, Scrape, Stack, Units, batch, cardinality, check, client, forward, grafana,
    memory::Memory, publish, release, tempo,
};
use crate::diagnostic::{Failure, Sourced};
use crate::profile::{Mode, Profile};
use std::net::{IpAddr, Ipv4Addr};

pub(super) const COLLECTOR: &str = "otel-collector";
pub(super) const PROMETHEUS: &str = "prometheus";
pub(super) const GRAFANA: &str = "grafana";
pub(super) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

impl Stack {
    /// Decides everything that the profile asks for on a host with these addresses.
    ///
    /// # Errors
    /// What contradicts itself in the profile as a whole.
    pub fn build(profile: &Profile, host_addresses: &[IpAddr]) -> Result<Self, Failure> {
        let name = &profile.stack.value;
        let ports = publish::ports(profile);
        let client = client::client(profile, &ports, host_addresses);
        let mut notes = profile.notes.clone();
        notes.extend(check::cross_checks(profile, &ports, host_addresses));
        let collector = collector(profile);
        notes.extend(release::notes(&collector.version, collector.version_setting));
        notes.extend(batch::too_long(&collector.batch_timeout));
        notes.extend(cardinality::doubts(&profile.labels));
        notes.extend(client.grpc.note.clone());
        let grafana = grafana::grafana(profile, &ports);
        notes.extend(grafana.as_ref().and_then(grafana::unreachable_datasource));
        let mut secrets: Vec<_> =
            grafana.as_ref().and_then(grafana::secret_file).into_iter().collect();
        secrets.extend(profile.tempo.as_ref().map(tempo::secret_file));
        secrets.extend(profile.forward.as_ref().and_then(forward::secret_file));
        Ok(Self {
            name: profile.stack.clone(),
            managed: profile.managed.clone(),
            directory: profile.directory.clone(),
            network: Network {
                name: format!("{name}_default"),
                bridge: format!("otc-{name}"),
                subnet: profile.subnet.clone(),
            },
            collector,
            prometheus: prometheus(profile, &ports),
            external_prometheus: external_prometheus(profile),
            grafana,
            dashboards: Dashboards {
                enabled: profile.grafana.dashboards.clone(),
                datasource: profile.grafana.datasource.clone(),
            },
            tempo: profile.tempo.clone(),
            forward: profile.forward.clone(),
            secrets,
            scrape: scrape(profile, &ports),
            firewall: Firewall {
                table: format!("otelctl_{}", name.replace('-', "_")),
                managed: profile.firewall.manage.value,
            },
            units: units(name),
            client,
            prices: profile.prices.clone(),
            labels: profile.labels.clone(),
            detail: profile.detail.clone(),
            budget: profile.budget.clone(),
            log: LogRotation {
                max_size: profile.log.max_size.clone(),
                files: profile.log.files.clone(),
            },
            ports,
            notes: Failure::check(notes)?,
        })
    }
}

/// The first stack of a host has the plain names, which the user's document types.
fn units(stack: &str) -> Units {
    let firewall = match stack {
        "otel" => "otelctl-firewall.service".to_owned(),
        other => format!("otelctl-firewall-{other}.service"),
    };
    Units { collector: format!("{stack}-collector.service"), firewall }
}

fn collector(profile: &Profile) -> Collector {
    let settings = &profile.collector;
    let Memory { container, gomemlimit, spike } = Memory::of(settings.memory_limit_mib.value);
    Collector {
        container: format!("{}-collector", profile.stack.value),
        image: settings.image.clone(),
        version: settings.version.clone(),
        version_setting: if settings.version.origin == settings.image.origin {
            "profile::otel_collector::otel_collector_image"
        } else {
            "otelctl::collector_version"
        },
        batch_timeout: settings.batch_timeout.clone(),
        memory_limit_mib: settings.memory_limit_mib.clone(),
        spike_limit_mib: spike,
        container_memory_mib: container,
        gomemlimit_mib: gomemlimit,
        const_labels: settings.const_labels.clone(),
    }
}

fn prometheus(profile: &Profile, ports: &[Port]) -> Option<Prometheus> {
    let (name, settings) = (&profile.stack.value, &profile.prometheus);
    // Only a managed Prometheus has a port.
    let port = ports.iter().find(|port| port.service == PROMETHEUS)?;
    Some(Prometheus {
        container: format!("{name}-prometheus"),
        image: settings.image.clone(),
        volume: format!("{name}_prometheus-data"),
        retention: settings.retention.clone(),
        url: format!("http://{}", port.local_address()),
    })
}

fn external_prometheus(profile: &Profile) -> Option<ExternalPrometheus> {
    let settings = &profile.prometheus;
    let default = || Sourced::default_value(grafana::PROMETHEUS_URL.to_owned());
    (settings.mode.value == Mode::External).then(|| ExternalPrometheus {
        url: settings.url.clone().unwrap_or_else(default),
        config_file: settings.config_file.clone(),
        login: settings.login.clone(),
        retention: settings.retention.origin.location().map(|_| settings.retention.clone()),
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
        // Two stacks may share a Prometheus, which knows jobs by name.
        job: format!("{}-collector", profile.stack.value),
        interval: profile.prometheus.scrape_interval.clone(),
        target: profile.prometheus.scrape_target.clone().unwrap_or(default),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::diagnostic::{Failure, Severity};
    use crate::profile::Profile;
    use crate::stack::{Exposure, Stack};
    use std::net::IpAddr;

    const DOCUMENT: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/document/profile.yaml"));
    pub const GRPC_RULE: &str =
        "profile::firewall::custom_rules: {r: {port: 4317, source: 10.10.10.0/24, jump: accept}}\n";

    pub fn try_build(profile: &str, host: &[&str]) -> Result<Stack, Failure> {
        let profile = Profile::read(profile, "p.yaml").expect(profile);
        let host: Vec<IpAddr> = host.iter().map(|address| address.parse().unwrap()).collect();
        Stack::build(&profile, &host)
    }

    pub fn build(profile: &str, host: &[&str]) -> Stack {
        try_build(profile, host).expect(profile)
    }

    fn exposures(stack: &Stack) -> Vec<(&str, u16, u16, Exposure, usize)> {
        let port = |p: &crate::stack::Port| p.sources.len();
        stack
            .ports
            .iter()
            .map(|p| (p.name, p.host.value, p.container, p.exposure, port(p)))
            .collect()
    }

    pub fn told(stack: &Stack) -> String {
        let notes = stack.notes.iter().map(|note| format!("{} {}", note.origin, note.message));
        notes.collect::<Vec<String>>().join("\n")
    }

    #[test]
    fn the_document_becomes_what_it_promises() {
        use Exposure::{Everywhere, Loopback};
        let stack = build(DOCUMENT, &["127.0.0.1", "192.168.0.2", "10.10.10.1"]);
        assert_eq!(
            exposures(&stack),
            [
                ("grpc", 4317, 4317, Everywhere, 1),
                ("http", 4318, 4318, Everywhere, 0),
                ("metrics", 8889, 8889, Everywhere, 1),
                ("health", 13133, 13133, Loopback, 0),
                ("pprof", 1777, 1777, Loopback, 0),
                ("prometheus", 9090, 9090, Loopback, 0),
                ("grafana", 3000, 3000, Loopback, 0),
            ]
        );
        assert_eq!(stack.client.grpc.address.value.to_string(), "10.10.10.1");
        assert_eq!(stack.client.grpc.address.origin.to_string(), "p.yaml:20:13");
        assert_eq!(stack.collector.container, "otel-collector");
        assert_eq!(stack.network.name, "otel_default");
        assert_eq!(stack.network.bridge, "otc-otel");
        assert!(stack.firewall.managed && stack.firewall.table == "otelctl_otel");
        assert_eq!(stack.scrape.target.value, "otel-collector:8889");
        let prometheus = stack.prometheus.as_ref().unwrap();
        assert_eq!(prometheus.container, "otel-prometheus");
        assert_eq!(prometheus.volume, "otel_prometheus-data");
        assert_eq!(prometheus.url, "http://127.0.0.1:9090");
        let collector = &stack.collector;
        assert_eq!(
            (collector.container_memory_mib, collector.spike_limit_mib, collector.gomemlimit_mib),
            (640, 128, 512)
        );
        assert!(told(&stack).contains("p.yaml:8:42 port 4318 (http) answers on loopback only"));
        assert!(stack.notes.iter().all(|note| note.severity == Severity::Note));
    }

    #[test]
    fn the_stacks_name_is_in_every_name() {
        let stack = build("otelctl::stack: team-a", &[]);
        assert_eq!(stack.collector.container, "team-a-collector");
        assert_eq!(stack.network.name, "team-a_default");
        assert_eq!(stack.network.bridge, "otc-team-a");
        assert_eq!(stack.firewall.table, "otelctl_team_a");
        assert_eq!(stack.units.collector, "team-a-collector.service");
        assert_eq!(stack.units.firewall, "otelctl-firewall-team-a.service");
        let longest = build("otelctl::stack: abcdefghijk", &[]);
        assert_eq!(longest.network.bridge.len(), 15, "Linux allows 15 characters");
    }

    #[test]
    fn listening_on_one_address_binds_it() {
        let address: IpAddr = "10.10.10.1".parse().unwrap();
        let text = format!(
            "{GRPC_RULE}otelctl::listen_address: 10.10.10.1\notelctl::prometheus::mode: none"
        );
        let stack = build(&text, &["192.168.0.2"]);
        assert_eq!(stack.ports[0].exposure, Exposure::Address(address));
        assert_eq!(stack.ports[3].exposure, Exposure::Loopback);
        assert_eq!((stack.ports.len(), stack.prometheus.is_none()), (5, true));
        assert_eq!(stack.client.grpc.address.value, address);
        assert_eq!(stack.scrape.target.value, "10.10.10.1:8889");
    }

    #[test]
    fn prometheus_is_asked_where_it_listens() {
        let rule = "profile::firewall::custom_rules: {r: {port: 9090, source: 10.10.10.0/24, jump: accept}}\n";
        for (rule, listen, url) in [
            (rule, "10.10.10.1", "http://10.10.10.1:9090"),
            (rule, "'fd00::1'", "http://[fd00::1]:9090"),
            (rule, "0.0.0.0", "http://127.0.0.1:9090"),
            ("", "10.10.10.1", "http://127.0.0.1:9090"),
        ] {
            let stack = build(&format!("{rule}otelctl::listen_address: {listen}\n"), &[]);
            assert_eq!(stack.prometheus.unwrap().url, url, "{rule}{listen}");
        }
    }

    #[test]
    fn another_prometheus_scrapes_the_published_port() {
        let text = "otelctl::prometheus::mode: external\nprofile::otel_collector::otel_prometheus_port: 9464";
        assert_eq!(build(text, &[]).scrape.target.value, "localhost:9464");
        let text = "otelctl::prometheus::scrape_target: collector.lan:8889";
        assert_eq!(build(text, &[]).scrape.target.value, "collector.lan:8889");
    }

    #[test]
    fn the_containers_subnet_is_nobody_elses() {
        let rule = |source: &str| {
            format!(
                "profile::firewall::custom_rules: {{r: {{port: 4317, source: {source}, jump: accept}}}}\n"
            )
        };
        for source in ["172.31.250.0/24", "172.31.250.9"] {
            let failure = try_build(&rule(source), &[]).expect_err(source);
            assert!(failure.to_string().contains("in the containers' subnet"), "{failure}");
        }
        let warned = |text: &str, host: &[&str]| {
            let notes = build(text, host).notes;
            notes.iter().filter(|note| note.severity == Severity::Warning).count()
        };
        assert_eq!(warned(&rule("172.16.0.0/12"), &[]), 1);
        assert_eq!(warned(&rule("0.0.0.0/0"), &[]), 0);
        assert_eq!(warned("{}", &["172.31.250.1"]), 0, "the bridge's own address");
        assert_eq!(warned("{}", &["172.31.250.77"]), 1);
        assert!(try_build("otelctl::listen_address: 172.31.250.5", &[]).is_err());
    }
}
