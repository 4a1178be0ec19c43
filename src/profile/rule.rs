//! `profile::firewall::custom_rules`: who may reach the stack's ports.
//!
//! A rule that names a port of this stack is read strictly, since a field that
//! went unread could mean a port open wider than its author meant. Every other
//! rule belongs to whatever firewall module the user has.

use super::expect::{Mistake, Read, found, nearest};
use super::network;
use crate::diagnostic::{Origin, Sourced};
use crate::hiera::{Node, Value};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A custom rule that lets sources in to ports of this stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The rule's name in the profile.
    pub name: String,
    /// The ports of this stack that it names.
    pub ports: Vec<u16>,
    /// Who gets in.
    pub sources: Sourced<Vec<IpNet>>,
    /// Where the rule stands.
    pub origin: Origin,
}

/// What a rule turned out to be.
pub enum Reading {
    /// It names ports of this stack.
    Ours(Rule),
    /// It names none; it is left to its owner.
    Foreign,
    /// It names something that cannot be read as ports.
    Unreadable(Origin),
}

/// The fields that a rule of ours may have.
const FIELDS: [&str; 13] = [
    "port",
    "dport",
    "proto",
    "source",
    "jump",
    "action",
    "comment",
    "description",
    "ensure",
    "chain",
    "table",
    "state",
    "ctstate",
];

/// Reads one rule, given the ports that the stack publishes.
pub fn rule(name: &str, key: &Node, node: &Node, published: &[u16]) -> Read<Reading> {
    let Value::Mapping(fields) = &node.value else { return Ok(Reading::Foreign) };
    let field = |name: &str| {
        fields.iter().find(|(key, _)| key.value.as_text() == Some(name)).map(|(_, value)| value)
    };
    let mut ranges = Vec::new();
    for ports in [field("port"), field("dport")].into_iter().flatten() {
        match port_ranges(ports) {
            Some(found) => ranges.extend(found),
            None => return Ok(Reading::Unreadable(ports.origin())),
        }
    }
    let named = |port: &u16| ranges.iter().any(|(first, last)| (*first..=*last).contains(port));
    let ports: Vec<u16> = published.iter().copied().filter(named).collect();
    let absent = field("ensure").and_then(|node| node.value.as_text()) == Some("absent");
    if ports.is_empty() || absent {
        return Ok(Reading::Foreign);
    }
    let mut mistakes: Vec<Mistake> = fields.iter().filter_map(|(key, _)| unknown(key)).collect();
    mistakes.extend(
        WITHOUT_EFFECT
            .iter()
            .filter_map(|(name, word)| field(name).and_then(|node| restricting(name, word, node))),
    );
    mistakes.extend(field("proto").and_then(proto));
    mistakes.extend(verdict(node, field("jump"), field("action")));
    let sources = match field("source").map(|source| (source, network::sources(source))) {
        None => Sourced::new(anywhere(), key.origin()),
        Some((source, Ok(sources))) => Sourced::new(sources, source.origin()),
        Some((source, Err(found))) => {
            mistakes.extend(found.into_iter().map(|mistake| mistake.inside("`source`")));
            Sourced::new(Vec::new(), source.origin())
        }
    };
    if mistakes.is_empty() {
        Ok(Reading::Ours(Rule { name: name.to_owned(), ports, sources, origin: key.origin() }))
    } else {
        let subject = format!("rule `{name}`:");
        Err(mistakes.into_iter().map(|mistake| mistake.inside(&subject)).collect())
    }
}

/// Every address: what a rule without a source means.
pub fn anywhere() -> Vec<IpNet> {
    vec![Ipv4Net::default().into(), Ipv6Net::default().into()]
}

/// Reads `4317`, `'4317,8889'`, `'4317-4318'`, `'4317:4318'` and lists of them;
/// none for what cannot be read, nothing for the name of a service.
fn port_ranges(node: &Node) -> Option<Vec<(u16, u16)>> {
    match &node.value {
        Value::Integer(port) => u16::try_from(*port).ok().map(|port| vec![(port, port)]),
        Value::Text(text) => {
            let ranges = text.split(',').map(str::trim).map(|part| {
                let (first, last) = part.split_once(['-', ':']).unwrap_or((part, part));
                let range = first.trim().parse().ok().zip(last.trim().parse().ok());
                let is_name = part.starts_with(|c: char| c.is_ascii_alphabetic());
                match range {
                    Some((first, last)) if first <= last => Some(vec![(first, last)]),
                    None if is_name => Some(Vec::new()),
                    _ => None,
                }
            });
            ranges.collect::<Option<Vec<_>>>().map(|ranges| ranges.concat())
        }
        Value::Sequence(items) => {
            let ranges: Option<Vec<_>> = items.iter().map(port_ranges).collect();
            ranges.map(|ranges| ranges.concat())
        }
        Value::Null => Some(Vec::new()),
        Value::Bool(_)
        | Value::BigInteger(_)
        | Value::Float(_)
        | Value::Symbol(_)
        | Value::Mapping(_)
        | Value::Sensitive(_) => None,
    }
}

