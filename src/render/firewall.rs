//! What the firewall template is filled from, and the check of what came out.
//!
//! Decides which packets are judged for each published port. May not know
//! netlink or `nft`.

mod check;

use super::collector::INNER_PORTS;
use super::setting::{self, Setting, key};
use super::templates::Templates;
use crate::artifact::ruleset::{Match, Ruleset};
use crate::artifact::{Artifact, path};
use crate::diagnostic::{Failure, Sourced};
use crate::stack::{Exposure, Network, Port, Stack};
use ipnet::{IpNet, Ipv4Net};
use serde::Serialize;
use std::net::Ipv4Addr;

/// The template's variables.
#[derive(Clone, Debug, Serialize)]
struct RulesetContext {
    /// The table's name.
    table: String,
    /// The stack's name.
    stack: Setting<String>,
    /// The bridge of the stack's containers.
    bridge: String,
    /// The container subnet.
    subnet: Setting<String>,
    /// The published ports, by host port.
    local_rules: Vec<LocalRule>,
    /// The ports of the containers' own addresses.
    container_ports: Vec<ContainerPort>,
}

/// A port on the host.
#[derive(Clone, Debug, Serialize)]
struct LocalRule {
    /// The port and its setting.
    port: Setting<u16>,
    /// The condition on the destination, in nft's words.
    destination: String,
    /// The settings that decide where the port listens and who gets in.
    decided_by: Vec<String>,
    /// The conditions that let a packet in, in nft's words.
    sources: Vec<String>,
}

/// A port of the containers' own addresses.
#[derive(Clone, Debug, Serialize)]
struct ContainerPort {
    /// The port.
    port: u16,
    /// The settings that decide who gets in.
    decided_by: Vec<String>,
    /// The conditions that let a packet in, in nft's words.
    sources: Vec<String>,
}

/// Renders the ruleset, reads it back, and tries it with packets; none when
/// the firewall is not otelctl's.
///
/// # Errors
/// A template that does not fill, or a ruleset that does not do what the stack asks for.
pub fn artifact(stack: &Stack, templates: &Templates) -> Result<Option<Artifact>, Failure> {
    if !stack.firewall.managed {
        return Ok(None);
    }
    let table = stack.firewall.table.as_str();
    let context = context(table, &stack.name, &stack.network, &stack.ports);
    let artifact = templates.fill(path::FIREWALL, context)?;
    let ruleset = Ruleset::parse(&String::from_utf8_lossy(&artifact.bytes), path::FIREWALL)?;
    Failure::check(check::check(table, &stack.network, &stack.ports, &ruleset))?;
    Ok(Some(artifact))
}

fn context(
    table: &str,
    stack: &Sourced<String>,
    network: &Network,
    ports: &[Port],
) -> RulesetContext {
    let leading_to = |container: u16| ports.iter().filter(move |port| port.container == container);
    RulesetContext {
        table: table.to_owned(),
        stack: Setting::of(key::STACK, stack),
        bridge: network.bridge.clone(),
        subnet: Setting::new(key::SUBNET, &network.subnet, network.subnet.value.to_string()),
        local_rules: ports.iter().map(local_rule).collect(),
        container_ports: container_ports(ports)
            .into_iter()
            .map(|(port, sources)| ContainerPort {
                port,
                decided_by: leading_to(port).flat_map(decided_by).collect(),
                sources: words(&sources),
            })
            .collect(),
    }
}

fn local_rule(port: &Port) -> LocalRule {
    LocalRule {
        port: Setting::of(port.setting, &port.host),
        destination: destination(port.exposure).to_string(),
        decided_by: decided_by(port),
        sources: words(&sources(port)),
    }
}

fn decided_by(port: &Port) -> Vec<String> {
    port.decided_by.iter().map(|(key, origin)| setting::from(key, origin)).collect()
}

/// The addresses at which a port is published: somebody else may hold the same
/// port on another address of the host, and that is none of the stack's business.
fn destination(exposure: Exposure) -> Match {
    match exposure {
        Exposure::Everywhere => Match::Local,
        // Docker before 28 lets a neighbour on the wire send to 127.0.0.1.
        Exposure::Loopback => Match::Destination(loopback().into()),
        // To listen on 0.0.0.0 is to listen everywhere; no packet is sent there.
        Exposure::Address(address) if address.is_unspecified() => Match::Local,
        Exposure::Address(address) => Match::Destination(address.into()),
    }
}

fn loopback() -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8)
}

/// Who gets in besides loopback.
fn sources(port: &Port) -> Vec<IpNet> {
    match port.exposure {
        Exposure::Loopback => Vec::new(),
        Exposure::Everywhere | Exposure::Address(_) => {
            let mut sources = IpNet::aggregate(&port.sources);
            sources.sort_unstable();
            sources
        }
    }
}

/// The container ports and who gets in. Containers share a subnet, so where two
/// have the same port, only the sources that both let in do.
fn container_ports(ports: &[Port]) -> Vec<(u16, Vec<IpNet>)> {
    let mut rules: Vec<(u16, Vec<IpNet>)> = Vec::new();
    for port in ports {
        let sources = sources(port);
        match rules.iter_mut().find(|(number, _)| *number == port.container) {
            Some((_, both)) => both.retain(|net| sources.contains(net)),
            None => rules.push((port.container, sources)),
        }
    }
    for inner in INNER_PORTS {
        if rules.iter().all(|(number, _)| *number != inner) {
            rules.push((inner, Vec::new()));
        }
    }
    rules
}

fn words(sources: &[IpNet]) -> Vec<String> {
    sources.iter().map(|net| Match::Source(*net).to_string()).collect()
}

#[cfg(test)]
mod tests;
