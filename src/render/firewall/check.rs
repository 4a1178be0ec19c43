//! Holds the rendered ruleset against the stack: who gets in, and who does not.
//!
//! Asks the ruleset about packets instead of comparing texts, so that it holds
//! for a template of the user's own as well.

use super::{container_ports, sources};
use crate::artifact::ruleset::{Packet, Ruleset};
use crate::diagnostic::{Diagnostic, Kind};
use crate::stack::{Exposure, Network, Port};
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses for documentation: a host of ours, and strangers to it.
const HOST: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
];
const STRANGERS: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(198, 51, 100, 113)),
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, 113)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0x113, 0, 0, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0x114, 0, 0, 0, 0, 1)),
];

/// Every way in which the ruleset does not do what the stack asks for.
pub(super) fn check(
    table: &str,
    network: &Network,
    ports: &[Port],
    ruleset: &Ruleset,
) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    if ruleset.table != table {
        errors.push(error(format!("firewall table `{}` is not `{table}`", ruleset.table)));
    }
    let containers = container_ports(ports);
    let ours: BTreeSet<u16> = ports
        .iter()
        .map(|p| p.host.value)
        .chain(containers.iter().map(|(port, _)| *port))
        .collect();
    for foreign in ruleset.ports().difference(&ours) {
        errors.push(error(format!(
            "firewall drops TCP to port {foreign}, which is none of the stack's"
        )));
    }
    for port in ports {
        let addresses = match port.exposure {
            Exposure::Everywhere => HOST.to_vec(),
            Exposure::Loopback => vec![Ipv4Addr::LOCALHOST.into()],
            Exposure::Address(address) if address.is_unspecified() => HOST.to_vec(),
            Exposure::Address(address) => vec![address],
        };
        let name = format!("port {} (`{}`)", port.host.value, port.setting);
        for address in addresses {
            let probe = |source| packet(source, address, port.host.value, true);
            errors.extend(judge(ruleset, &name, &sources(port), probe));
        }
    }
    // The first host address is the bridge's own, the second a container's.
    let container = network.subnet.value.hosts().nth(1).unwrap_or(network.subnet.value.addr());
    for (port, sources) in &containers {
        let name = format!("container port {port}");
        let probe = |source| packet(source, container.into(), *port, false);
        errors.extend(judge(ruleset, &name, sources, probe));
    }
    errors
}

/// Sends each accepted source and one stranger of each family.
fn judge(
    ruleset: &Ruleset,
    name: &str,
    sources: &[IpNet],
    probe: impl Fn(IpAddr) -> Packet,
) -> Vec<Diagnostic> {
    let family = probe(HOST[0]).destination.is_ipv4();
    let shut_out = sources
        .iter()
        .filter(|net| net.addr().is_ipv4() == family && ruleset.drops(&probe(net.network())))
        .map(|net| error(format!("{name} is closed to `{net}`, which has an accepting rule")));
    let stranger = STRANGERS
        .into_iter()
        .filter(|address| address.is_ipv4() == family)
        .find(|address| !sources.iter().any(|net| net.contains(address)));
    let let_in = stranger
        .filter(|stranger| !ruleset.drops(&probe(*stranger)))
        .map(|stranger| error(format!("{name} is open to `{stranger}`, which no rule accepts")));
    shut_out.chain(let_in).collect()
}

fn packet(source: IpAddr, destination: IpAddr, port: u16, local: bool) -> Packet {
    Packet {
        interface: "eth0".to_owned(),
        source,
        destination,
        local,
        port: Some(port),
        reply: false,
    }
}

fn error(message: String) -> Diagnostic {
    Diagnostic::error(Kind::Profile, message)
        .code("render::firewall")
        .hint("correct the template `firewall/otelctl.nft`")
}
