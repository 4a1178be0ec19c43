//! Compares the table that should be with the one that is. Pure.

use super::restore::undo;
use super::widen::{Widened, widened};
use super::{Desired, ListedChain, Listing, Observed, Operation, Previous};
use crate::artifact::ruleset::Ruleset;
use crate::plan::{Action, Change, FieldDiff, Shown, Stage};

/// Decides what happens to the table.
///
/// All rules are replaced at once, since the kernel does that between two
/// packets; so a missing rule, a foreign rule and a chain of somebody's all
/// lead to the same operation. Only ports that are given up make two changes:
/// they stay filtered until the containers have let go of them.
#[must_use]
pub fn diff(desired: &Desired, observed: &Observed) -> Vec<Change<Operation>> {
    let Desired { table, ruleset } = desired;
    let nothing = Listing::default();
    let (listing, present) = match observed {
        Observed::Absent => (&nothing, false),
        Observed::Present(listing) => (listing, true),
    };
    let fields = fields(ruleset.as_ref(), listing);
    let (action, reason, operation) = match (ruleset, present) {
        (None, false) => return Vec::new(),
        (Some(_), true) if fields.is_empty() => return Vec::new(),
        (None, true) => (
            Action::Delete,
            "the profile asks for no table",
            Operation::Delete { table: table.clone() },
        ),
        (Some(ruleset), false) => (
            Action::Create,
            "there is no such table",
            Operation::Replace { ruleset: ruleset.clone(), previous: Previous::Deleted },
        ),
        (Some(ruleset), true) => {
            let previous = previous(ruleset, listing);
            if let Previous::Kept { extra } = &previous
                && let Some(widened) = widened(ruleset, listing, extra)
            {
                let mut steps = in_two_steps(table, ruleset, listing, extra, widened);
                // Once containers have changed, there is no way back.
                for step in steps.iter_mut().filter(|step| step.stage == Stage::Firewall) {
                    step.undo = undo(&step.operation, observed);
                }
                return steps;
            }
            let (action, reason) = match previous {
                Previous::Kept { .. } => (Action::Update, "the table holds other rules"),
                Previous::Deleted => {
                    (Action::Replace, "the table holds what can only go together with it")
                }
            };
            (action, reason, Operation::Replace { ruleset: ruleset.clone(), previous })
        }
    };
    let address = format!("nft/table/inet {table}");
    let undo = undo(&operation, observed);
    let change = Change::new(address, action, Stage::Firewall, operation);
    vec![Change { undo, ..change.because(reason).fields(fields) }]
}

/// First the wanted rules beside the old ports', then, after the containers, alone.
fn in_two_steps(
    table: &str,
    ruleset: &Ruleset,
    listing: &Listing,
    extra: &[String],
    widened: Widened,
) -> Vec<Change<Operation>> {
    let Widened { ruleset: both, last } = widened;
    let address = format!("nft/table/inet {table}");
    let first_fields = fields(Some(&both), listing);
    let gone = extra.iter().filter(|name| !last.contains(name)).cloned().collect();
    let first =
        Operation::Replace { ruleset: both.clone(), previous: Previous::Kept { extra: gone } };
    let between = Listing::of(&both);
    let second_fields = fields(Some(ruleset), &between);
    let second =
        Operation::Replace { ruleset: ruleset.clone(), previous: Previous::Kept { extra: last } };
    let first = (!first_fields.is_empty()).then(|| {
        Change::new(address.clone(), Action::Update, Stage::Firewall, first)
            .because("the table holds other rules; ports that are given up stay filtered")
            .fields(first_fields)
    });
    let second = Change::new(address, Action::Update, Stage::Narrowing, second)
        .because("no container publishes these ports any more")
        .fields(second_fields);
    first.into_iter().chain([second]).collect()
}

/// Keeps the table unless a wanted chain has another hook, or something is there
/// besides chains: sets, maps, or flags, of which `dormant` unhooks every chain.
pub(super) fn previous(ruleset: &Ruleset, listing: &Listing) -> Previous {
    let Listing { chains, others } = listing;
    let mut extra = Vec::new();
    for ListedChain { name, hook, rules: _ } in chains {
        match ruleset.chain(name) {
            None => extra.push(name.clone()),
            Some(chain) if chain.hook.map(|hook| hook.to_string()) == *hook => {}
            Some(_) => return Previous::Deleted,
        }
    }
    if others.is_empty() { Previous::Kept { extra } } else { Previous::Deleted }
}

/// One field for each chain that differs, with its whole text on both sides.
fn fields(ruleset: Option<&Ruleset>, listing: &Listing) -> Vec<FieldDiff> {
    let Listing { chains: listed, others } = listing;
    let wanted: Vec<(&str, String)> = ruleset
        .map(|Ruleset { table: _, chains }| chains)
        .into_iter()
        .flatten()
        .map(|chain| (chain.name.as_str(), join(chain.lines())))
        .collect();
    let present: Vec<(&str, String)> =
        listed.iter().map(|chain| (chain.name.as_str(), join(chain.lines()))).collect();
    let find = |chains: &[(&str, String)], name: &str| {
        chains.iter().find(|(chain, _)| *chain == name).map(|(_, text)| text.clone())
    };
    let extra = present.iter().filter(|(name, _)| wanted.iter().all(|(other, _)| other != name));
    let chains = wanted.iter().chain(extra).filter_map(|(name, _)| {
        FieldDiff::compare(format!("chain {name}"), find(&present, name), find(&wanted, name))
    });
    let others = others.iter().map(|other| FieldDiff {
        field: other.clone(),
        before: Shown::plain("present"),
        after: Shown::Absent,
    });
    chains.chain(others).collect()
}

fn join(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests;
