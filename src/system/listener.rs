//! Processes that listen on the host, as the kernel lists them. Reads `/proc` only.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A TCP socket that listens in the engine's network namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The local address.
    pub ip: IpAddr,
    /// The port.
    pub port: u16,
    /// The process, such as `nginx (812)`, if it can be told.
    pub process: Option<String>,
}

/// Lists what listens on some ports where process `daemon` lives. What cannot
/// be read is left out.
#[must_use]
pub fn listeners(daemon: i32, ports: &[u16]) -> Vec<Listener> {
    let mut found = listening(daemon, ports);
    if found.iter().any(|(listener, _)| listener.process.is_none()) {
        // Its process may just have ended.
        found = listening(daemon, ports);
    }
    found.into_iter().map(|(listener, _)| listener).collect()
}

/// The process that listens on a port in otelctl's own network, if it can be told.
#[must_use]
pub fn process(port: u16) -> Option<u32> {
    let own = i32::try_from(std::process::id()).ok()?;
    let found = listeners(own, &[port]);
    let name = found.iter().find_map(|listener| listener.process.as_deref())?;
    name.rsplit_once('(')?.1.trim_end_matches(')').parse().ok()
}

fn listening(daemon: i32, ports: &[u16]) -> Vec<(Listener, u64)> {
    let mut found: Vec<(Listener, u64)> = ["tcp", "tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(format!("/proc/{daemon}/net/{table}")).ok())
        .flat_map(|table| parse(&table))
        .filter(|(listener, _)| ports.contains(&listener.port))
        .collect();
    if !found.is_empty() {
        name_processes(&mut found);
    }
    found
}

/// Reads `/proc/net/tcp` and `tcp6`: local address, state `0A` (listen), inode.
fn parse(table: &str) -> Vec<(Listener, u64)> {
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut fields = line.split_ascii_whitespace().skip(1);
            let (address, port) = fields.next()?.split_once(':')?;
            let listens = fields.nth(1)? == "0A";
            let inode = fields.nth(5)?.parse().ok()?;
            let port = u16::from_str_radix(port, 16).ok()?;
            listens.then_some((Listener { ip: ip(address)?, port, process: None }, inode))
        })
        .collect()
}

/// The kernel prints each 32-bit word in the machine's byte order.
fn ip(hex: &str) -> Option<IpAddr> {
    let mut bytes = Vec::new();
    for start in (0..hex.len()).step_by(8) {
        let word = u32::from_str_radix(hex.get(start..start + 8)?, 16).ok()?;
        bytes.extend(word.to_ne_bytes());
    }
    if let Ok(four) = <[u8; 4]>::try_from(bytes.as_slice()) {
        return Some(Ipv4Addr::from(four).into());
    }
    <[u8; 16]>::try_from(bytes.as_slice()).ok().map(|sixteen| Ipv6Addr::from(sixteen).into())
}

fn name_processes(found: &mut [(Listener, u64)]) {
    let Ok(processes) = fs::read_dir("/proc") else { return };
    for process in processes.flatten() {
        let Ok(files) = fs::read_dir(process.path().join("fd")) else { continue };
        for file in files.flatten() {
            let Ok(target) = fs::read_link(file.path()) else { continue };
            let target = target.to_string_lossy();
            let inode = target
                .strip_prefix("socket:[")
                .and_then(|rest| rest.strip_suffix(']'))
                .and_then(|inode| inode.parse::<u64>().ok());
            for (listener, _) in found.iter_mut().filter(|(_, wanted)| Some(*wanted) == inode) {
                let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
                let id = process.file_name();
                listener.process = Some(format!("{} ({})", name.trim(), id.to_string_lossy()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{listeners, parse};
    use std::net::TcpListener;

    #[test]
    fn reads_the_kernels_table() {
        let table = "  sl  local_address rem_address   st\n\
            0: 0100007F:10DD 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 77 1 x\n\
            1: 0100007F:10DE 0100007F:9999 01 00000000:00000000 00:00000000 00000000 0 0 78 1 x\n\
            2: 00000000000000000000000001000000:1F90 0:0 0A 0:0 00:0 0 0 0 79 1 x\n";
        let found = parse(table);
        assert_eq!(found.len(), 2, "an established connection does not listen");
        assert_eq!(found[0].0.ip.to_string(), "127.0.0.1");
        assert_eq!((found[0].0.port, found[0].1), (4317, 77));
        assert_eq!(found[1].0.ip.to_string(), "::1");
    }

    #[test]
    fn names_the_process() {
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = socket.local_addr().expect("bound").port();
        let own = i32::try_from(std::process::id()).expect("a process id");
        let found = listeners(own, &[port]);
        assert_eq!(found.len(), 1);
        let process = found[0].process.clone().expect("this process can see itself");
        assert!(process.ends_with(&format!("({own})")), "{process}");
        assert_eq!(super::process(port), u32::try_from(own).ok());
        assert!(listeners(own, &[1]).is_empty());
    }
}
