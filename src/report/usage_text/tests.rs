//! The tables and bars of made-up use.

use super::*;
use crate::usage::{Grouping, Recorded, Span, Step, Tokens};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

fn clock() -> Clock {
    Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC }
}

fn amounts(scale: f64) -> Amounts {
    let tokens = |factor: f64| Some(scale * factor);
    Amounts {
        sessions: None,
        hits: Some(scale),
        misses: Some(scale),
        tokens: Some(Tokens {
            total: scale * 101_000.0,
            input: tokens(300.0),
            output: tokens(700.0),
            cache_read: tokens(90_000.0),
            cache_creation: tokens(10_000.0),
        }),
        cost: Some(scale * 0.25),
        saved: Some(scale),
        surcharge: Some(scale * 2.0),
        unpriced: Some(0.0),
    }
}

fn usage(step: Option<Step>, labels: &[&str], rows: &[(&[&str], f64)], total: Amounts) -> Usage {
    let at = Timestamp::UNIX_EPOCH;
    let row = |(keys, scale): &(&[&str], f64)| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Row { keys, from: at, to: at, amounts: amounts(*scale) }
    };
    Usage {
        stack: "otel".into(),
        span: Span { from: at, to: at },
        grouping: Grouping { step, labels: labels.iter().map(|l| (*l).to_owned()).collect() },
        only: BTreeMap::new(),
        since: Recorded::Before,
        rows: rows.iter().map(row).collect(),
        total,
    }
}

const PLAIN: Style = Style::new(false);

#[test]
fn tables_and_bars_read_well() {
    let mut total = amounts(4.0);
    total.sessions = Some(3.0);
    let rows: [(&[&str], f64); 2] = [(&["claude-opus-5-5"], 3.0), (&[""], 1.0)];
    let text = usage_text(&usage(None, &["model"], &rows, total), &clock(), PLAIN, true);
    assert_eq!(text, AS_SHOWN);
}

const AS_SHOWN: &str = "\
stack `otel`, 1970-01-01 00:00 to 1970-01-01 00:00, UTC

model            sessions  requests  cached  cost (est.)  net saved
claude-opus-5-5         -         6  50.0 %      $0.7500   -$3.0000
(none)                  -         2  50.0 %      $0.2500   -$1.0000
total                   3         8  50.0 %      $1.0000   -$4.0000

model            input  output  cache read  cache write   tokens
claude-opus-5-5    900   2,100     270,000       30,000  303,000
(none)             300     700      90,000       10,000  101,000
total            1,200   2,800     360,000       40,000  404,000

cost (est.)
claude-opus-5-5   75.0 %  ██████████████████████████████████████████████████████
(none)            25.0 %  ██████████████████
";

#[test]
fn nothing_is_wider_than_eighty_columns() {
    let long = "a-model-with-a-name-that-is-much-longer-than-anybody-would-like-to-read-anywhere";
    let rows: [(&[&str], f64); 3] = [
        (&["2026-11-01", long], 1_234_567.0),
        (&["2026-11-01", "claude-sonnet-4-5-20250929"], 7_654_321.0),
        (&["2026-11-02", "b\u{1b}[31m"], 1.0),
    ];
    let mut total = amounts(9e6);
    total.unpriced = Some(5.0);
    total.tokens = total.tokens.map(|tokens| Tokens { total: tokens.total + 7.0, ..tokens });
    let text = usage_text(&usage(Some(Step::Day), &["model"], &rows, total), &clock(), PLAIN, true);
    let wide: Vec<&str> =
        text.lines().filter(|line| line.chars().count() > 80 && !line.contains(long)).collect();
    assert!(wide.is_empty(), "{text}");
    // The name that is too long has a line of its own, uncut.
    assert!(text.lines().any(|line| line == format!("2026-11-01  {long}")), "{text}");
    assert!(text.contains("124,691,267,000"), "to the token: {text}");
    assert!(text.contains("5 tokens are of models without a price"), "{text}");
    assert!(text.contains("7 tokens are of no known type"), "{text}");
    assert!(!text.contains('\u{1b}'), "a terminal obeys nothing that a client sent");
}

#[test]
fn no_use_is_no_table() {
    let text = usage_text(&usage(None, &["model"], &[], amounts(0.0)), &clock(), PLAIN, true);
    assert!(text.ends_with("nothing was used\n"), "{text}");
}
