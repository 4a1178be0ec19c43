//! An OTLP endpoint of somebody else's: how it is written, and what speaks against it.
//!
//! May not know what is sent there.

use super::expect::{Read, one_of, text_that};
use super::network;
use super::settings::TempoProtocol;
use crate::diagnostic::{Diagnostic, Kind, Sourced};
use crate::hiera::Node;

/// Reads `host:port` or a URL.
pub fn endpoint(node: &Node) -> Read<String> {
    let expected = "`host:port` or an `https://…` address";
    network::url(node).or_else(|_| text_that(node, expected, network::is_target))
}

/// Reads `otlp` (gRPC) or `otlphttp`.
pub fn protocol(node: &Node) -> Read<TempoProtocol> {
    one_of(node, &[("otlp", TempoProtocol::Grpc), ("otlphttp", TempoProtocol::Http)])
}

/// What an endpoint and a protocol contradict each other in, by the keys they have.
pub fn contradiction(
    (key, endpoint): (&str, &Sourced<String>),
    (protocol_key, protocol): (&str, TempoProtocol),
) -> Option<Diagnostic> {
    let address = endpoint.value.split_once("://").map_or("", |(_, address)| address);
    (protocol == TempoProtocol::Grpc && address.contains('/')).then(|| {
        let message =
            format!("`{key}` has a path, which `{protocol_key}: otlp` (gRPC) has no place for");
        let error = Diagnostic::error(Kind::Profile, message).code("profile::contradiction");
        let hint = format!("set `{protocol_key}: otlphttp`, or remove the path");
        error.at(&endpoint.origin).hint(hint)
    })
}

/// Warns of what everybody on the way can read.
pub fn in_clear(
    (key, endpoint): (&str, &Sourced<String>),
    what: &str,
    code: &'static str,
) -> Option<Diagnostic> {
    endpoint.value.starts_with("http://").then(|| {
        let message = format!("`{key}` is without TLS: {what} is sent in clear");
        let warning = Diagnostic::warning(message).code(code);
        warning.at(&endpoint.origin).hint("write `https://…`, unless it stays on this host")
    })
}
