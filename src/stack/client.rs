//! Which address Claude Code clients are told.
//!
//! Pure; the host's addresses come in as a plain list.

use super::build::LOOPBACK;
use super::{Client, LISTEN_ADDRESS, Port, RULES, Receiver};
use crate::diagnostic::{Diagnostic, Origin, Sourced};
use crate::profile::Profile;
use std::net::IpAddr;

/// Decides which addresses clients are told.
pub fn client(profile: &Profile, ports: &[Port], host_addresses: &[IpAddr]) -> Client {
    let receiver = |name: &str, port: &Sourced<u16>| {
        let published = ports.iter().find(|port| port.name == name);
        receiver(profile, port, published, host_addresses)
    };
    Client {
        grpc: receiver("grpc", &profile.ports.grpc),
        http: receiver("http", &profile.ports.http),
    }
}

fn receiver(
    profile: &Profile,
    port: &Sourced<u16>,
    published: Option<&Port>,
    host_addresses: &[IpAddr],
) -> Receiver {
    let receiver = |address, address_setting, note| Receiver {
        address,
        address_setting,
        port: port.clone(),
        port_setting: published.map_or("", |published| published.setting),
        note,
    };
    let loopback = |note| receiver(Sourced::default_value(LOOPBACK), LISTEN_ADDRESS, note);
    if let Some(address) = &profile.listen_address
        && !address.value.is_unspecified()
    {
        return receiver(address.clone(), LISTEN_ADDRESS, None);
    }
    let accepted = published.map_or(&[][..], |port| port.sources.as_slice());
    if accepted.is_empty() {
        return loopback(None);
    }
    let mut rules = profile.firewall.rules.iter();
    let rule = rules.find(|rule| rule.ports.contains(&port.value));
    let place = rule.map_or(Origin::Default, |rule| rule.sources.origin.clone());
    let inside = host_addresses.iter().copied().find(|address| {
        is_reachable(profile, *address) && accepted.iter().any(|net| net.contains(address))
    });
    match inside {
        None => loopback(Some(no_client_address(&place))),
        Some(address) => receiver(Sourced::new(address, place), RULES, None),
    }
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

fn no_client_address(rule: &Origin) -> Diagnostic {
    Diagnostic::note("this host has no address inside the accepted sources, so the client environment names 127.0.0.1")
        .code("stack::client-address")
        .at(rule)
        .hint("replace it by the server's address, or set `otelctl::listen_address`")
}

#[cfg(test)]
mod tests {
    use crate::stack::build::tests::{GRPC_RULE, build, told};

    #[test]
    fn clients_are_told_an_address_that_they_can_reach() {
        let any = "profile::firewall::custom_rules: {r: {port: 4317, source: [0.0.0.0/0, '::/0'], jump: accept}}\n";
        for (profile, host, expected, noted) in [
            (GRPC_RULE, vec!["192.168.0.2", "10.10.10.7", "10.10.10.1"], "10.10.10.7", false),
            (GRPC_RULE, vec!["192.168.0.2"], "127.0.0.1", true),
            (
                any,
                vec!["127.0.0.1", "::1", "fe80::1", "172.31.250.1", "192.168.0.2"],
                "192.168.0.2",
                false,
            ),
            ("{}", vec!["192.168.0.2"], "127.0.0.1", false),
            ("otelctl::listen_address: 0.0.0.0", vec!["192.168.0.2"], "127.0.0.1", false),
        ] {
            let stack = build(profile, &host);
            assert_eq!(stack.client.grpc.address.value.to_string(), expected, "{profile} {host:?}");
            assert_eq!(told(&stack).contains("names 127.0.0.1"), noted, "{profile} {host:?}");
        }
    }
}
