//! The table between two ports: what is new is filtered already, what is old is still.
//!
//! Containers change their ports after the firewall has changed, and go back to
//! the old ones when the new ones do not get healthy. So chains that are no
//! longer wanted go last. Pure.

use super::{ListedChain, Listing};
use crate::artifact::ruleset::{Chain, Ruleset};
use std::fmt::Write as _;

/// The wanted rules and those of the table that only filter further ports of ours.
pub struct Widened {
    /// What stands until the containers have changed.
    pub ruleset: Ruleset,
    /// The chains that go afterwards.
    pub last: Vec<String>,
}

/// Joins the wanted rules with the chains of `extra` that packets are sent to;
/// none when there is no such chain, or when they are not of our own making.
pub fn widened(wanted: &Ruleset, listing: &Listing, extra: &[String]) -> Option<Widened> {
    let text = text(&wanted.table, listing, extra)?;
    let old = Ruleset::parse(&text, "the kernel's table").ok()?;
    let (hooked, last): (Vec<Chain>, Vec<Chain>) =
        old.chains.into_iter().partition(|chain| chain.hook.is_some());
    let mut ruleset = wanted.clone();
    let base = ruleset.chains.iter_mut().find(|chain| chain.hook.is_some())?;
    base.rules.extend(hooked.into_iter().flat_map(|chain| chain.rules));
    let names = last.iter().map(|chain| chain.name.clone()).collect();
    ruleset.chains.extend(last);
    Some(Widened { ruleset, last: names })
}

/// Writes the jumps to extra chains, and those chains, as a table of their own.
fn text(table: &str, listing: &Listing, extra: &[String]) -> Option<String> {
    let jumps_to = |rule: &str| extra.iter().find(|name| rule.ends_with(&format!(" jump {name}")));
    let base = listing.chains.iter().find(|chain| chain.hook.is_some())?;
    let ListedChain { name, hook, rules } = base;
    let jumps: Vec<&String> = rules.iter().filter(|rule| jumps_to(rule).is_some()).collect();
    let reached: Vec<&String> = jumps.iter().filter_map(|rule| jumps_to(rule)).collect();
    let mut text =
        format!("table inet {table}\ndelete table inet {table}\ntable inet {table} {{\n");
    let _ = writeln!(text, "chain {name} {{\n{}", hook.as_deref()?);
    for rule in &jumps {
        let _ = writeln!(text, "{rule}");
    }
    text.push_str("}\n");
    for chain in listing.chains.iter().filter(|chain| reached.contains(&&chain.name)) {
        let _ = writeln!(text, "chain {} {{\n{}\n}}", chain.name, chain.rules.join("\n"));
    }
    text.push_str("}\n");
    (!reached.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: &str = "table inet t\ndelete table inet t\ntable inet t {\nchain prerouting {\n\
        type filter hook prerouting priority -150; policy accept;\niifname \"lo\" accept\n\
        fib daddr type local tcp dport 14317 jump host_14317\n}\n\
        chain host_14317 {\nip saddr 10.10.10.0/24 accept\ncounter drop\n}\n}\n";

    fn listed(name: &str, hook: Option<&str>, rules: &[&str]) -> ListedChain {
        let rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
        ListedChain { name: name.into(), hook: hook.map(str::to_owned), rules }
    }

    fn old(jump: &str) -> Listing {
        let hook = "type filter hook prerouting priority -150; policy accept;";
        let chains = vec![
            listed("prerouting", Some(hook), &["iifname \"lo\" accept", jump]),
            listed("host_4317", None, &["counter drop"]),
        ];
        Listing { chains, others: Vec::new() }
    }

    #[test]
    fn the_old_port_stays_filtered_and_the_new_one_is_filtered_too() {
        let wanted = Ruleset::parse(WANTED, "t").unwrap();
        let listing = old("fib daddr type local tcp dport 4317 jump host_4317");
        let widened = widened(&wanted, &listing, &["host_4317".into()]).unwrap();
        assert_eq!(widened.ruleset.ports().into_iter().collect::<Vec<_>>(), [4317, 14317]);
        assert_eq!(widened.last, ["host_4317"]);
        assert!(widened.ruleset.chain("host_4317").is_some());
    }

    #[test]
    fn what_somebody_else_made_is_not_kept() {
        let wanted = Ruleset::parse(WANTED, "t").unwrap();
        let extra = ["host_4317".to_owned()];
        // It could drop anything, and it is not reached at all.
        for jump in ["jump host_4317", "meta mark 1 jump host_4317", "counter accept"] {
            assert!(widened(&wanted, &old(jump), &extra).is_none(), "{jump}");
        }
    }
}
