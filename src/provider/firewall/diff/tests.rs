//! Every way in which a table can differ.

use super::super::{Desired, Listing, Observed, Operation};
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
    assert!(matches!(change.operation, Operation::Replace { .. }));
    assert_eq!(change.fields.len(), 4);
    assert!(change.fields.iter().all(|field| field.before == Shown::Absent));
}

#[test]
fn a_flushed_table_is_replaced() {
    let change = change(|listing| listing.chains.iter_mut().for_each(|c| c.lines.clear()));
    assert_eq!(change.action, Action::Replace);
    assert_eq!(change.fields.len(), 4);
}

#[test]
fn each_drift_names_its_chain() {
    let lost = change(|listing| drop(listing.chains.remove(1)));
    assert_eq!(names(&lost.fields), ["chain host_4317"]);
    assert_eq!(lost.fields[0].before, Shown::Absent);

    let extra = change(|listing| listing.chains[2].lines.push("accept".to_owned()));
    assert_eq!(names(&extra.fields), ["chain host_13133"]);
    assert_eq!(extra.fields[0].before, Shown::plain("counter drop\naccept\n"));
    assert_eq!(extra.fields[0].after, Shown::plain("counter drop\n"));

    let swapped = change(|listing| listing.chains[1].lines.swap(0, 1));
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
    assert_eq!(set.operation, Operation::Replace { ruleset: desired().ruleset.expect("is there") });
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
