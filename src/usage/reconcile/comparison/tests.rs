//! Comparisons of made-up counts, and the reasons that they name.

use super::*;
use crate::usage::reconcile::Troubles;
use crate::usage::{Amounts, Grouping, Row, Step, Tokens};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const MODEL: &str = "claude-opus-5-5";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn clock() -> Clock {
    Clock { now: at("2026-11-05T12:00:30Z"), zone: TimeZone::UTC }
}

fn row(day: &str, model: &str, tokens: f64, cost: f64) -> Row {
    let from = at(&format!("{day}T00:00:00Z"));
    let zero = Some(0.0);
    let tokens = Tokens {
        total: tokens,
        input: Some(tokens),
        output: zero,
        cache_read: zero,
        cache_creation: zero,
    };
    let amounts = Amounts { tokens: Some(tokens), cost: Some(cost), ..Amounts::default() };
    Row { keys: vec![day.into(), model.into()], from, to: from, amounts }
}

fn counted(rows: Vec<Row>, since: Recorded) -> Usage {
    let total = row("2026-11-01", "", 1.0, 1.0).amounts;
    Usage {
        stack: "otel".into(),
        span: Span { from: at("2026-11-01T00:00:00Z"), to: at("2026-11-05T12:01:00Z") },
        grouping: Grouping { step: Some(Step::Day), labels: vec!["model".into()] },
        only: BTreeMap::new(),
        since,
        rows,
        total,
    }
}

fn expected(uses: &[(&str, f64, Option<f64>)]) -> Expected {
    let one = |(time, tokens, cost): &(&str, f64, Option<f64>)| {
        let (tokens, cost) = (Some(*tokens), *cost);
        let counts = Counts { input: tokens, tokens, cost, ..Counts::default() };
        (at(time), "Claude Opus 5.5".to_owned(), counts)
    };
    let uses = uses.iter().map(one).collect();
    Expected { origin: Origin::Transcripts, uses, troubles: Troubles::default() }
}

fn reasons(comparison: &Comparison) -> Vec<(&str, Option<Reason>)> {
    comparison.pairs.iter().map(|pair| (pair.day.as_str(), pair.reason)).collect()
}

#[test]
fn the_reasons_are_told_apart() {
    let expected = expected(&[
        ("2026-11-01T10:00:00Z", 10.0, None),
        ("2026-11-01T10:00:01Z", 5.0, None),
        ("2026-11-02T23:59:00Z", 100.0, None),
        ("2026-11-03T01:00:00Z", 100.0, None),
        ("2026-11-05T12:00:00Z", 50.0, None),
        ("2026-10-01T00:00:00Z", 1.0, None),
    ]);
    let rows = vec![
        row("2026-11-01", "claude-opus-5-5", 15.0, 0.0),
        row("2026-11-02", "claude-opus-5-5", 70.0, 0.0),
        row("2026-11-03", "claude-opus-5-5-20260101", 130.0, 0.0),
        row("2026-11-04", "claude-opus-5-5", 7.0, 0.0),
        row("2026-11-05", "claude-opus-5-5", 20.0, 0.0),
    ];
    let found = Comparison::of(&expected, &counted(rows, Recorded::Before), &clock());
    assert!(found.pairs.iter().all(|pair| pair.model == MODEL));
    assert_eq!(found.outside, 1);
    assert_eq!(
        reasons(&found),
        [
            ("2026-11-01", None),
            ("2026-11-02", Some(Reason::Midnight)),
            ("2026-11-03", Some(Reason::Midnight)),
            ("2026-11-04", Some(Reason::Others)),
            ("2026-11-05", Some(Reason::NotOver)),
        ]
    );
    assert!(!found.agrees());
}