fn unknown(key: &Node) -> Option<Mistake> {
    let name = key.value.as_text().unwrap_or_default();
    if FIELDS.contains(&name) {
        return None;
    }
    let message = format!("field `{name}` is not supported for a port of this stack");
    let mistake = Mistake::say("profile::firewall-rule", key, message);
    Some(match nearest(name, FIELDS) {
        Some(field) => mistake.hint(format!("did you mean `{field}`?")),
        None => {
            mistake.hint("such a rule may have `port`, `proto`, `source`, `jump` and `comment`")
        }
    })
}

/// Fields that real rules carry, and the value with which they restrict nothing.
const WITHOUT_EFFECT: [(&str, &str); 5] = [
    ("ensure", "present"),
    ("chain", "INPUT"),
    ("table", "filter"),
    ("state", "NEW"),
    ("ctstate", "NEW"),
];

/// A state may stand among others: `[NEW, ESTABLISHED]`.
fn restricting(name: &str, word: &str, node: &Node) -> Option<Mistake> {
    let is_word =
        |node: &Node| node.value.as_text().is_some_and(|text| text.eq_ignore_ascii_case(word));
    let harmless = match &node.value {
        Value::Sequence(items) if word == "NEW" => items.iter().any(is_word),
        _ => is_word(node),
    };
    let message = || format!("`{name}` is {}, expected `{word}`", found(node));
    (!harmless)
        .then(|| Mistake::say("profile::firewall-rule", node, message()).hint("remove the field"))
}

fn proto(node: &Node) -> Option<Mistake> {
    let tcp = node.value.as_text().is_some_and(|proto| proto.eq_ignore_ascii_case("tcp"));
    let message = || format!("`proto` is {}, expected `tcp`", found(node));
    (!tcp).then(|| {
        Mistake::say("profile::firewall-rule", node, message())
            .hint("the stack listens on TCP only")
    })
}

