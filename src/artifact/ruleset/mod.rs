//! The firewall table as a typed model: the part of nft's language that
//! otelctl renders, reads back and applies.
//!
//! Owns the strict parser, the printer, what a ruleset may drop at all, and
//! its meaning for one packet. May not know netlink, `nft`, or the profile.

mod guard;
mod judge;
mod parse;
mod print;

pub use judge::Packet;

use ipnet::IpNet;
use std::collections::BTreeSet;

/// One nft table of family `inet`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruleset {
    /// The table's name, which is also the mark of ownership: `otelctl_otel`.
    pub table: String,
    /// The chains, in the order of the text.
    pub chains: Vec<Chain>,
}

/// A list of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The chain's name.
    pub name: String,
    /// Where packets come in; without one only jumps lead here.
    pub hook: Option<Hook>,
    /// The rules in their order.
    pub rules: Vec<Rule>,
}

/// The hook prerouting of a filter chain whose policy is to accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The lower, the earlier: conntrack stands at -200, Docker's DNAT at -100.
    pub priority: i32,
}

/// What happens to the packets that match everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// All must hold.
    pub matches: Vec<Match>,
    /// Whether the kernel counts the packets.
    pub counter: bool,
    /// What happens.
    pub verdict: Verdict,
}

/// One condition on a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// The packet came in by this interface: `iifname "lo"`.
    Interface(String),
    /// The packet answers one of ours: `ct direction reply`.
    Reply,
    /// The destination is an address of this host: `fib daddr type local`.
    Local,
    /// The destination is in this network: `ip daddr`, `ip6 daddr`.
    Destination(IpNet),
    /// The source is in this network: `ip saddr`, `ip6 saddr`.
    Source(IpNet),
    /// It is TCP to this port: `tcp dport`.
    Port(u16),
}

/// What happens to a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This table lets it pass.
    Accept,
    /// It is dropped.
    Drop,
    /// The rules of another chain decide.
    Jump(String),
}

impl Ruleset {
    /// The chain of that name.
    #[must_use]
    pub fn chain(&self, name: &str) -> Option<&Chain> {
        self.chains.iter().find(|chain| chain.name == name)
    }

    /// Every TCP port to which this table could drop a packet.
    #[must_use]
    pub fn ports(&self) -> BTreeSet<u16> {
        self.chains
            .iter()
            .filter(|chain| chain.hook.is_some())
            .flat_map(|chain| &chain.rules)
            .filter(|rule| rule.verdict != Verdict::Accept)
            .flat_map(|rule| &rule.matches)
            .filter_map(|condition| match condition {
                Match::Port(port) => Some(*port),
                Match::Interface(_)
                | Match::Reply
                | Match::Local
                | Match::Destination(_)
                | Match::Source(_) => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
