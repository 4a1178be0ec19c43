//! From a source's query to `PromQL` on the recording rules.
//!
//! Sources name metrics and ask for what they counted, exactly, by the words of `word`. Each is
//! filtered by the dashboard's variables. Whatever else a query names must be a label that its
//! counters carry, a function of [`FUNCTIONS`] or a variable. May not know YAML or Grafana's JSON.

use super::counter;
use super::scope::Scope;
use super::token::{Token, tokens};
use super::word;
use crate::stack::{Metric, PIPELINE_LABELS};

/// Functions and operators by name; one that is missing here may simply be added.
const FUNCTIONS: [&str; 15] = [
    "abs",
    "avg",
    "bottomk",
    "clamp_max",
    "clamp_min",
    "count",
    "max",
    "min",
    "round",
    "sort",
    "sort_desc",
    "sum",
    "time",
    "topk",
    "vector",
];

/// Words between operands.
const OPERATORS: [&str; 4] = ["and", "or", "unless", "bool"];

/// Words before a list of labels.
const LISTS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];

/// Variables of Grafana itself that a query may name.
const GRAFANA: [&str; 2] = ["__range_s", "__interval_ms"];

/// What is wrong with a query: the thing, and how to do it right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub message: String,
    /// An edit that cures it.
    pub hint: String,
}

/// Fails with a mistake.
pub fn mistake<T>(message: impl Into<String>, hint: impl Into<String>) -> Result<T, Mistake> {
    Err(Mistake { message: message.into(), hint: hint.into() })
}

/// What a query is expanded for.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// Variables that choose from a label: name and label.
    pub labels: &'a [(&'a str, &'a str)],
    /// The other variables.
    pub others: &'a [&'a str],
    /// What the stack has.
    pub scope: &'a Scope,
    /// Whether the panel shows time, so that the query is asked for each point.
    pub over_time: bool,
}

/// What a query has become so far.
#[derive(Default)]
struct Expansion {
    text: String,
    counters: Vec<Metric>,
    labels: Vec<String>,
}

/// Expands a query.
///
/// # Errors
/// What names a metric, label, function or variable that is not there.
pub fn expand(query: &str, choices: Choices<'_>) -> Result<String, Mistake> {
    let found = tokens(query);
    let mut rest = found.as_slice();
    let mut out = Expansion::default();
    while let [token, after @ ..] = rest {
        rest = after;
        match *token {
            Token::Name(name) => rest = named(name, after, choices, &mut out)?,
            Token::Variable(name) => {
                if !choices.others.contains(&name) && !GRAFANA.contains(&name) {
                    return mistake(
                        format!("the query names `${name}`, which is no variable"),
                        "filters are added by themselves; declare others in `variables`",
                    );
                }
                put(&mut out.text, *token);
            }
            _ => put(&mut out.text, *token),
        }
    }
    for label in &out.labels {
        choices.scope.known_label(label)?;
        let of_counters = !PIPELINE_LABELS.contains(&label.as_str()) && label != counter::HOUR;
        if of_counters {
            choices.scope.carried(&out.counters, label)?;
        }
    }
    if out.text.is_empty() { mistake("the query is empty", "write one") } else { Ok(out.text) }
}

/// Takes a name and what belongs to it; returns the rest.
fn named<'a, 't>(
    name: &str,
    after: &'a [Token<'t>],
    choices: Choices<'_>,
    out: &mut Expansion,
) -> Result<&'a [Token<'t>], Mistake> {
    let called = after.first() == Some(&Token::Mark('('));
    let aggregated = matches!(after.first(), Some(Token::Name("by" | "without")));
    if LISTS.contains(&name) && called {
        put(&mut out.text, Token::Name(name));
        return labels(after, out);
    }
    if OPERATORS.contains(&name) || (FUNCTIONS.contains(&name) && (called || aggregated)) {
        put(&mut out.text, Token::Name(name));
        return Ok(after);
    }
    if name == "monthly_budget" {
        let Some(budget) = &choices.scope.monthly_budget else {
            return mistake(
                "the query names `monthly_budget`, which the profile does not set",
                "write `when: monthly budget` at the panel",
            );
        };
        put(&mut out.text, Token::Number(budget));
        return Ok(after);
    }
    if !called {
        return Err(counter::unknown(name, choices.scope));
    }
    let Some((meaning, counter, rest)) = word::expand(name, after, choices)? else {
        return mistake(
            format!("the query names `{name}`, which is no function for dashboards"),
            "count with `total(COUNTER)`, `bucket(COUNTER)` or `hour_of_day(COUNTER)`: \
             `increase` and `rate` miss the births of series",
        );
    };
    space(&mut out.text);
    out.text.push_str(&meaning);
    out.counters.extend(counter);
    Ok(rest)
}

/// Copies `(label, …)`.
fn labels<'a, 't>(
    tokens: &'a [Token<'t>],
    out: &mut Expansion,
) -> Result<&'a [Token<'t>], Mistake> {
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        if let Token::Name(label) = token {
            out.labels.push((*label).to_owned());
        }
        put(&mut out.text, *token);
        if *token == Token::Mark(')') {
            return Ok(rest);
        }
    }
    mistake("a list of labels is unfinished", "close it with `)`")
}

