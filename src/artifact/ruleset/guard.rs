//! What a ruleset may drop at all: TCP to named ports of named destinations.
//!
//! Checked while parsing, so that no template, not even one of the user's own,
//! can lock an admin out of the host.

use super::{Match, Rule, Verdict};

/// Why a rule of a chain with a hook is refused.
///
/// Every packet of the host passes there, so whatever is not accepted must
/// name its port and its destination. A chain without a hook is entered only
/// by a jump from such a rule.
pub(super) fn hooked(rule: &Rule) -> Option<&'static str> {
    let Rule { matches, counter: _, verdict } = rule;
    if *verdict == Verdict::Accept {
        return None;
    }
    let port = matches.iter().any(|condition| matches!(condition, Match::Port(_)));
    let destination =
        matches.iter().any(|condition| matches!(condition, Match::Local | Match::Destination(_)));
    match (port, destination) {
        (true, true) => None,
        (false, _) => Some("names no `tcp dport`, so it could drop traffic of other services"),
        (true, false) => {
            Some("names no destination, so it could drop traffic routed to other hosts")
        }
    }
}

/// Why a rule of a chain without a hook is refused.
pub(super) fn jumped(rule: &Rule) -> Option<&'static str> {
    match rule.verdict {
        Verdict::Accept | Verdict::Drop => None,
        Verdict::Jump(_) => Some("jumps on from a chain that is itself jumped to"),
    }
}
