//! The way back from a change of the table, while no container has changed. Pure.

use super::diff::previous;
use super::{ListedChain, Listing, Observed, Operation};
use crate::artifact::ruleset::Ruleset;
use std::fmt::Write as _;

/// Decides what brings the table back that was observed; none where it is not of our own
/// making, since only our own forms can be written.
pub(super) fn undo(operation: &Operation, observed: &Observed) -> Option<Operation> {
    let Operation::Replace { ruleset, previous: _ } = operation else { return None };
    let listing = match observed {
        Observed::Absent => return Some(Operation::Delete { table: ruleset.table.clone() }),
        Observed::Present(listing) => listing,
    };
    let was = Ruleset::parse(&text(&ruleset.table, listing)?, "the kernel's table").ok()?;
    let previous = previous(&was, &Listing::of(ruleset));
    Some(Operation::Replace { ruleset: was, previous })
}

/// Writes the table as our own files do.
fn text(table: &str, listing: &Listing) -> Option<String> {
    let Listing { chains, others } = listing;
    let mut text =
        format!("table inet {table}\ndelete table inet {table}\ntable inet {table} {{\n");
    for ListedChain { name, hook, rules } in chains {
        let hook = hook.iter().map(String::as_str);
        let lines: Vec<&str> = hook.chain(rules.iter().map(String::as_str)).collect();
        let _ = writeln!(text, "chain {name} {{\n{}\n}}", lines.join("\n"));
    }
    text.push_str("}\n");
    others.is_empty().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::firewall::{Desired, Previous, diff};

    fn ruleset(port: u16) -> Ruleset {
        let text = format!(
            "table inet t\ndelete table inet t\ntable inet t {{\nchain prerouting {{\n\
             type filter hook prerouting priority -150; policy accept;\niifname \"lo\" accept\n\
             fib daddr type local tcp dport {port} jump host_{port}\n}}\n\
             chain host_{port} {{\nip saddr 10.10.10.0/24 accept\ncounter drop\n}}\n}}\n"
        );
        Ruleset::parse(&text, "t").unwrap()
    }

    #[test]
    fn the_first_step_knows_its_way_back_and_the_last_has_none() {
        let wanted = Desired { table: "t".into(), ruleset: Some(ruleset(2)) };
        let created = diff(&wanted, &Observed::Absent);
        assert_eq!(created[0].undo, Some(Operation::Delete { table: "t".into() }));
        let changes = diff(&wanted, &Observed::Present(Listing::of(&ruleset(1))));
        assert_eq!(changes.len(), 2);
        let Some(Operation::Replace { ruleset: back, previous }) = &changes[0].undo else {
            panic!("{:?}", changes[0].undo)
        };
        assert_eq!(back, &ruleset(1));
        assert_eq!(previous, &Previous::Kept { extra: vec!["host_2".into()] });
        assert_eq!(changes[1].undo, None);
    }

    #[test]
    fn what_somebody_else_put_into_it_is_not_restored() {
        let mut listing = Listing::of(&ruleset(1));
        listing.chains[0].rules.push("tcp dport 22 drop".into());
        let wanted = Desired { table: "t".into(), ruleset: Some(ruleset(2)) };
        assert_eq!(diff(&wanted, &Observed::Present(listing))[0].undo, None);
    }
}
