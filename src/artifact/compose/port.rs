//! A published port: `[address:]host:container`, TCP.

use std::fmt;
use std::net::IpAddr;

/// A TCP port of a container that the host publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublishedPort {
    /// The host's address; none: every address, IPv4 and IPv6.
    pub host_ip: Option<IpAddr>,
    /// The port on the host.
    pub host_port: u16,
    /// The port in the container.
    pub container_port: u16,
}

impl PublishedPort {
    /// Reads compose's short form. Only an address as Rust writes it is
    /// accepted, since docker-compose hashes the text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, container_port) = text.rsplit_once(':')?;
        let (host_ip, host_port) = match rest.rsplit_once(':') {
            None => (None, rest),
            Some((address, port)) => {
                let bare = address
                    .strip_prefix('[')
                    .and_then(|address| address.strip_suffix(']'))
                    .unwrap_or(address);
                let ip: IpAddr = bare.parse().ok()?;
                let bracketed = bare.len() != address.len();
                if ip.to_string() != bare || ip.is_ipv6() != bracketed {
                    return None;
                }
                (Some(ip), port)
            }
        };
        Some(Self {
            host_ip,
            host_port: number(host_port)?,
            container_port: number(container_port)?,
        })
    }

    /// Says whether two published ports cannot stand side by side.
    #[must_use]
    pub fn clashes(&self, ip: Option<IpAddr>, port: u16) -> bool {
        let any = |ip: Option<IpAddr>| ip.is_none_or(|ip| ip.is_unspecified());
        let same_family = match (self.host_ip, ip) {
            (Some(a), Some(b)) => a.is_ipv4() == b.is_ipv4(),
            _ => true,
        };
        self.host_port == port
            && same_family
            && (any(self.host_ip) || any(ip) || self.host_ip == ip)
    }
}

fn number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    plain.then(|| text.parse().ok())?
}

impl fmt::Display for PublishedPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host_ip {
            None => {}
            Some(IpAddr::V4(ip)) => write!(f, "{ip}:")?,
            Some(IpAddr::V6(ip)) => write!(f, "[{ip}]:")?,
        }
        write!(f, "{}:{}", self.host_port, self.container_port)
    }
}

#[cfg(test)]
mod tests {
    use super::PublishedPort;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        for good in ["4317:4317", "127.0.0.1:9090:13133", "[::1]:1:65535", "0.0.0.0:4317:4317"] {
            let port = PublishedPort::parse(good).expect(good);
            assert_eq!(port.to_string(), good);
        }
        for bad in [
            "4317",
            "0:4317",
            "4317:0",
            "a:1:1",
            "::1:1:1",
            "[127.0.0.1]:1:1",
            "1-2:1",
            "1:1/udp",
            "[0::1]:1:1",
            "65536:1",
            "+1:1",
            ":1",
            "01:1",
        ] {
            assert_eq!(PublishedPort::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn clashes_follow_the_kernel() {
        let clash = |ours: &str, ip: Option<&str>, port| {
            let ours = PublishedPort::parse(ours).expect(ours);
            ours.clashes(ip.map(|ip| ip.parse().expect(ip)), port)
        };
        assert!(clash("4317:4317", Some("127.0.0.1"), 4317));
        assert!(clash("127.0.0.1:4317:1", Some("0.0.0.0"), 4317));
        assert!(clash("127.0.0.1:4317:1", None, 4317));
        assert!(!clash("127.0.0.1:4317:1", Some("127.0.0.2"), 4317));
        assert!(!clash("127.0.0.1:4317:1", Some("::"), 4317));
        assert!(!clash("4317:4317", Some("127.0.0.1"), 4318));
    }
}
