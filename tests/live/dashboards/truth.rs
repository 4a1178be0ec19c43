//! What is true of each panel, told by what was counted; the one place that says so.
//!
//! Knows no queries: a panel's title says what it shows, and these say what that is.

/// What a number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The dashboard's range, or the time of one point or bar.
    Here,
    /// The range before the dashboard's.
    Before,
    /// The seven days up to now, or to the point.
    Week,
    /// The seven days before those.
    WeekBefore,
    /// The calendar month so far.
    Month,
}

/// The first or the last of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    First,
    Last,
}

/// How the samples of a pipeline's metric become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Lowest,
    Highest,
    Average,
}

/// What is known of the time, the series and the reader's choices that a number is for.
pub trait Facts {
    /// What a counter counted with these labels; none: it counted nothing.
    fn counted(&self, window: Window, counter: &str, labels: &[(&str, &str)]) -> Option<f64>;
    /// What a counter counted for all series of a panel.
    fn of_all(&self, counter: &str) -> Option<f64>;
    /// When a counter last counted, as seconds before the end of the range: since the beginning
    /// of those ten minutes, or exactly if it was in the last hour.
    fn last(&self, counter: &str, exactly: bool) -> Option<f64>;
    /// The first or last whole minute in which a counter counted, in seconds since 1970.
    fn minute(&self, end: End, counter: &str) -> Option<f64>;
    /// Whether the session is among the fifty that cost most, under the same choices.
    fn is_among_the_dearest(&self) -> bool;
    /// The share of the calendar month that is over.
    fn month_elapsed(&self) -> f64;
    /// The month's budget.
    fn budget(&self) -> f64;
    /// A metric of the pipeline; none: it has no samples.
    fn pipeline(&self, of: Of, metric: &str) -> Option<f64>;
}

/// A number on a panel; none: there is nothing to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    /// A sum, which the parts of a panel add up to.
    Sum(Option<f64>),
    /// Anything else.
    Value(Option<f64>),
}

impl Told {
    /// The number.
    pub fn number(self) -> Option<f64> {
        let (Self::Sum(number) | Self::Value(number)) = self;
        number
    }
}

const TOKENS: &str = "claude_tokens_total";
const COST: &str = "claude_cost_usd_total";
const SESSIONS: &str = "claude_sessions_total";
const HITS: &str = "claude_cache_hits_total";
const MISSES: &str = "claude_cache_misses_total";
const SAVED: &str = "claude_cache_cost_saved_usd_total";
const SURCHARGE: &str = "claude_cache_cost_surcharge_usd_total";
const CACHED: &str = "claude_cache_tokens_saved_total";
const UNPRICED: &str = "claude_unpriced_tokens_total";
const LINES: &str = "claude_lines_of_code_total";
const COMMITS: &str = "claude_commits_total";
const PULLS: &str = "claude_pull_requests_total";
const DECISIONS: &str = "claude_edit_decisions_total";
const ACTIVE: &str = "claude_active_seconds_total";

