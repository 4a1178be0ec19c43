//! Which ports are published, where they listen, and who gets in.
//!
//! Pure decisions from the profile's ports and rules.

use super::build::{COLLECTOR, GRAFANA, LOOPBACK, PROMETHEUS};
use super::{Exposure, Port};
use super::{LISTEN_ADDRESS, RULES};
use crate::diagnostic::Origin;
use crate::profile::{Mode, Profile};
use ipnet::IpNet;

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

/// Name, service, setting, port in the container, reach; in compose order.
const PORTS: [(&str, &str, &str, u16, Reach); 7] = [
    ("grpc", COLLECTOR, "profile::otel_collector::otel_grpc_port", 4317, Reach::Open),
    ("http", COLLECTOR, "profile::otel_collector::otel_http_port", 4318, Reach::Open),
    ("metrics", COLLECTOR, "profile::otel_collector::otel_prometheus_port", 8889, Reach::Open),
    ("health", COLLECTOR, "profile::otel_collector::otel_health_port", 13133, Reach::Local),
    ("pprof", COLLECTOR, "profile::otel_collector::otel_pprof_port", 1777, Reach::Local),
    ("prometheus", PROMETHEUS, "otelctl::prometheus::port", 9090, Reach::OnDemand),
    ("grafana", GRAFANA, "otelctl::grafana::port", 3000, Reach::OnDemand),
];

/// Lists every port that the stack publishes, in compose order.
pub fn ports(profile: &Profile) -> Vec<Port> {
    let p = &profile.ports;
    let hosts = [&p.grpc, &p.http, &p.metrics, &p.health, &p.pprof, &p.prometheus, &p.grafana];
    let managed = |service: &str| match service {
        PROMETHEUS => profile.prometheus.mode.value == Mode::Managed,
        GRAFANA => profile.grafana.mode.value == Mode::Managed,
        _ => true,
    };
    let published = PORTS.iter().zip(hosts).filter(|(port, _)| managed(port.1));
    published
        .map(|((name, service, setting, container, reach), host)| {
            let (sources, exposure) = opening(profile, host.value, *reach);
            let decided_by = decided_by(profile, host.value, exposure);
            let (host, container) = (host.clone(), *container);
            Port { name, service, setting, host, container, exposure, sources, decided_by }
        })
        .collect()
}

/// Where it stands in the profile who gets in, and where the port listens.
fn decided_by(profile: &Profile, host: u16, exposure: Exposure) -> Vec<(&'static str, Origin)> {
    let listen = profile.listen_address.iter().filter(|_| exposure != Exposure::Loopback);
    let listen = listen.map(|address| (LISTEN_ADDRESS, address.origin.clone()));
    let rules = profile
        .firewall
        .rules
        .iter()
        .filter(|rule| exposure != Exposure::Loopback && rule.ports.contains(&host));
    listen.chain(rules.map(|rule| (RULES, rule.sources.origin.clone()))).collect()
}

/// Decides who may reach a port and where it listens.
fn opening(profile: &Profile, host: u16, reach: Reach) -> (Vec<IpNet>, Exposure) {
    let rules = profile.firewall.rules.iter().filter(|rule| rule.ports.contains(&host));
    let named: Vec<IpNet> = rules.flat_map(|rule| rule.sources.value.iter().copied()).collect();
    let sources = IpNet::aggregate(&named);
    let open = match reach {
        // Without otelctl's firewall nothing else keeps an unnamed port closed.
        Reach::Open => profile.firewall.manage.value || !sources.is_empty(),
        Reach::OnDemand => !sources.is_empty(),
        Reach::Local => return (Vec::new(), Exposure::Loopback),
    };
    let exposure = match &profile.listen_address {
        _ if !open => Exposure::Loopback,
        Some(address) if address.value == LOOPBACK => Exposure::Loopback,
        Some(address) => Exposure::Address(address.value),
        None => Exposure::Everywhere,
    };
    (sources, exposure)
}

#[cfg(test)]
mod tests {
    use crate::stack::Exposure;
    use crate::stack::build::tests::{GRPC_RULE, build, told};

    #[test]
    fn without_the_firewall_unnamed_ports_are_bound_to_loopback() {
        use Exposure::{Everywhere, Loopback};
        let stack = build(&format!("{GRPC_RULE}otelctl::firewall::manage: false"), &[]);
        assert!(!stack.firewall.managed);
        let found: Vec<Exposure> = stack.ports.iter().map(|port| port.exposure).collect();
        assert_eq!(found[0], Everywhere);
        assert!(found.len() == 7 && found[1..].iter().all(|exposure| *exposure == Loopback));
        let told = told(&stack);
        assert_eq!(told.matches("is open to everybody").count(), 1, "{told}");
        assert!(told.contains("port 4317"), "{told}");
    }

    #[test]
    fn rules_open_prometheus_but_never_health() {
        let rules = "profile::firewall::custom_rules:\n  a: {port: [9090, 13133], source: [10.0.0.0/25, 10.0.0.128/25], jump: accept}\n";
        let stack = build(rules, &[]);
        assert_eq!(stack.ports[5].exposure, Exposure::Everywhere);
        assert_eq!(stack.ports[5].sources, ["10.0.0.0/24".parse().unwrap()], "aggregated");
        assert_eq!(
            (stack.ports[3].exposure, stack.ports[3].sources.len()),
            (Exposure::Loopback, 0)
        );
        assert!(told(&stack).contains("p.yaml:2:3 rule `a` has no effect on port 13133"));
    }
}