#[test]
fn what_came_before_the_rules_is_not_lost() {
    let expected = expected(&[
        ("2026-11-01T10:00:00Z", 10.0, None),
        ("2026-11-02T10:00:00Z", 10.0, None),
        ("2026-11-03T10:00:00Z", 10.0, None),
    ]);
    let since = Recorded::Since(at("2026-11-02T12:00:00Z"));
    let rows = vec![row("2026-11-02", MODEL, 4.0, 0.0)];
    let found = Comparison::of(&expected, &counted(rows, since), &clock());
    assert_eq!(
        reasons(&found),
        [
            ("2026-11-01", Some(Reason::BeforeTheRules)),
            ("2026-11-02", Some(Reason::BeforeTheRules)),
            ("2026-11-03", Some(Reason::Nothing)),
        ]
    );
}

#[test]
fn costs_may_differ_by_a_cent() {
    let expected = expected(&[
        ("2026-11-01T10:00:00Z", 10.0, Some(1.0)),
        ("2026-11-02T10:00:00Z", 10.0, Some(1.0)),
    ]);
    let rows = vec![row("2026-11-01", MODEL, 10.0, 1.009), row("2026-11-02", MODEL, 10.0, 1.2)];
    let found = Comparison::of(&expected, &counted(rows, Recorded::Before), &clock());
    assert_eq!(reasons(&found), [("2026-11-01", None), ("2026-11-02", Some(Reason::Prices))]);
    let facts = found.pairs[1].facts();
    let names: Vec<&str> = facts.iter().map(|fact| fact.name).collect();
    assert_eq!(names, ["input", "tokens", "cost (est.)"]);
}

#[test]
fn only_what_the_rules_could_not_count_came_before_them() {
    let expected = expected(&[
        ("2026-11-02T10:00:00Z", 10.0, None),
        ("2026-11-02T13:00:00Z", 90.0, None),
        ("2026-11-03T10:00:00Z", 10.0, None),
    ]);
    let reason = |counted_tokens: f64, since: Recorded| {
        let rows = vec![
            row("2026-11-02", MODEL, counted_tokens, 0.0),
            row("2026-11-03", MODEL, 10.0, 0.0),
        ];
        reasons(&Comparison::of(&expected, &counted(rows, since), &clock()))[0].1
    };
    let noon = Recorded::Since(at("2026-11-02T12:00:00Z"));
    assert_eq!(reason(90.0, noon), Some(Reason::BeforeTheRules));
    assert_eq!(reason(95.0, noon), Some(Reason::BeforeTheRules));
    // More is missing than was used before noon; too much is not missing.
    assert_eq!(reason(70.0, noon), Some(Reason::Part));
    assert_eq!(reason(120.0, noon), Some(Reason::Others));
    assert_eq!(reason(90.0, Recorded::Before), Some(Reason::Part));
    assert_eq!(reason(0.0, Recorded::Never), Some(Reason::BeforeTheRules));
}

#[test]
fn midnight_is_between_neighbours() {
    let expected =
        expected(&[("2026-11-01T23:59:00Z", 100.0, None), ("2026-11-03T01:00:00Z", 100.0, None)]);
    let rows = vec![row("2026-11-01", MODEL, 70.0, 0.0), row("2026-11-03", MODEL, 130.0, 0.0)];
    let found = Comparison::of(&expected, &counted(rows, Recorded::Before), &clock());
    assert_eq!(
        reasons(&found),
        [("2026-11-01", Some(Reason::Part)), ("2026-11-03", Some(Reason::Others))]
    );
}

#[test]
fn prices_differ_where_every_type_of_tokens_agrees() {
    let mut expected = expected(&[
        ("2026-11-01T10:00:00Z", 10.0, Some(1.0)),
        ("2026-11-02T10:00:00Z", 10.0, Some(2.0)),
    ]);
    // As many tokens, and half of them output instead of input.
    for (_, _, counts) in &mut expected.uses {
        (counts.input, counts.output) = (Some(5.0), Some(5.0));
    }
    let rows = vec![row("2026-11-01", MODEL, 10.0, 1.2), row("2026-11-02", MODEL, 10.0, 1.0)];
    let found = Comparison::of(&expected, &counted(rows, Recorded::Before), &clock());
    assert_eq!(
        reasons(&found),
        [("2026-11-01", Some(Reason::Others)), ("2026-11-02", Some(Reason::Part))]
    );
}
