//! What is true of each panel about single sessions, by the counters of `otelctl::detail`.
//!
//! Knows no queries, as `truth`, of which it is a part.

use super::truth::{End, Facts, Of, Told, Window};
use otelctl::stack::DETAIL_LIMIT;

const COST: &str = "claude_session_cost_usd_total";
const TOKENS: &str = "claude_session_tokens_total";
const HITS: &str = "claude_session_cache_hits_total";
const MISSES: &str = "claude_session_cache_misses_total";
const LINES: &str = "claude_session_lines_of_code_total";
const ACTIVE: &str = "claude_session_active_seconds_total";

/// The table of sessions on the overview.
const DEAREST: &str = "Sessions that cost most";

/// What is true of a panel's series or column; `None`: it is about no session.
pub fn told(panel: &str, title: &str, facts: &dyn Facts) -> Option<Told> {
    use Told::{Sum, Value};
    let counted = |counter| facts.counted(Window::Here, counter, &[]);
    let zero = |counter| counted(counter).map(|_| 0.0);
    let by = |a: Option<f64>, b: Option<f64>| Some(a? / b.filter(|b| *b > 0.0)?);
    let hit_rate = || {
        let (hits, misses) = (counted(HITS), counted(MISSES));
        let all = hits.unwrap_or(0.0) + misses.unwrap_or(0.0);
        hits.or(misses)?;
        by(Some(hits.unwrap_or(0.0)), Some(all))
    };
    let lines = |which| {
        let lines = facts.counted(Window::Here, LINES, &[("type", which)]);
        lines.or_else(|| zero(TOKENS))
    };
    let minute = |end| facts.minute(end, TOKENS).map(|at| at * 1000.0);
    let shown = |number: Option<f64>| number.filter(|_| facts.is_among_the_dearest());
    let panel = panel.trim_end_matches(" (estimate)");
    Some(match (panel, title.trim_end_matches(" (estimate)")) {
        (DEAREST, "Cost") => Sum(shown(counted(COST))),
        (DEAREST, "Tokens in all") => Sum(shown(counted(TOKENS))),
        (DEAREST, "Cache hit rate") => Value(shown(hit_rate())),
        (DEAREST, "Lines of code") => Sum(shown(counted(LINES).or_else(|| zero(COST)))),
        (DEAREST, "Active time") => Sum(shown(counted(ACTIVE).or_else(|| zero(COST)))),

        ("Single sessions against their limit", _) => {
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let limit = DETAIL_LIMIT as f64;
            Value(facts.pipeline(Of::Highest, "scrape_samples_scraped").map(|n| n / limit))
        }

        ("First minute with tokens", _) => Value(minute(End::First)),
        ("Last minute with tokens", _) => Value(minute(End::Last)),
        ("Cache hit rate of the session", _) | (_, "Cache hit rate of the model") => {
            Value(hit_rate())
        }
        ("API requests of the session", _) => {
            let or_zero = |counter| counted(counter).or_else(|| zero(TOKENS));
            Sum(or_zero(HITS).and_then(|hits| Some(hits + or_zero(MISSES)?)))
        }
        ("Active time of the session", _) => Sum(counted(ACTIVE).or_else(|| zero(TOKENS))),
        ("Lines added in the session", _) => Sum(lines("added")),
        ("Lines removed in the session", _) => Sum(lines("removed")),
        ("Cost of the session" | "Cost of the session by model over time", _)
        | (_, "Cost of the model" | "Cost (estimate) of it") => Sum(counted(COST)),
        (
            "Tokens of the session"
            | "Tokens of the session by type"
            | "Tokens of the session by type over time"
            | "Tokens of the session by model over time",
            _,
        )
        | (_, "Tokens of the model" | "Tokens in it") => Sum(counted(TOKENS)),
        (_, "Cost per million tokens of the model") => {
            Value(by(counted(COST).map(|cost| 1e6 * cost), counted(TOKENS)))
        }
        (_, "Hits of the session") => Sum(counted(HITS)),
        (_, "Misses of the session") => Sum(counted(MISSES)),
        ("Active time of the session over time", _) => Sum(counted(ACTIVE)),
        ("Lines of the session over time", _) => Sum(counted(LINES)),
        _ => return None,
    })
}
