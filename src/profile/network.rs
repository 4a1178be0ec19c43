//! Addresses, networks, scrape targets and URLs.

use super::expect::{Mistake, Read, text_that};
use crate::hiera::{Node, Value};
use ipnet::{IpNet, Ipv4Net};
use std::net::IpAddr;

/// Reads an address to listen on.
pub fn address(node: &Node) -> Read<IpAddr> {
    let expected = "an IPv4 or IPv6 address";
    let Value::Text(text) = &node.value else {
        return Mistake::wrong_type(node, expected).only();
    };
    match text.parse::<IpAddr>() {
        Ok(address) if !address.is_multicast() => Ok(address),
        _ => Mistake::invalid(node, expected).only(),
    }
}

/// Reads the containers' subnet: private IPv4, /16 to /29.
pub fn subnet(node: &Node) -> Read<Ipv4Net> {
    let expected = "a private IPv4 network (/16 to /29) such as `172.31.250.0/24`";
    let Value::Text(text) = &node.value else {
        return Mistake::wrong_type(node, expected).only();
    };
    match text.parse::<Ipv4Net>() {
        Ok(net) if net != net.trunc() => {
            Mistake::invalid(node, expected).hint(format!("write `{}`", net.trunc())).only()
        }
        Ok(net)
            if (16..=29).contains(&net.prefix_len())
                && net.network().is_private()
                && net.broadcast().is_private() =>
        {
            Ok(net)
        }
        _ => Mistake::invalid(node, expected).only(),
    }
}

/// Reads one source or a list of sources: addresses and networks.
pub fn sources(node: &Node) -> Read<Vec<IpNet>> {
    let nodes = match &node.value {
        Value::Sequence(items) if !items.is_empty() => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let (mut sources, mut mistakes) = (Vec::new(), Vec::new());
    for node in nodes {
        match source(node) {
            Ok(net) => sources.push(net),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(sources) } else { Err(mistakes) }
}

/// Like iptables, takes `10.10.10.1/24` for the network it lies in.
fn source(node: &Node) -> Result<IpNet, Mistake> {
    let expected = "an address or a network such as `10.10.10.0/24`";
    let Value::Text(text) = &node.value else {
        return Err(Mistake::wrong_type(node, expected));
    };
    let text = text.trim();
    let address = |text: &str| text.parse::<IpAddr>().map(IpNet::from).ok();
    match text.parse::<IpNet>().ok().or_else(|| address(text)) {
        Some(net) => Ok(net.trunc()),
        None => Err(Mistake::invalid(node, expected)),
    }
}

/// Reads an absolute path of the host without `..`.
pub fn absolute_path(node: &Node) -> Read<String> {
    text_that(node, "an absolute path without `..`", |text| {
        text.starts_with('/')
            && !text.ends_with('/')
            && !text.contains(char::is_control)
            && text.split('/').all(|part| part != "..")
    })
}

/// Reads `host:port` as Prometheus reaches it.
pub fn target(node: &Node) -> Read<String> {
    text_that(node, "`host:port`", is_target)
}

/// Reads an HTTP address without user, query or fragment.
pub fn url(node: &Node) -> Read<String> {
    let expected = "an address such as `http://127.0.0.1:9090`, without user and query";
    let holds = |text: &str| {
        let Some(rest) = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"))
        else {
            return false;
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host_ok = is_target(authority) || is_host(authority);
        host_ok && path.chars().all(|c| c.is_ascii_alphanumeric() || "/._~-".contains(c))
    };
    // A user name in an address comes with a password, which no message may show.
    if node.value.as_text().is_some_and(|text| text.contains('@')) {
        let message = format!("names a user, expected {expected}");
        return Mistake::say("profile::invalid-value", node, message).only();
    }
    Ok(text_that(node, expected, holds)?.trim_end_matches('/').to_owned())
}

pub(super) fn is_target(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        let port_ok = port.bytes().all(|b| b.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|port| port > 0);
        port_ok && is_host(host)
    })
}

fn is_host(host: &str) -> bool {
    let ipv6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if let Some(ipv6) = ipv6 {
        return ipv6.parse::<std::net::Ipv6Addr>().is_ok();
    }
    !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
}
