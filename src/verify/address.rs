//! Where this host reaches a published port.

use crate::stack::{Exposure, Port};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The address at which a port answers on this host.
pub(super) fn address(port: &Port) -> SocketAddr {
    let ip = match port.exposure {
        Exposure::Loopback | Exposure::Everywhere => Ipv4Addr::LOCALHOST.into(),
        Exposure::Address(IpAddr::V6(ip)) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        Exposure::Address(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        Exposure::Address(ip) => ip,
    };
    SocketAddr::new(ip, port.host.value)
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
            address(&Port { name, service, setting, host, container: 4317, exposure, sources })
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
