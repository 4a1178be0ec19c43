//! Who gets in: TCP clients on all sides of the host, with and without the rules.

use super::hosts::Door::{Dropped, Open};
use super::hosts::Place::{Container, Host, Inside, Outside};
use super::hosts::{Hosts, Place};
use super::{DOCUMENT, desired};
use std::thread;

/// As Docker publishes 8889: the destination is translated after the stack's table judged it.
const DOCKER: &str = "
table ip docker {
  chain prerouting {
    type nat hook prerouting priority -100;
    fib daddr type local tcp dport 8889 dnat to 172.31.250.2:8889
  }
  chain output {
    type nat hook output priority -100;
    fib daddr type local tcp dport 8889 dnat to 172.31.250.2:8889
  }
  chain postrouting {
    type nat hook postrouting priority 100;
    ip saddr 127.0.0.0/8 oifname \"otc-otel\" masquerade
  }
}
";

/// The promise of the user's document, by every way to every port.
#[test]
fn exactly_the_document_s_sources_get_in() {
    let hosts = Hosts::new();
    let _host = hosts.listen(Place::Host, &[22, 4317, 4318, 13133, 1777]);
    let _container = hosts.listen(Place::Container, &[4317, 8889, 8888, 5000]);
    let _others =
        [hosts.listen(Place::Inside, &[4317, 8889]), hosts.listen(Place::Outside, &[4317, 8889])];
    hosts.nft(DOCKER);
    // What a neighbour on the wire can try: Docker may set `route_localnet`.
    let localnet = "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet";
    hosts.command(Place::Host, &["sh", "-c", localnet]);
    hosts.command(Place::Outside, &["sh", "-c", localnet]);
    hosts.command(Place::Outside, &["ip", "address", "del", "127.0.0.1/8", "dev", "lo"]);
    hosts.command(Place::Outside, &["ip", "route", "add", "127.0.0.1", "via", "198.51.100.1"]);

    // From, to, and the door once the rules stand.
    let matrix = [
        (Inside, "10.10.10.1:4317", Open),
        (Inside, "198.51.100.1:4317", Open),
        (Inside, "10.10.10.1:8889", Open),
        (Inside, "172.31.250.2:4317", Open),
        (Inside, "172.31.250.2:8889", Open),
        (Inside, "10.10.10.1:4318", Dropped),
        (Inside, "172.31.250.2:8888", Dropped),
        (Inside, "[fd00:10::1]:4317", Dropped),
        (Outside, "198.51.100.1:4317", Dropped),
        (Outside, "10.10.10.1:4317", Dropped),
        (Outside, "198.51.100.1:4318", Dropped),
        (Outside, "198.51.100.1:8889", Dropped),
        (Outside, "172.31.250.1:4317", Dropped),
        (Outside, "172.31.250.2:4317", Dropped),
        (Outside, "172.31.250.2:8888", Dropped),
        (Outside, "172.31.250.2:8889", Dropped),
        (Outside, "127.0.0.1:13133", Dropped),
        (Outside, "127.0.0.1:1777", Dropped),
        (Outside, "[2001:db8::1]:4317", Dropped),
        (Outside, "[2001:db8::1]:4318", Dropped),
        (Host, "127.0.0.1:4317", Open),
        (Host, "127.0.0.1:4318", Open),
        (Host, "127.0.0.1:8889", Open),
        (Host, "127.0.0.1:13133", Open),
        (Host, "198.51.100.1:4317", Open),
        (Host, "[::1]:4317", Open),
        (Host, "172.31.250.2:8888", Open),
        (Container, "172.31.250.1:4318", Open),
        (Container, "10.10.10.1:4317", Open),
        // None of the stack's business: ssh, routed traffic, other ports, the way out.
        (Outside, "198.51.100.1:22", Open),
        (Outside, "[2001:db8::1]:22", Open),
        (Outside, "172.31.250.2:5000", Open),
        (Outside, "10.10.10.2:4317", Open),
        (Outside, "[fd00:10::2]:4317", Open),
        (Inside, "198.51.100.2:8889", Open),
        (Container, "198.51.100.2:4317", Open),
        (Host, "198.51.100.2:4317", Open),
    ];
    let doors = || {
        thread::scope(|scope| {
            let knocks: Vec<_> = matrix
                .iter()
                .map(|(place, address, _)| scope.spawn(|| hosts.knock(*place, address)))
                .collect();
            knocks.into_iter().map(|knock| knock.join().expect("knocked")).collect::<Vec<_>>()
        })
    };
    for ((place, address, _), door) in matrix.iter().zip(doors()) {
        assert_eq!(door, Open, "{place:?} to {address} without rules: else nothing is proved");
    }
    hosts.apply(&desired(DOCUMENT));
    for ((place, address, expected), door) in matrix.iter().zip(doors()) {
        assert_eq!(door, *expected, "{place:?} to {address}");
    }
}

#[test]
fn sources_of_both_families_get_in_up_to_the_last_bit() {
    let hosts = Hosts::new();
    let _listeners = hosts.listen(Place::Host, &[4317]);
    for (sources, inside4, inside6) in [
        ("ip saddr 10.10.10.2 accept", Open, Dropped),
        ("ip saddr 10.10.10.2/31 accept", Open, Dropped),
        ("ip saddr 10.10.10.0/31 accept", Dropped, Dropped),
        ("ip saddr 0.0.0.0/0 accept", Open, Dropped),
        ("ip6 saddr fd00:10::2 accept", Dropped, Open),
        ("ip6 saddr fd00:10::2/127 accept", Dropped, Open),
        ("ip6 saddr fd00:10::/127 accept", Dropped, Dropped),
        ("ip6 saddr fd00:10::/61 accept", Dropped, Open),
        ("ip6 saddr fc00::/7 accept", Dropped, Open),
    ] {
        hosts.apply(&desired(&DOCUMENT.replace("ip saddr 10.10.10.0/24 accept", sources)));
        thread::scope(|scope| {
            let knocks = [("10.10.10.1:4317", inside4), ("[fd00:10::1]:4317", inside6)].map(
                |(address, expected)| {
                    let hosts = &hosts;
                    scope.spawn(move || {
                        assert_eq!(
                            hosts.knock(Place::Inside, address),
                            expected,
                            "{sources}: {address}"
                        );
                    })
                },
            );
            for knock in knocks {
                knock.join().expect("as expected");
            }
        });
    }
}