/// What is true of a panel's series or column; `None`: nobody has said.
#[expect(clippy::too_many_lines, reason = "one line for each panel")]
pub fn told(panel: &str, title: &str, facts: &dyn Facts) -> Option<Told> {
    use Told::{Sum, Value};
    if let Some(told) = super::sessions::told(panel, title, facts) {
        return Some(told);
    }
    let counted = |counter| facts.counted(Window::Here, counter, &[]);
    let with = |counter, label, value| facts.counted(Window::Here, counter, &[(label, value)]);
    // 0 where something was used, and else nothing.
    let zero = || counted(TOKENS).map(|_| 0.0);
    let or_zero = |counter| counted(counter).or_else(zero);
    let by = |a: Option<f64>, b: Option<f64>| Some(a? / b.filter(|b| *b > 0.0)?);
    let net = || Some(or_zero(SAVED)? - or_zero(SURCHARGE)?);
    let requests = || match (counted(HITS), counted(MISSES)) {
        (None, None) => None,
        (hits, misses) => Some(hits.unwrap_or(0.0) + misses.unwrap_or(0.0)),
    };
    let hit_rate = || by(requests().map(|_| counted(HITS).unwrap_or(0.0)), requests());
    let accepted =
        || counted(DECISIONS).map(|_| with(DECISIONS, "decision", "accept").unwrap_or(0.0));
    let weeks = |wanted, other| {
        let of = |window| facts.counted(window, COST, &[]);
        of(wanted).or_else(|| of(other).map(|_| 0.0))
    };
    let month = || facts.counted(Window::Month, COST, &[]);
    let highest = |metric| facts.pipeline(Of::Highest, metric);
    let lost = |metric| highest(metric).or_else(|| highest("up").map(|_| 0.0));
    Some(match (panel.trim_end_matches(" (estimate)"), title.trim_end_matches(" (estimate)")) {
        // The range at a glance.
        ("Cost against the range before", _) => {
            let before = facts.counted(Window::Before, COST, &[]);
            Value(by(counted(COST), before).map(|ratio| ratio - 1.0))
        }
        ("Sessions", _) | ("CLI versions", "Sessions") => Sum(or_zero(SESSIONS)),
        ("Active time", _) => Sum(or_zero(ACTIVE)),
        ("Lines of code added", _) => Sum(with(LINES, "type", "added").or_else(zero)),
        ("Lines of code removed", _) => Sum(with(LINES, "type", "removed").or_else(zero)),
        ("Commits", _) => Sum(or_zero(COMMITS)),
        ("Pull requests", _) => Sum(or_zero(PULLS)),
        ("Tokens read from the cache", _) => Sum(or_zero(CACHED)),
        ("Cache savings", _) => Sum(or_zero(SAVED)),
        ("Surcharge of cache writes", _) => Sum(or_zero(SURCHARGE)),
        ("Net cache savings", _) | (_, "Net") => Sum(net()),
        ("Tokens from the cache", _) => Value(by(or_zero(CACHED), counted(TOKENS))),
        ("Saved by the cache", _) => {
            Value(by(net(), counted(COST).and_then(|cost| Some(cost + net()?))))
        }
        (_, "Share of unpriced tokens") => Value(by(or_zero(UNPRICED), counted(TOKENS))),
        (_, "Unpriced tokens") => Sum(or_zero(UNPRICED)),
        (_, "Edits accepted") => Value(by(accepted(), counted(DECISIONS))),
        (_, "Accepted") => Sum(accepted()),

        // This month, and week over week.
        (_, "Month to date") => Value(month()),
        (_, "Projected month") => Value(by(month(), Some(facts.month_elapsed()))),
        (_, "Budget used") => Value(Some(month().unwrap_or(0.0) / facts.budget())),
        (_, "Budget left" | "Left") => Value(Some(facts.budget() - month().unwrap_or(0.0))),
        (_, "Left at an even pace") => Value(Some(facts.budget() * (1.0 - facts.month_elapsed()))),
        (_, "Seven days") => Value(weeks(Window::Week, Window::WeekBefore)),
        (_, "Seven days before") => Value(weeks(Window::WeekBefore, Window::Week)),
        (_, "Change") => {
            let before = facts.counted(Window::WeekBefore, COST, &[]);
            Value(by(weeks(Window::Week, Window::WeekBefore), before).map(|ratio| ratio - 1.0))
        }

        // The pipeline.
        (_, "Since the last use") => Value(facts.last(COST, true)),
        (_, "Last use") => Value(facts.last(COST, false)),
        (_, "Time in which the collector was scraped") => Value(facts.pipeline(Of::Average, "up")),
        (_, "Targets that answer") => Value(facts.pipeline(Of::Lowest, "up")),
        (_, "Duration of scrapes") => Value(highest("scrape_duration_seconds")),
        (_, "Samples of a scrape") => Value(highest("scrape_samples_scraped")),
        (_, "Memory of the collector") => Value(highest("otelcol_process_memory_rss")),
        (_, "Refused") => Value(
            lost("otelcol_receiver_refused_metric_points")
                .and_then(|points| Some(points + lost("otelcol_receiver_refused_log_records")?)),
        ),
        (_, "Refused points") => Value(lost("otelcol_receiver_refused_metric_points")),
        (_, "Refused log records") => Value(lost("otelcol_receiver_refused_log_records")),
        (_, "Points not exported") => Value(lost("otelcol_exporter_send_failed_metric_points")),

        // Columns of tables that say 0 for those who used something else.
        (of, "Sessions") if of.starts_with("Use by ") => Sum(or_zero(SESSIONS)),
        (of, "Active time") if of.starts_with("Use by ") => Sum(or_zero(ACTIVE)),
        (of, "Lines added") if of.starts_with("Use by ") => {
            Sum(with(LINES, "type", "added").or_else(zero))
        }
        (of, "Commits") if of.starts_with("Use by ") => Sum(or_zero(COMMITS)),
        (_, "Cache savings" | "Gross") => Sum(or_zero(SAVED)),
        (_, "Surcharge") => Sum(or_zero(SURCHARGE)),
        (_, "Share of cost" | "Share") => Value(by(counted(COST), facts.of_all(COST))),

        // What was counted, in the range or in the time of one bar.
        (_, "Cost" | "Paid" | "Cost by hour of day") => Sum(counted(COST)),
        (_, "Saved") => Sum(counted(SAVED)),
        (_, "Tokens" | "Tokens by hour of day") => Sum(counted(TOKENS)),
        (_, "Sessions over time" | "Sessions by hour of day") => Sum(counted(SESSIONS)),
        (_, "Cache hits") => Sum(counted(HITS)),
        (_, "Cache misses") => Sum(counted(MISSES)),
        (_, "Spans over time") => Sum(counted("claude_spans_total")),
        (_, "Lines of code over time") => Sum(counted(LINES)),
        (_, "Commits") => Sum(counted(COMMITS)),
        (_, "Pull requests") => Sum(counted(PULLS)),
        (_, "Active time over time") => Sum(counted(ACTIVE)),
        (_, "Decisions" | "Edit decisions by who decided") => Sum(counted(DECISIONS)),
        (_, "Cache hit rate" | "Cache hit rate by model") => Value(hit_rate()),
        (_, "Cost per session" | "Per session" | "Cost per session by day") => {
            Value(by(counted(COST), counted(SESSIONS)))
        }
        (_, "Cost per commit" | "Per commit" | "Cost per commit by day") => {
            Value(by(counted(COST), counted(COMMITS)))
        }
        (_, "Cost per 1000 lines" | "Per 1000 lines" | "Cost per 1000 lines by day") => {
            Value(by(counted(COST).map(|cost| 1e3 * cost), counted(LINES)))
        }
        (_, "Cost per million tokens" | "Cost per million tokens by model") => {
            Value(by(counted(COST).map(|cost| 1e6 * cost), counted(TOKENS)))
        }
        (_, "Tokens per dollar" | "Tokens per dollar by model") => {
            Value(by(counted(TOKENS), counted(COST)))
        }
        (_, title) if title.starts_with("Cost by ") || title.ends_with(" cost by model") => {
            Sum(counted(COST))
        }
        (_, title) if title.starts_with("Tokens by ") => Sum(counted(TOKENS)),
        _ => return None,
    })
}
