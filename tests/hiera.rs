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
#[path = "hiera/program.rs"]
mod program;
#[path = "hiera/tally.rs"]
mod tally;

use case::{Answer, Case, Outcome, Scenario};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZero;
use tally::Tally;

/// What answers a case; nothing where it is not asked.
type Ask = fn(&Scenario, &Case) -> Option<Answer>;

/// Every case but those about the command line itself.
#[test]
fn lookups_are_answered_as_puppet_answers_them() {
    holds(engine::answer, 820);
}

/// Every case but explanations, whose text is not Puppet's.
#[test]
fn the_program_answers_as_puppet_lookup_does() {
    holds(program::answer, 845);
}

fn holds(ask: Ask, least: usize) {
    let exceptions = exceptions::read();
    let mut table: BTreeMap<String, Tally> = BTreeMap::new();
    let mut wrong = String::new();
    let scenarios = case::scenarios();
    for (scenario, case, answer) in answers(&scenarios, ask) {
        let tally = table.entry(scenario.category.clone()).or_default();
        let Some(answer) = answer else {
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
    println!("{}", tally::shown(&table));
    assert!(wrong.is_empty(), "\n{wrong}");
    let same: usize = table.values().map(|tally| tally.same).sum();
    let least = if case::other_corpus().is_some() { 1 } else { least };
    assert!(same >= least, "only {same} cases were asked");
}

/// Asks all cases, as many at once as there are processors, and keeps their order.
fn answers(scenarios: &[Scenario], ask: Ask) -> Vec<(&Scenario, &Case, Option<Answer>)> {
    let cases: Vec<(&Scenario, &Case)> = scenarios
        .iter()
        .flat_map(|scenario| scenario.cases.iter().map(move |case| (scenario, case)))
        .collect();
    let threads = std::thread::available_parallelism().map_or(2, NonZero::get);
    let asked = |(scenario, case): &(&'_ Scenario, &'_ Case)| ask(scenario, case);
    let answers: Vec<Option<Answer>> = std::thread::scope(|scope| {
        let share = |part: &'_ [_]| part.iter().map(asked).collect::<Vec<_>>();
        let parts = cases.chunks(cases.len().div_ceil(threads).max(1));
        let running: Vec<_> = parts.map(|part| scope.spawn(move || share(part))).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
    });
    cases
        .into_iter()
        .zip(answers)
        .map(|((scenario, case), answer)| (scenario, case, answer))
        .collect()
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
