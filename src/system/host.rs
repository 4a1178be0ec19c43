//! What the host knows of itself: its addresses and the user who runs otelctl.

use super::disk;
use crate::diagnostic::Diagnostic;
use std::net::IpAddr;
use std::path::Path;

/// Returns the addresses of the host's interfaces, in the kernel's order, without loopback.
#[must_use]
pub fn addresses() -> Vec<IpAddr> {
    let Ok(interfaces) = nix::ifaddrs::getifaddrs() else { return Vec::new() };
    interfaces
        .filter_map(|interface| {
            let address = interface.address?;
            address
                .as_sockaddr_in()
                .map(|v4| IpAddr::V4(v4.ip()))
                .or_else(|| address.as_sockaddr_in6().map(|v6| IpAddr::V6(v6.ip())))
        })
        .filter(|address| !address.is_loopback())
        .collect()
}

/// Returns the effective user id.
#[must_use]
pub fn user_id() -> u32 {
    nix::unistd::geteuid().as_raw()
}

/// Says whether systemd is the running service manager (`sd_booted(3)`).
///
/// # Errors
/// When its folder cannot be looked at.
pub fn runs_systemd() -> Result<bool, Diagnostic> {
    Ok(disk::entry(Path::new("/run/systemd/system"))?.is_some())
}
