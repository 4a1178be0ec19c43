//! The parser, the printer and the guard, together.

use super::{Packet, Ruleset};
use crate::diagnostic::Kind;

const TEXT: &str = "\
table inet otelctl_otel
delete table inet otelctl_otel
table inet otelctl_otel {
\tchain prerouting {
\t\ttype filter hook prerouting priority -150; policy accept;
\t\tiifname \"lo\" accept
\t\tct direction reply accept
\t\tfib daddr type local tcp dport 4317 jump host_4317
\t\tip daddr 172.31.250.0/24 tcp dport 4317 jump host_4317
\t}
\tchain host_4317 {
\t\tip saddr 10.10.10.0/24 accept
\t\tip saddr 10.10.11.7 accept
\t\tip6 saddr fd00:1::/63 accept
\t\tcounter drop
\t}
}
";

/// The messages with their line and column.
fn mistakes(text: &str) -> Vec<String> {
    let failure = Ruleset::parse(text, "firewall/otelctl.nft").expect_err("must be refused");
    assert_eq!(failure.kind(), Kind::Profile);
    let show = |d: &crate::diagnostic::Diagnostic| format!("{}: {}", d.origin, d.message);
    failure.diagnostics().iter().map(show).collect()
}

#[test]
fn what_is_printed_is_what_was_read() {
    let ruleset = Ruleset::parse(TEXT, "x").expect("is supported");
    assert_eq!(ruleset.to_string(), TEXT);
    assert_eq!(ruleset.ports().into_iter().collect::<Vec<_>>(), [4317]);
}

#[test]
fn comments_empty_lines_and_host_bits_do_not_matter() {
    let noisy = TEXT
        .replace("\t\tiifname", "\n  # a comment { drop\n\t\tiifname")
        .replace("10.10.10.0/24", "10.10.10.9/24")
        .replace("10.10.11.7 ", "10.10.11.7/32 ");
    assert_eq!(Ruleset::parse(&noisy, "x"), Ruleset::parse(TEXT, "x"));
}

#[test]
fn every_unknown_line_is_an_error_with_its_place() {
    let broken = TEXT
        .replace("iifname \"lo\" accept", "meta mark 1 accept")
        .replace("ip saddr 10.10.11.7 accept", "ip saddr 10.10.11.700 accept");
    assert_eq!(
        mistakes(&broken),
        [
            "firewall/otelctl.nft:6:3: `meta mark 1 accept` is not part of a supported rule",
            "firewall/otelctl.nft:13:3: `ip saddr 10.10.11.700 accept` is not part of a \
             supported rule",
        ]
    );
}

#[test]
fn rules_that_could_drop_foreign_traffic_are_refused() {
    for (rule, why) in [
        ("counter drop", "no `tcp dport`"),
        ("fib daddr type local drop", "no `tcp dport`"),
        ("iifname \"eth0\" tcp dport 4317 drop", "no destination"),
        ("ip saddr 0.0.0.0/0 tcp dport 4317 jump host_4317", "no destination"),
    ] {
        let found = mistakes(&TEXT.replace("ct direction reply accept", rule));
        assert!(found.len() == 1 && found[0].contains(why), "{rule}: {found:?}");
    }
    let policy = mistakes(&TEXT.replace("policy accept;", "policy drop;"));
    assert!(policy[0].contains(":5:3: `type filter"), "{policy:?}");
}

#[test]
fn jumps_lead_to_a_chain_that_jumps_no_further() {
    for (from, to, why) in [
        ("4317 jump host_4317\n\t\tip", "4317 jump nowhere\n\t\tip", "no chain `nowhere`"),
        ("4317 jump host_4317\n\t\tip", "4317 jump prerouting\n\t\tip", "has a hook"),
        ("ip saddr 10.10.11.7 accept", "ip saddr 10.10.11.7 jump host_4317", "jumps on"),
    ] {
        assert_ne!(TEXT.replace(from, to), TEXT);
        let found = mistakes(&TEXT.replace(from, to));
        assert!(found.len() == 1 && found[0].contains(why), "{to}: {found:?}");
    }
}

#[test]
fn the_frame_is_checked() {
    for (from, to, why) in [
        ("delete table inet otelctl_otel\n", "", ":2:1: `table inet otelctl_otel {` stands"),
        ("delete table inet otelctl_otel", "delete table inet other", "`other` is not"),
        ("table inet otelctl_otel {", "table ip otelctl_otel {", "is expected"),
        ("chain host_4317 {", "chain prerouting {", "stands twice"),
        ("chain host_4317 {", "chain 4317 {", "not a name"),
        ("\t\tcounter drop\n\t}\n}\n", "\t\tcounter drop\n", "does not end"),
        (
            "\t\tcounter drop\n\t}\n}\n",
            "\t\tcounter drop\n\t}\n}\nflush ruleset\n",
            ":18:1: `flush",
        ),
    ] {
        let found = mistakes(&TEXT.replacen(from, to, 1));
        assert!(found.iter().any(|text| text.contains(why)), "{to}: {found:?}");
    }
}

#[test]
fn interfaces_are_plain_names() {
    for name in ["\"\"", "lo", "\"a-name-too-long1\"", "\"eth*\"", "\"a\"b\""] {
        let found = mistakes(&TEXT.replace("\"lo\"", name));
        assert!(found[0].contains("not part of a supported rule"), "{name}: {found:?}");
    }
}

#[test]
fn a_packet_meets_the_first_rule_that_decides() {
    let ruleset = Ruleset::parse(TEXT, "x").expect("is supported");
    let outside = Packet {
        interface: "eth0".to_owned(),
        source: [198, 51, 100, 7].into(),
        destination: [192, 0, 2, 1].into(),
        local: true,
        port: Some(4317),
        reply: false,
    };
    assert!(ruleset.drops(&outside));
    let passes = [
        Packet { interface: "lo".to_owned(), ..outside.clone() },
        Packet { source: [10, 10, 10, 2].into(), ..outside.clone() },
        Packet { local: false, ..outside.clone() },
        Packet { port: Some(22), ..outside.clone() },
        Packet { port: None, ..outside.clone() },
        Packet { reply: true, ..outside.clone() },
    ];
    for packet in passes {
        assert!(!ruleset.drops(&packet), "{packet:?}");
    }
    let container = [172, 31, 250, 2].into();
    assert!(ruleset.drops(&Packet { destination: container, local: false, ..outside }));
}
