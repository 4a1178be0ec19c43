//! What a ruleset does to one packet: the model's own evaluator.
//!
//! Cross-checks and property tests ask it; the kernel is asked by live tests.

use super::{Chain, Match, Rule, Ruleset, Verdict};
use std::net::IpAddr;

/// What the rules look at in a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The interface it came in by.
    pub interface: String,
    /// Its source.
    pub source: IpAddr,
    /// Its destination, before any DNAT.
    pub destination: IpAddr,
    /// Whether the destination is an address of this host.
    pub local: bool,
    /// The TCP port it goes to; none when it is not TCP.
    pub port: Option<u16>,
    /// Whether it answers a connection that began the other way.
    pub reply: bool,
}

impl Ruleset {
    /// Says whether the table drops the packet.
    #[must_use]
    pub fn drops(&self, packet: &Packet) -> bool {
        self.chains
            .iter()
            .filter(|chain| chain.hook.is_some())
            .any(|chain| self.decide(chain, packet) == Some(false))
    }

    /// `Some(true)` accepts, `Some(false)` drops, `None` reaches the chain's end.
    fn decide(&self, chain: &Chain, packet: &Packet) -> Option<bool> {
        chain.rules.iter().filter(|rule| rule.holds(packet)).find_map(|rule| match &rule.verdict {
            Verdict::Accept => Some(true),
            Verdict::Drop => Some(false),
            // The parser lets nobody jump twice, so this ends.
            Verdict::Jump(target) => self.decide(self.chain(target)?, packet),
        })
    }
}

impl Rule {
    fn holds(&self, packet: &Packet) -> bool {
        let Packet { interface, source, destination, local, port, reply } = packet;
        self.matches.iter().all(|condition| match condition {
            Match::Interface(name) => name == interface,
            Match::Reply => *reply,
            Match::Local => *local,
            Match::Destination(net) => net.contains(destination),
            Match::Source(net) => net.contains(source),
            Match::Port(number) => *port == Some(*number),
        })
    }
}
