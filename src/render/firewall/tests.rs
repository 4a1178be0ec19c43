//! The template filled, read back, and tried with packets.

use super::check::check;
use super::{INNER_PORTS, container_ports, context};
use crate::artifact::path;
use crate::artifact::ruleset::{Packet, Ruleset};
use crate::diagnostic::Sourced;
use crate::render::templates::Templates;
use crate::stack::{Exposure, Network, Port};
use ipnet::IpNet;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::net::IpAddr;
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| Templates::new(&[]).unwrap());
const BRIDGE: &str = "otc-otel";

fn stack() -> Sourced<String> {
    Sourced::default_value("otel".to_owned())
}

fn network() -> Network {
    Network {
        name: "otel_default".to_owned(),
        bridge: BRIDGE.to_owned(),
        subnet: Sourced::default_value("172.31.250.0/24".parse().unwrap()),
    }
}

fn port(host: u16, container: u16, exposure: Exposure, sources: &[&str]) -> Port {
    Port {
        name: "grpc",
        service: "otel-collector",
        setting: "profile::otel_collector::otel_grpc_port",
        host: Sourced::default_value(host),
        container,
        exposure,
        sources: sources.iter().map(|net| net.parse().unwrap()).collect(),
        decided_by: Vec::new(),
    }
}

fn render(ports: &[Port]) -> String {
    let context = context("otelctl_otel", &stack(), &network(), ports);
    let artifact = TEMPLATES.fill(path::FIREWALL, context).unwrap();
    String::from_utf8(artifact.bytes.to_vec()).unwrap()
}

fn ruleset(ports: &[Port]) -> Ruleset {
    Ruleset::parse(&render(ports), "firewall/otelctl.nft").unwrap()
}

/// The ports of the user's document.
fn document() -> Vec<Port> {
    let inside = ["10.10.10.0/24"];
    vec![
        port(4317, 4317, Exposure::Everywhere, &inside),
        port(4318, 4318, Exposure::Everywhere, &[]),
        port(8889, 8889, Exposure::Everywhere, &inside),
        port(13133, 13133, Exposure::Loopback, &[]),
        port(1777, 1777, Exposure::Loopback, &[]),
    ]
}

/// The text that the live tests load into a kernel.
#[test]
fn the_document_rules_render() {
    let expected = include_str!("../../../tests/fixtures/nft/document.nft");
    assert_eq!(render(&document()), expected);
}

#[test]
fn the_template_passes_its_own_check() {
    assert_eq!(check("otelctl_otel", &network(), &document(), &ruleset(&document())), []);
}

#[test]
fn the_check_sees_what_a_template_does_wrong() {
    let good = render(&document());
    for (from, to, why) in [
        (
            "\t\tip saddr 10.10.10.0/24 accept\n",
            "",
            "port 4317 (`profile::otel_collector::otel_grpc_port`) is closed to `10.10.10.0/24`",
        ),
        (
            "counter drop",
            "accept",
            "port 4317 (`profile::otel_collector::otel_grpc_port`) is open to `198.51.100.113`",
        ),
        ("iifname \"lo\" accept", "iifname \"eth0\" accept", "container port 8888 is open to"),
        (
            "fib daddr type local tcp dport 4318 jump host_4318",
            "fib daddr type local tcp dport 22 jump host_4318",
            "drops TCP to port 22",
        ),
    ] {
        let bad = if to == "accept" { good.replace(from, to) } else { good.replacen(from, to, 1) };
        assert_ne!(bad, good);
        let ruleset = Ruleset::parse(&bad, "bad.nft").unwrap();
        let errors = check("otelctl_otel", &network(), &document(), &ruleset);
        assert!(errors.iter().any(|error| error.message.contains(why)), "{to}: {errors:#?}");
    }
}

#[test]
fn to_listen_on_the_unspecified_address_is_to_listen_everywhere() {
    for address in ["0.0.0.0", "::"] {
        let everywhere = Exposure::Address(address.parse().unwrap());
        let ports = [port(4317, 4317, everywhere, &["10.10.10.0/24"])];
        assert_eq!(check("otelctl_otel", &network(), &ports, &ruleset(&ports)), [], "{address}");
        let from = |source: &str| Packet {
            interface: "eth0".to_owned(),
            source: source.parse().unwrap(),
            destination: "192.0.2.1".parse().unwrap(),
            local: true,
            port: Some(4317),
            reply: false,
        };
        assert!(ruleset(&ports).drops(&from("198.51.100.2")), "{address}");
        assert!(!ruleset(&ports).drops(&from("10.10.10.2")), "{address}");
    }
}

#[test]
fn sources_are_aggregated_and_a_shared_container_port_is_the_stricter() {
    let ports = [
        port(1, 9, Exposure::Everywhere, &["10.0.0.0/25", "10.0.0.128/25", "fd00::/64"]),
        port(2, 9, Exposure::Everywhere, &["10.0.0.0/24"]),
        port(3, INNER_PORTS[0], Exposure::Everywhere, &["10.0.0.0/24"]),
    ];
    let context = context("t", &stack(), &network(), &ports);
    assert_eq!(context.local_rules[0].sources, ["ip saddr 10.0.0.0/24", "ip6 saddr fd00::/64"]);
    let net: IpNet = "10.0.0.0/24".parse().unwrap();
    assert_eq!(
        container_ports(&ports),
        [(9, vec![net]), (INNER_PORTS[0], vec![net]), (INNER_PORTS[1], vec![])]
    );
}

