//! A published port, who may reach it, and which setting it comes from.

use crate::diagnostic::{Origin, Sourced};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Where a port listens on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// 127.0.0.1 only.
    Loopback,
    /// Every address, IPv4 and IPv6.
    Everywhere,
    /// One address.
    Address(IpAddr),
}

/// A port that the stack publishes.
#[derive(Clone, Debug)]
pub struct Port {
    /// What it is for, in compose order: `grpc`, `http`, `metrics`, `health`, `pprof`, `prometheus`, `grafana`.
    pub name: &'static str,
    /// The compose service behind it.
    pub service: &'static str,
    /// The profile's key, for messages.
    pub setting: &'static str,
    /// The port on the host.
    pub host: Sourced<u16>,
    /// The port in the container (TCP).
    pub container: u16,
    /// Where it listens.
    pub exposure: Exposure,
    /// Who gets in besides loopback; empty: nobody.
    pub sources: Vec<IpNet>,
    /// The settings besides its own that decide who gets in and where it listens.
    pub decided_by: Vec<(&'static str, Origin)>,
}

impl Port {
    /// The address at which this host reaches it.
    #[must_use]
    pub fn local_address(&self) -> SocketAddr {
        let ip = match self.exposure {
            Exposure::Loopback | Exposure::Everywhere => Ipv4Addr::LOCALHOST.into(),
            Exposure::Address(IpAddr::V6(ip)) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            Exposure::Address(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            Exposure::Address(ip) => ip,
        };
        SocketAddr::new(ip, self.host.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sourced;

    #[test]
    fn a_port_is_reached_where_it_listens() {
        let at = |exposure| {
            let host = Sourced::default_value(4317);
            let (name, service, setting) = ("grpc", "otel-collector", "otel_grpc_port");
            let sources = Vec::new();
            Port {
                name,
                service,
                setting,
                host,
                container: 4317,
                exposure,
                sources,
                decided_by: Vec::new(),
            }
            .local_address()
            .to_string()
        };
        let listen = |ip: &str| at(Exposure::Address(ip.parse().expect("an address")));
        assert_eq!(at(Exposure::Loopback), "127.0.0.1:4317");
        assert_eq!(at(Exposure::Everywhere), "127.0.0.1:4317");
        assert_eq!(listen("10.10.10.1"), "10.10.10.1:4317");
        assert_eq!(listen("0.0.0.0"), "127.0.0.1:4317");
        assert_eq!(listen("::"), "[::1]:4317");
        assert_eq!(listen("fd00::1"), "[fd00::1]:4317");
    }
}
