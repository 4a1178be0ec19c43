//! The answers of the real `puppet lookup`, and files that mean harm.

#![cfg(test)]

#[path = "hiera/budget.rs"]
mod budget;
#[path = "hiera/case.rs"]
mod case;
#[path = "hiera/engine.rs"]
mod engine;
#[path = "hiera/exceptions.rs"]
mod exceptions;
#[path = "hiera/tally.rs"]
mod tally;

use case::Outcome;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tally::Tally;

/// Every case but those about the command line itself.
#[test]
fn lookups_are_answered_as_puppet_answers_them() {
    let exceptions = exceptions::read();
    let mut table: BTreeMap<String, Tally> = BTreeMap::new();
    let mut wrong = String::new();
    for scenario in case::scenarios() {
        let tally = table.entry(scenario.category.clone()).or_default();
        for case in &scenario.cases {
            let Some(answer) = engine::answer(&scenario, case) else {
                tally.beyond += 1;
                continue;
            };
            match (case.judge(&answer), exceptions.get(case.id.as_str())) {
                (Outcome::Same, None) => tally.same += 1,
                (Outcome::Other(_), Some(_)) => tally.excepted += 1,
                (Outcome::Same, Some(_)) => {
                    let _ = writeln!(wrong, "{}: an exception that passes", case.id);
                }
                (Outcome::Other(told), None) => {
                    let _ = writeln!(wrong, "{} ({:?}): {told}", case.id, case.keys);
                }
            }
        }
    }
    println!("{}", tally::shown(&table));
    assert!(wrong.is_empty(), "\n{wrong}");
    let same: usize = table.values().map(|tally| tally.same).sum();
    let least = if case::other_corpus().is_some() { 1 } else { 820 };
    assert!(same >= least, "only {same} cases were asked");
}

#[test]
fn there_are_few_exceptions_each_with_a_reason() {
    let exceptions = exceptions::read();
    assert!(exceptions.len() <= 15, "{} exceptions", exceptions.len());
    let scenarios = case::scenarios();
    let ids: Vec<&str> =
        scenarios.iter().flat_map(|s| &s.cases).map(|case| case.id.as_str()).collect();
    for (id, reason) in &exceptions {
        assert!(ids.contains(&id.as_str()), "there is no case {id}");
        assert!(reason.split_whitespace().count() >= 4, "{id} has no reason");
    }
}
