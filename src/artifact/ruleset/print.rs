//! The text of a ruleset, in the one form that the parser reads.

use super::{Chain, Hook, Match, Rule, Ruleset, Verdict};
use ipnet::IpNet;
use std::fmt;

impl fmt::Display for Ruleset {
    /// Prints a file for `nft -f`. The first two lines make loading it replace
    /// the whole table in one transaction, whether it was there or not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, chains } = self;
        writeln!(f, "table inet {table}")?;
        writeln!(f, "delete table inet {table}")?;
        writeln!(f, "table inet {table} {{")?;
        for chain in chains {
            writeln!(f, "\tchain {} {{", chain.name)?;
            for line in chain.lines() {
                writeln!(f, "\t\t{line}")?;
            }
            writeln!(f, "\t}}")?;
        }
        writeln!(f, "}}")
    }
}

impl Chain {
    /// The lines between the chain's braces.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let Self { name: _, hook, rules } = self;
        hook.iter().map(ToString::to_string).chain(rules.iter().map(ToString::to_string))
    }
}

impl fmt::Display for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { priority } = self;
        write!(f, "type filter hook prerouting priority {priority}; policy accept;")
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { matches, counter, verdict } = self;
        for condition in matches {
            write!(f, "{condition} ")?;
        }
        if *counter {
            f.write_str("counter ")?;
        }
        write!(f, "{verdict}")
    }
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interface(name) => write!(f, "iifname \"{name}\""),
            Self::Reply => f.write_str("ct direction reply"),
            Self::Local => f.write_str("fib daddr type local"),
            Self::Destination(net) => write!(f, "{} daddr {}", family(net), address(net)),
            Self::Source(net) => write!(f, "{} saddr {}", family(net), address(net)),
            Self::Port(port) => write!(f, "tcp dport {port}"),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accept => f.write_str("accept"),
            Self::Drop => f.write_str("drop"),
            Self::Jump(chain) => write!(f, "jump {chain}"),
        }
    }
}

fn family(net: &IpNet) -> &'static str {
    match net {
        IpNet::V4(_) => "ip",
        IpNet::V6(_) => "ip6",
    }
}

/// A network of one address has no prefix length in nft's own listing.
fn address(net: &IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}