#[test]
fn a_file_name_cannot_end_the_comment() {
    use crate::diagnostic::{Location, Origin};
    let at = Location { layer: "".into(), file: "a\nflush ruleset #".into(), line: 1, column: 1 };
    let mut evil = port(4317, 4317, Exposure::Everywhere, &[]);
    evil.host.origin = Origin::File(at);
    assert!(render(&[evil]).contains("otel_grpc_port, a?flush ruleset #:1\n"));
}

/// What the design says of one packet, without looking at the rules.
fn should_drop(ports: &[Port], packet: &Packet) -> bool {
    let Packet { interface, source, destination, local, port, reply } = packet;
    let Some(number) = *port else { return false };
    if interface == "lo" || interface == BRIDGE || *reply {
        return false;
    }
    let published = ports.iter().find(|port| {
        port.host.value == number
            && match port.exposure {
                Exposure::Everywhere => *local,
                Exposure::Loopback => destination.is_ipv4() && destination.is_loopback(),
                Exposure::Address(address) => address == *destination,
            }
    });
    let accepts = |port: &Port| {
        port.exposure != Exposure::Loopback && port.sources.iter().any(|net| net.contains(source))
    };
    if let Some(port) = published {
        return !accepts(port);
    }
    let subnet: IpNet = network().subnet.value.into();
    subnet.contains(destination)
        && (INNER_PORTS.contains(&number)
            || ports.iter().any(|port| port.container == number && !accepts(port)))
}

fn exposures() -> impl Strategy<Value = Exposure> {
    select(vec![
        Exposure::Everywhere,
        Exposure::Loopback,
        Exposure::Address("10.10.10.1".parse().unwrap()),
        Exposure::Address("fd00:10::1".parse().unwrap()),
    ])
}

/// Nets that nest, touch, cover everything, and end inside a byte.
fn sources() -> impl Strategy<Value = Vec<&'static str>> {
    let nets = vec![
        "10.10.10.0/24",
        "10.10.10.128/25",
        "10.10.11.0/24",
        "10.10.12.7/32",
        "198.51.100.0/27",
        "0.0.0.0/0",
        "fd00:10::/64",
        "fd00:10::80/121",
        "2001:db8::7/128",
        "::/0",
    ];
    prop::collection::vec(select(nets), 0..4)
}

fn addresses() -> impl Strategy<Value = IpAddr> {
    let known = [
        "10.10.10.1",
        "10.10.10.2",
        "10.10.10.200",
        "10.10.11.255",
        "10.10.12.7",
        "10.10.12.8",
        "198.51.100.31",
        "198.51.100.32",
        "127.0.0.1",
        "172.31.250.1",
        "172.31.250.2",
        "172.31.251.2",
        "::1",
        "fd00:10::1",
        "fd00:10::81",
        "fd00:10:0:1::1",
        "2001:db8::7",
    ];
    prop_oneof![
        8 => select(known.map(|address| address.parse().unwrap()).to_vec()),
        1 => any::<[u8; 4]>().prop_map(IpAddr::from),
        1 => any::<[u8; 16]>().prop_map(IpAddr::from),
    ]
}

const NUMBERS: [u16; 6] = [22, 4317, 4318, 8888, 8889, 9090];

prop_compose! {
    /// Ports of a stack: no host port and no container port twice.
    fn stacks()(
        hosts in subsequence(NUMBERS.to_vec(), 0..=5).prop_shuffle(),
        containers in Just([22_u16, 4317, 4318, 8889, 9090].to_vec()).prop_shuffle(),
        parts in prop::collection::vec((exposures(), sources()), 5),
    ) -> Vec<Port> {
        let numbers = hosts.into_iter().zip(containers);
        numbers.zip(parts).map(|((host, container), (exposure, sources))| {
            port(host, container, exposure, &sources)
        }).collect()
    }
}

prop_compose! {
    fn packets()(
        interface in select(vec!["lo", BRIDGE, "eth0", "wg0", "docker0"]),
        source in addresses(),
        destination in addresses(),
        local in any::<bool>(),
        port in prop::option::weighted(0.9, select(vec![22, 80, 4317, 4318, 8888, 8889, 9090])),
        reply in prop::bool::weighted(0.1),
    ) -> Packet {
        Packet { interface: interface.to_owned(), source, destination, local, port, reply }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn exactly_the_accepted_sources_get_in(
        ports in stacks(),
        packets in prop::collection::vec(packets(), 64),
    ) {
        let ruleset = ruleset(&ports);
        prop_assert_eq!(check("otelctl_otel", &network(), &ports, &ruleset), vec![]);
        for packet in packets {
            prop_assert_eq!(ruleset.drops(&packet), should_drop(&ports, &packet), "{:?}", packet);
        }
    }

    #[test]
    fn only_tcp_to_the_stack_is_ever_dropped(ports in stacks(), packet in packets()) {
        if ruleset(&ports).drops(&packet) {
            let subnet: IpNet = network().subnet.value.into();
            let number = packet.port.expect("only TCP is dropped");
            let host = ports.iter().any(|port| port.host.value == number)
                && (packet.local || ports.iter().any(|port| {
                    port.exposure == Exposure::Address(packet.destination)
                }) || packet.destination.is_loopback());
            let container = subnet.contains(&packet.destination)
                && (INNER_PORTS.contains(&number) || ports.iter().any(|port| port.container == number));
            prop_assert!(host || container);
            prop_assert!(packet.interface != "lo" && packet.interface != BRIDGE && !packet.reply);
        }
    }

    #[test]
    fn what_is_rendered_prints_and_reads_back(ports in stacks()) {
        let ruleset = ruleset(&ports);
        prop_assert_eq!(&Ruleset::parse(&ruleset.to_string(), "printed").unwrap(), &ruleset);
    }
}
