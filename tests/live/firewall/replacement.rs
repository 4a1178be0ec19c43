//! What packets meet while rules are replaced: never fewer rules than before or after.

use super::hosts::Hosts;
use super::hosts::Place::{Host, Inside, Outside};
use super::{DOCUMENT, desired};
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, SockaddrIn, sendto, socket,
};
use otelctl::provider::firewall::{Desired, Operation};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Counts what reaches the stack's table, and what passes it; `slow` gets its rules below.
const WITNESS: &str = "
table inet witness {
  chain before {
    type filter hook prerouting priority -151;
    iifname \"outside\" tcp dport 4317 counter
  }
  chain after {
    type filter hook prerouting priority -149;
    iifname \"outside\" tcp dport 4317 counter
  }
  chain slow {
    SLOW
  }
}
";

/// Hooks a slow chain in anew. Of several chains with one priority the latest comes first: a
/// table made anew after this is met before `between`, and the one that it replaces after it. So a
/// packet on its way through `between` at the moment of the change would meet neither's rules.
const BETWEEN: &str = "
table inet witness {
  chain between { type filter hook prerouting priority -150; }
}
delete chain inet witness between
table inet witness {
  chain between {
    type filter hook prerouting priority -150;
    iifname \"outside\" tcp dport 4317 jump slow
  }
}
";

#[test]
fn the_port_never_stands_open_while_rules_are_replaced() {
    let hosts = Hosts::new();
    // Rules that match nothing and keep a packet for a while.
    hosts.nft(&WITNESS.replace("SLOW", &"meta mark 1\n".repeat(4000)));
    let open = flood(&hosts, || thread::sleep(Duration::from_millis(50)));
    assert!(open.passed > 0, "{open:?} without rules: else nothing is proved");

    // Each knows a source and a chain that the other does not.
    let one = desired(DOCUMENT);
    let other = desired(
        &DOCUMENT
            .replace("host_4318", "host_4318_renamed")
            .replace("10.10.10.0/24", "10.10.10.0/25"),
    );
    hosts.apply(&one);
    let there = operation(&hosts, &other);
    hosts.apply(&other);
    let back = operation(&hosts, &one);
    hosts.apply(&one);
    let mut replaced = 0;
    let seen = flood(&hosts, || {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(5) || replaced < 20 {
            for operation in [&there, &back] {
                hosts.nft(BETWEEN);
                hosts.execute(operation).expect("replace");
                replaced += 1;
            }
        }
    });
    println!("replaced {replaced} times: {seen:?}");
    assert!(seen.sent > 5_000, "{seen:?}");
    assert_eq!(seen.passed, 0, "{seen:?}");
}

#[test]
fn a_connection_survives_its_rules_being_replaced() {
    let hosts = Hosts::new();
    let other = desired(&DOCUMENT.replace("10.10.10.0/24", "10.10.10.0/25"));
    hosts.apply(&other);
    let listeners = hosts.listen(Host, &[4317]);
    let mut client =
        hosts.run(Inside, || TcpStream::connect("10.10.10.1:4317").expect("inside gets in"));
    let (mut server, _) = listeners[0].accept().expect("accept");
    server.set_read_timeout(Some(Duration::from_secs(2))).expect("set a timeout");
    hosts.apply(&desired(DOCUMENT));
    client.write_all(b"x").expect("write");
    server.read_exact(&mut [0]).expect("still connected");
}

/// What leads from the present table to this one.
fn operation(hosts: &Hosts, desired: &Desired) -> Operation {
    hosts.plan(desired).pop().expect("differs").operation
}

/// Packets from outside to the port.
#[derive(Debug)]
struct Seen {
    sent: u64,
    passed: u64,
}

/// Sends TCP's first packet as fast as two processors can while `meanwhile` runs.
fn flood(hosts: &Hosts, meanwhile: impl FnOnce()) -> Seen {
    let count = || Seen { sent: counted(hosts, "before"), passed: counted(hosts, "after") };
    let begin = count();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for source in [40_001, 40_002] {
            let over = &over;
            scope.spawn(move || {
                hosts.run(Outside, || {
                    let socket = socket(
                        AddressFamily::Inet,
                        SockType::Raw,
                        SockFlag::empty(),
                        SockProtocol::Tcp,
                    )
                    .expect("make a raw socket");
                    let (packet, host) = (syn(source, 4317), SockaddrIn::new(198, 51, 100, 1, 0));
                    while !over.load(Ordering::Relaxed) {
                        // A full queue is no matter: the next one gets in.
                        let _ = sendto(socket.as_raw_fd(), &packet, &host, MsgFlags::empty());
                    }
                });
            });
        }
        meanwhile();
        over.store(true, Ordering::Relaxed);
    });
    let end = count();
    Seen { sent: end.sent - begin.sent, passed: end.passed - begin.passed }
}

/// A SYN from 198.51.100.2 to 198.51.100.1.
fn syn(source: u16, destination: u16) -> [u8; 20] {
    const OFFSET_AND_SYN: u16 = 5 << 12 | 2;
    const WINDOW: u16 = 1024;
    // The addresses, the protocol and the length also count for the checksum.
    let pseudo = [0xC633, 0x6402, 0xC633, 0x6401, 6, 20];
    let mut words = [source, destination, 0, 0, 0, 0, OFFSET_AND_SYN, WINDOW, 0, 0];
    let sum: u32 = pseudo.iter().chain(&words).map(|word| u32::from(*word)).sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    words[8] = !u16::try_from((folded & 0xffff) + (folded >> 16)).expect("is folded");
    let mut bytes = [0; 20];
    for (pair, word) in bytes.chunks_exact_mut(2).zip(words) {
        pair.copy_from_slice(&word.to_be_bytes());
    }
    bytes
}

fn counted(hosts: &Hosts, chain: &str) -> u64 {
    let listing = hosts.command(Host, &["nft", "list", "chain", "inet", "witness", chain]);
    let packets = listing.split_once("counter packets ").expect("has a counter").1;
    packets.split(' ').next().and_then(|number| number.parse().ok()).expect("is a number")
}
