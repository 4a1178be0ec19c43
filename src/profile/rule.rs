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

/// The fields that a rule of ours may have, besides names of the port.
const FIELDS: [&str; 8] =
    ["port", "dport", "proto", "source", "jump", "action", "comment", "description"];

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
    if ports.is_empty() {
        return Ok(Reading::Foreign);
    }
    let mut mistakes: Vec<Mistake> = fields.iter().filter_map(|(key, _)| unknown(key)).collect();
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
        Value::Bool(_) | Value::Float(_) | Value::Mapping(_) => None,
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

fn proto(node: &Node) -> Option<Mistake> {
    let tcp = node.value.as_text().is_some_and(|proto| proto.eq_ignore_ascii_case("tcp"));
    let message = || format!("`proto` is {}, expected `tcp`", found(&node.value));
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
    let message = format!("`jump` is {}, expected `accept`", found(&other.value));
    let hint = "remove the rule: a port is closed to every source that no rule accepts";
    Some(Mistake::say(code, other, message).hint(hint))
}
