//! Every way in which a table can differ.

use super::super::{Desired, ListedChain, Listing, Observed, Operation, Previous};
use super::diff;
use crate::artifact::ruleset::Ruleset;
use crate::plan::{Action, Change, FieldDiff, Shown, Stage};

const RENDERED: &str = include_str!("../../../../tests/fixtures/nft/as-rendered.nft");
const LISTED: &str = include_str!("../../../../tests/fixtures/nft/as-rendered.json");

fn desired() -> Desired {
    let ruleset = Ruleset::parse(RENDERED, "as-rendered.nft").expect("is supported");
    Desired { table: ruleset.table.clone(), ruleset: Some(ruleset) }
}

fn listing() -> Listing {
    Listing::read(LISTED.as_bytes()).expect("is nft's JSON")
}

/// The only change against a table that was tampered with.
fn change(tamper: impl FnOnce(&mut Listing)) -> Change<Operation> {
    let mut listing = listing();
    tamper(&mut listing);
    let mut changes = diff(&desired(), &Observed::Present(listing));
    assert_eq!(changes.len(), 1);
    changes.remove(0)
}

/// What becomes of a table that was tampered with.
fn previous(tamper: impl FnOnce(&mut Listing)) -> Previous {
    let change = change(tamper);
    let Operation::Replace { ruleset, previous } = change.operation else { panic!("replaces") };
    assert_eq!(Some(ruleset), desired().ruleset);
    let action = if previous == Previous::Deleted { Action::Replace } else { Action::Update };
    assert_eq!(change.action, action);
    previous
}

fn kept(extra: &[&str]) -> Previous {
    Previous::Kept { extra: extra.iter().map(ToString::to_string).collect() }
}

fn names(fields: &[FieldDiff]) -> Vec<&str> {
    fields.iter().map(|field| field.field.as_str()).collect()
}

#[test]
fn the_same_rules_are_no_change() {
    assert_eq!(diff(&desired(), &Observed::Present(listing())), []);
}

#[test]
fn a_missing_table_is_made() {
    let changes = diff(&desired(), &Observed::Absent);
    let [change] = changes.as_slice() else { panic!("one change") };
    assert_eq!(change.address, "nft/table/inet otelctl_otel");
    assert_eq!((change.action, change.stage), (Action::Create, Stage::Firewall));
    let ruleset = desired().ruleset.expect("is there");
    assert_eq!(change.operation, Operation::Replace { ruleset, previous: Previous::Deleted });
    assert_eq!(change.fields.len(), 4);
    assert!(change.fields.iter().all(|field| field.before == Shown::Absent));
}

#[test]
fn a_flushed_table_is_filled() {
    let change = change(|listing| listing.chains.iter_mut().for_each(|c| c.rules.clear()));
    assert_eq!(change.action, Action::Update);
    assert_eq!(change.fields.len(), 4);
}

#[test]
fn chains_that_stay_are_never_unhooked() {
    let nothing = kept(&[]);
    assert_eq!(
        previous(|listing| listing.chains.iter_mut().for_each(|c| c.rules.clear())),
        nothing
    );
    assert_eq!(previous(|listing| listing.chains[0].rules.swap(0, 1)), nothing);
    assert_eq!(previous(|listing| drop(listing.chains.remove(1))), nothing);
    assert_eq!(previous(|listing| drop(listing.chains.remove(0))), nothing);
    assert_eq!(previous(|listing| listing.chains.clear()), nothing);
    let extra = |name: &str, hook| {
        let chain = ListedChain { name: name.to_owned(), hook, rules: vec!["drop".to_owned()] };
        move |listing: &mut Listing| listing.chains.insert(1, chain)
    };
    assert_eq!(previous(extra("foreign", None)), kept(&["foreign"]));
    let hook = "type filter hook input priority 0; policy drop;".to_owned();
    assert_eq!(previous(extra("foreign", Some(hook))), kept(&["foreign"]));
}

#[test]
fn what_cannot_be_kept_is_made_anew() {
    for hook in [
        "type filter hook prerouting priority -151; policy accept;",
        "type filter hook prerouting priority -150; policy drop;",
        "type filter hook input priority -150; policy accept;",
        "type nat hook prerouting priority -150; policy accept;",
    ] {
        let other = |listing: &mut Listing| listing.chains[0].hook = Some(hook.to_owned());
        assert_eq!(previous(other), Previous::Deleted, "{hook}");
    }
    assert_eq!(previous(|listing| listing.chains[0].hook = None), Previous::Deleted);
    let hooked = |listing: &mut Listing| listing.chains[1].hook = listing.chains[0].hook.clone();
    assert_eq!(previous(hooked), Previous::Deleted);
    for other in ["set foreign", "flags"] {
        let tamper = |listing: &mut Listing| listing.others.push(other.to_owned());
        assert_eq!(previous(tamper), Previous::Deleted, "{other}");
    }
}

#[test]
fn each_drift_names_its_chain() {
    let lost = change(|listing| drop(listing.chains.remove(1)));
    assert_eq!(names(&lost.fields), ["chain host_4317"]);
    assert_eq!(lost.fields[0].before, Shown::Absent);

    let extra = change(|listing| listing.chains[2].rules.push("accept".to_owned()));
    assert_eq!(names(&extra.fields), ["chain host_13133"]);
    assert_eq!(extra.fields[0].before, Shown::plain("counter drop\naccept\n"));
    assert_eq!(extra.fields[0].after, Shown::plain("counter drop\n"));

    let swapped = change(|listing| listing.chains[1].rules.swap(0, 1));
    assert_eq!(names(&swapped.fields), ["chain host_4317"]);

    let chain = change(|listing| {
        let mut chain = listing.chains[1].clone();
        chain.name = "foreign".to_owned();
        listing.chains.push(chain);
    });
    assert_eq!(names(&chain.fields), ["chain foreign"]);
    assert_eq!(chain.fields[0].after, Shown::Absent);

    let set = change(|listing| listing.others.push("set foreign".to_owned()));
    assert_eq!(names(&set.fields), ["set foreign"]);
}

#[test]
fn a_table_nobody_asks_for_is_deleted_once() {
    let none = Desired { ruleset: None, ..desired() };
    assert_eq!(diff(&none, &Observed::Absent), []);
    let changes = diff(&none, &Observed::Present(Listing::default()));
    let [change] = changes.as_slice() else { panic!("one change") };
    assert_eq!(change.action, Action::Delete);
    assert_eq!(change.operation, Operation::Delete { table: "otelctl_otel".to_owned() });
}