/// Only `accept` means something: a port is closed to whoever no rule accepts.
fn verdict(rule: &Node, jump: Option<&Node>, action: Option<&Node>) -> Option<Mistake> {
    let accepts =
        |node: &Node| node.value.as_text().is_some_and(|word| word.eq_ignore_ascii_case("accept"));
    let given: Vec<&Node> = [jump, action].into_iter().flatten().collect();
    let code = "profile::firewall-rule";
    if given.is_empty() {
        return Some(Mistake::say(code, rule, "has no `jump`").hint("add `jump: accept`"));
    }
    let other = given.into_iter().find(|node| !accepts(node))?;
    let message = format!("`jump` is {}, expected `accept`", found(other));
    let hint = "remove the rule: a port is closed to every source that no rule accepts";
    Some(Mistake::say(code, other, message).hint(hint))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::profile::Profile;

    fn profile(rules: &str) -> String {
        format!("otelctl::grafana::mode: none\nprofile::firewall::custom_rules:\n  r: {rules}\n")
    }

    /// The ports and sources of the only rule.
    fn read(rule: &str) -> (Vec<u16>, Vec<String>) {
        let profile = Profile::read(&profile(rule), "p.yaml").expect(rule);
        let rule = profile.firewall.rules.first().expect(rule).clone();
        (rule.ports, rule.sources.value.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn rules_of_ours_are_read_in_the_forms_of_firewall_modules() {
        for (rule, ports, sources) in [
            (
                "{port: 4317, proto: tcp, source: 10.0.0.0/8, jump: accept}",
                vec![4317],
                vec!["10.0.0.0/8"],
            ),
            ("{port: '4317', source: 10.1.2.3, action: ACCEPT}", vec![4317], vec!["10.1.2.3/32"]),
            (
                "{dport: [4317, '8889'], source: [10.0.0.1/24, 'fd00::/8'], jump: Accept}",
                vec![4317, 8889],
                vec!["10.0.0.0/24", "fd00::/8"],
            ),
            (
                "{port: 4317-4318, source: 'fd00::1', jump: accept}",
                vec![4317, 4318],
                vec!["fd00::1/128"],
            ),
            (
                "{port: '4000:5000', source: 10.0.0.1, jump: accept}",
                vec![4317, 4318],
                vec!["10.0.0.1/32"],
            ),
            (
                "{port: '22, 4318', source: 10.0.0.1, jump: accept, comment: x}",
                vec![4318],
                vec!["10.0.0.1/32"],
            ),
            ("{port: 4317, jump: accept}", vec![4317], vec!["0.0.0.0/0", "::/0"]),
            (
                "{port: 4317, source: 10.0.0.1, jump: accept, ensure: present, chain: INPUT, ctstate: [NEW, ESTABLISHED]}",
                vec![4317],
                vec!["10.0.0.1/32"],
            ),
        ] {
            let sources: Vec<String> = sources.into_iter().map(str::to_owned).collect();
            assert_eq!(read(rule), (ports, sources), "{rule}");
        }
    }

    #[test]
    fn rules_of_others_are_left_to_them() {
        for rule in [
            "{port: 22, proto: tcp, jump: accept, iniface: wg0}",
            "{port: ssh, action: drop}",
            "{proto: icmp, jump: accept}",
            "{sport: 4317}",
            "text",
            "{port: 4317, jump: drop, ensure: absent}",
            "{port: 5432, source: nonsense}",
        ] {
            let profile = Profile::read(&profile(rule), "p.yaml").expect(rule);
            assert!(profile.firewall.rules.is_empty(), "{rule}");
            let [note] = profile.notes.as_slice() else { panic!("{rule}: {:?}", profile.notes) };
            assert_eq!(note.severity, Severity::Note, "{rule}");
            assert!(note.message.ends_with("left to their owner: `r`"), "{rule}");
        }
    }

    #[test]
    fn a_port_that_cannot_be_read_is_told() {
        for rule in
            ["{port: 4317x, jump: accept}", "{port: 70000}", "{port: 9-1}", "{port: {a: 1}}"]
        {
            let profile = Profile::read(&profile(rule), "p.yaml").expect(rule);
            assert!(profile.firewall.rules.is_empty(), "{rule}");
            assert_eq!(profile.notes[0].severity, Severity::Warning, "{rule}");
            assert!(profile.notes[0].origin.to_string().starts_with("p.yaml:3:"), "{rule}");
        }
    }

    #[test]
    fn what_would_not_be_honoured_is_refused() {
        for (rule, expected, hint) in [
            (
                "{port: 4317, iniface: wg0, source: 10.0.0.1, jump: accept}",
                "rule `r`: field `iniface` is not supported for a port of this stack",
                "such a rule may have",
            ),
            (
                "{port: 4317, sorce: 10.0.0.1, jump: accept}",
                "rule `r`: field `sorce` is not supported",
                "did you mean `source`?",
            ),
            (
                "{port: 4317, proto: udp, source: 10.0.0.1, jump: accept}",
                "rule `r`: `proto` is text `udp`, expected `tcp`",
                "TCP only",
            ),
            ("{port: 4317, source: 10.0.0.1}", "rule `r`: has no `jump`", "add `jump: accept`"),
            (
                "{port: 4317, source: 10.0.0.1, jump: drop}",
                "rule `r`: `jump` is text `drop`, expected `accept`",
                "remove the rule",
            ),
            (
                "{port: 4317, source: 10.0.0.0/33, jump: accept}",
                "rule `r`: `source` is text `10.0.0.0/33`, expected an address or a network",
                "",
            ),
            (
                "{port: 4317, source: '!10.0.0.0/8', jump: accept}",
                "rule `r`: `source` is text `!10.0.0.0/8`",
                "",
            ),
            (
                "{port: 4317, source: 10.0.0.1, jump: accept, chain: FORWARD}",
                "rule `r`: `chain` is text `FORWARD`, expected `INPUT`",
                "remove the field",
            ),
            (
                "{port: 4317, source: 10.0.0.1, jump: accept, state: ESTABLISHED}",
                "rule `r`: `state` is text `ESTABLISHED`, expected `NEW`",
                "remove the field",
            ),
            ("{port: 4317, source: [], jump: accept}", "rule `r`: `source` is a list", ""),
            (
                "{port: 4317, source: [10.0.0.1, vpn.example], jump: accept}",
                "rule `r`: `source` is text `vpn.example`",
                "",
            ),
        ] {
            let failure = Profile::read(&profile(rule), "p.yaml").expect_err(rule);
            let error = &failure.diagnostics()[0];
            assert!(error.message.contains(expected), "{rule}: {}", error.message);
            assert!(
                error.hint.clone().unwrap_or_default().contains(hint),
                "{rule}: {:?}",
                error.hint
            );
            assert!(error.origin.to_string().starts_with("p.yaml:3:"), "{rule}");
        }
    }
}
