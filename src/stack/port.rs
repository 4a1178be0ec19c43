//! A published port, who may reach it, and which setting it comes from.

use crate::diagnostic::Sourced;
use ipnet::IpNet;
use std::net::IpAddr;

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
    /// What it is for, in compose order: `grpc`, `http`, `metrics`, `health`, `pprof`, `prometheus`.
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
}