/// Writes a token with the spaces that people put.
fn put(out: &mut String, token: Token<'_>) {
    match token {
        Token::Mark(mark @ (')' | ',')) => out.push(mark),
        Token::Mark('(') => {
            let called = FUNCTIONS.iter().any(|name| out.ends_with(name));
            if !called {
                space(out);
            }
            out.push('(');
        }
        // Two marks in a row are one operator: `>=`.
        Token::Mark(mark) => {
            if !out.ends_with(['>', '<', '=', '!']) {
                space(out);
            }
            out.push(mark);
        }
        Token::Variable(name) => {
            space(out);
            out.push('$');
            out.push_str(name);
        }
        Token::Name(text) | Token::Number(text) | Token::Text(text) => {
            space(out);
            out.push_str(text);
        }
    }
}

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with('(') {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::{Choices, Mistake};

    use crate::render::dashboard::scope::Scope;

    /// Expands a query for a profile with a budget and the labels `type` and `team`.
    fn expand(query: &str) -> Result<String, Mistake> {
        expand_for(query, &["model", "service_version"], &["utc_offset"])
    }

    fn expand_for(query: &str, labels: &[&str], others: &[&str]) -> Result<String, Mistake> {
        let labels: Vec<_> = labels.iter().map(|label| (*label, *label)).collect();
        let scope = Scope::example();
        super::expand(query, Choices { labels: &labels, others, scope: &scope, over_time: true })
    }

    fn message(query: &str) -> String {
        let mistake = expand(query).unwrap_err();
        assert!(!mistake.hint.is_empty());
        format!("{}; {}", mistake.message, mistake.hint)
    }

    #[test]
    fn counters_become_sums_over_their_rules() {
        assert_eq!(
            expand("sum by(model)(total(claude_tokens_total))\n / 2").unwrap(),
            "sum by (model) (sum_over_time(claude:tokens:inc1m{model=~\"$model\",\
             service_version=~\"$service_version\"}[$__range])) / 2"
        );
        assert_eq!(
            expand("bucket(claude_cost_usd_total{model_family='opus'}) >= 0").unwrap(),
            "sum_over_time(claude:cost_usd:inc1m{model=~\"$model\",service_version=~\"$service_version\",\
             model_family='opus'}[$__interval] offset -$__interval) >= 0"
        );
    }

    #[test]
    fn sessions_name_no_model_and_are_not_filtered_by_it() {
        assert_eq!(
            expand("total(claude_sessions_total)").unwrap(),
            "sum_over_time(claude:sessions:inc1m{service_version=~\"$service_version\"}[$__range])"
        );
        assert_eq!(
            expand_for("total(claude_sessions_total)", &[], &[]).unwrap(),
            "sum_over_time(claude:sessions:inc1m[$__range])"
        );
    }

    #[test]
    fn sessions_are_filtered_by_what_they_carry() {
        let of_sessions = |query: &str| expand_for(query, &["team", "model", "session_id"], &[]);
        assert_eq!(
            of_sessions("total(claude_session_tokens_total)").unwrap(),
            "sum_over_time(claude:session_tokens:inc1m{model=~\"$model\",\
             session_id=~\"$session_id\"}[$__range])"
        );
        assert_eq!(
            of_sessions("began(claude_session_active_seconds_total)").unwrap(),
            "min_over_time(((sum_over_time(claude:session_active_seconds:inc1m{\
             session_id=~\"$session_id\"}[1m] offset -1m) > 0) * 0 + time())[$__range:1m] offset 1s)"
        );
        assert_eq!(
            of_sessions("total(claude_tokens_total)").unwrap(),
            "sum_over_time(claude:tokens:inc1m{team=~\"$team\",model=~\"$model\"}[$__range])"
        );
    }

    #[test]
    fn what_is_not_in_the_table_is_told() {
        for (query, expected) in [
            ("sum(total(claude_token_total))", "did you mean `claude_tokens_total`?"),
            ("claude_tokens_total", "misses births and restarts"),
            ("sum(increase(claude_tokens_total[1h]))", "`increase`, which is no function"),
            ("claude:tokens:inc1m", "the table of metrics does not have"),
            ("sum by (modle) (total(claude_tokens_total))", "label `modle`"),
            ("total(claude_tokens_total{user=\"a\"})", "`user`, which it does not carry"),
            ("total(claude_session_tokens_total{team=\"a\"})", "`team`, which it does not carry"),
            ("total(claude_tokens_total{language=\"a\"})", "`language`, which it does not carry"),
            ("sum by (type) (total(claude_commits_total))", "`type`, which it does not carry"),
            ("highest(claude_tokens_total)", "no metric of the pipeline"),
            ("total(up)", "the table of metrics does not have"),
            ("month_elapsed(up)", "takes nothing"),
            ("total(claude_tokens_total[1h])", "takes one metric"),
            ("total()", "counts nothing"),
            ("total(claude_tokens_total{model=\"a\"", "unfinished"),
            ("sum by (model", "unfinished"),
            ("total(claude_tokens_total) * $modle", "`$modle`, which is no variable"),
            (" ", "empty"),
        ] {
            let found = message(query);
            assert!(found.contains(expected), "{query}: {found}");
        }
        for word in [
            "hour_of_day(claude_tokens_total)",
            "month_to_date(claude_cost_usd_total)",
            "month_elapsed()",
        ] {
            let mistake = expand_for(word, &[], &[]).unwrap_err();
            assert!(mistake.message.contains("`utc_offset`"));
        }
    }
}
