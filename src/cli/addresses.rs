//! The addresses of the host that a profile is for: by its facts, or this one's.
//!
//! CI and a hub that renders for others must get what the host itself gets.

use crate::hiera::{Node, Scope, Value};
use crate::system::host;
use std::net::IpAddr;

/// Facter's addresses of a node, in its order of interfaces, without loopback; this host's
/// own where there are no facts about networking.
pub fn of(scope: &Scope) -> Vec<IpAddr> {
    entry(scope.facts(), "networking").and_then(of_networking).unwrap_or_else(host::addresses)
}

/// None where the fact does not have Facter's form.
fn of_networking(networking: &Node) -> Option<Vec<IpAddr>> {
    let mut texts: Vec<&str> = Vec::new();
    if let Some(Value::Mapping(interfaces)) = entry(networking, "interfaces").map(|i| &i.value) {
        for (_, interface) in interfaces {
            for (bindings, single) in [("bindings", "ip"), ("bindings6", "ip6")] {
                match entry(interface, bindings).map(|bindings| &bindings.value) {
                    Some(Value::Sequence(bindings)) => {
                        texts.extend(bindings.iter().filter_map(|b| text(b, "address")));
                    }
                    _ => texts.extend(text(interface, single)),
                }
            }
        }
    } else {
        texts.extend(["ip", "ip6"].into_iter().filter_map(|name| text(networking, name)));
    }
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in texts.into_iter().filter_map(|text| text.parse().ok()) {
        let address: IpAddr = address;
        if !address.is_loopback() && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    (!addresses.is_empty()).then_some(addresses)
}

fn entry<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let Value::Mapping(entries) = &node.value else { return None };
    entries.iter().find(|(key, _)| key.value.as_text() == Some(name)).map(|(_, value)| value)
}

fn text<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    entry(node, name)?.value.as_text()
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::hiera::{Facts, Scope};

    fn scope(facts: &str) -> Scope {
        let facts = Facts::read(facts.as_bytes(), "facts.yaml").unwrap();
        Scope::new(facts.root().clone(), "", "production")
    }

    fn told(facts: &str) -> Vec<String> {
        of(&scope(facts)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn facters_interfaces_are_read_in_their_order() {
        let lo = "    lo:\n      ip: 127.0.0.1\n";
        let wg = "    wg0:\n      ip: 10.9.0.1\n      bindings:\n        - address: 10.9.0.1\n        - address: 10.9.0.2\n      bindings6:\n        - address: fd00::1\n";
        let eth = "    eth0:\n      ip: 192.0.2.7\n      ip6: 2001:db8::7\n";
        let all = format!("networking:\n  ip: 192.0.2.7\n  interfaces:\n{lo}{wg}{eth}");
        assert_eq!(told(&all), ["10.9.0.1", "10.9.0.2", "fd00::1", "192.0.2.7", "2001:db8::7"]);
        assert_eq!(told("networking:\n  ip: 192.0.2.7\n"), ["192.0.2.7"]);
    }

    #[test]
    fn without_such_facts_the_host_itself_is_asked() {
        let own = super::host::addresses();
        assert_eq!(of(&scope("role: db\n")), own);
    }
}
