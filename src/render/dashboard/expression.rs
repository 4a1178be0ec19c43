//! From a source's query to `PromQL` on the recording rules.
//!
//! Sources name the exported counters and ask for what they counted, exactly:
//! - `total(COUNTER)`: over the dashboard's range;
//! - `bucket(COUNTER)`: in the time that one point or bar stands for, from its
//!   time on, so that a day's bar stands at the day's beginning;
//! - `hour_of_day(COUNTER)`: over the dashboard's range, for each hour of the day.
//!
//! Each is filtered by the dashboard's variables. Whatever else a query names
//! must be a label of the stack, a function of [`FUNCTIONS`] or a variable.
//! May not know YAML or Grafana's JSON.

use super::counter::{self, Counter, HOUR, known_label};
use super::token::{Token, tokens};

/// The variable that shifts `hour_of_day` from UTC to the reader's hours.
pub const OFFSET: &str = "utc_offset";

/// Functions and operators by name; one that is missing here may simply be added.
const FUNCTIONS: [&str; 14] = [
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

/// The choices of a dashboard's reader.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// Variables that choose from a label: name and label.
    pub labels: &'a [(&'a str, &'a str)],
    /// The other variables.
    pub others: &'a [&'a str],
}

/// Expands a query.
///
/// # Errors
/// What names a metric, label, function or variable that is not there.
pub fn expand(query: &str, choices: Choices<'_>) -> Result<String, Mistake> {
    let found = tokens(query);
    let mut rest = found.as_slice();
    let mut out = String::new();
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
                put(&mut out, *token);
            }
            _ => put(&mut out, *token),
        }
    }
    if out.is_empty() { mistake("the query is empty", "write one") } else { Ok(out) }
}

/// Takes a name and what belongs to it; returns the rest.
fn named<'a, 't>(
    name: &str,
    after: &'a [Token<'t>],
    choices: Choices<'_>,
    out: &mut String,
) -> Result<&'a [Token<'t>], Mistake> {
    let called = after.first() == Some(&Token::Mark('('));
    let aggregated = matches!(after.first(), Some(Token::Name("by" | "without")));
    if LISTS.contains(&name) && called {
        put(out, Token::Name(name));
        return labels(after, out);
    }
    if OPERATORS.contains(&name) {
        put(out, Token::Name(name));
        return Ok(after);
    }
    if FUNCTIONS.contains(&name) && (called || aggregated) {
        put(out, Token::Name(name));
        return Ok(after);
    }
    if !called {
        return Err(counter::unknown(name));
    }
    let series = |counter: &Counter| counter.series(choices.labels);
    let expression = match name {
        "total" => {
            let (counter, rest) = counter::read(name, after)?;
            (format!("sum_over_time({}[$__range])", series(&counter)), rest)
        }
        "bucket" => {
            let (counter, rest) = counter::read(name, after)?;
            let series = series(&counter);
            (format!("sum_over_time({series}[$__interval] offset -$__interval)"), rest)
        }
        "hour_of_day" => {
            let (counter, rest) = counter::read(name, after)?;
            if !choices.others.contains(&OFFSET) {
                return mistake(
                    format!("`hour_of_day` needs the variable `{OFFSET}`"),
                    "declare it in `variables`, with the hours' distance from UTC as choices",
                );
            }
            (hour_of_day(&series(&counter)), rest)
        }
        _ => {
            return mistake(
                format!("the query names `{name}`, which is no function for dashboards"),
                "count with `total(COUNTER)`, `bucket(COUNTER)` or `hour_of_day(COUNTER)`: \
                 `increase` and `rate` miss the births of series",
            );
        }
    };
    space(out);
    out.push_str(&expression.0);
    Ok(expression.1)
}

/// Half hours, since some clocks are half an hour off; each belongs to the
/// hour of its beginning. The last one counts up to now.
fn hour_of_day(series: &str) -> String {
    format!(
        "sum by ({HOUR}) (sum_over_time((label_replace(count_values(\"{HOUR}\", \
         hour(vector(time() + 3600 * ${OFFSET}))), \"{HOUR}\", \"0$1\", \"{HOUR}\", \"(.)\") \
         * on () group_left () sum(sum_over_time({series}[30m] offset -30m)))[$__range:30m]))"
    )
}

/// Copies `(label, …)`.
fn labels<'a, 't>(tokens: &'a [Token<'t>], out: &mut String) -> Result<&'a [Token<'t>], Mistake> {
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        if let Token::Name(label) = token {
            known_label(label)?;
        }
        put(out, *token);
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
    use super::{Choices, expand};

    const CHOICES: Choices<'_> = Choices {
        labels: &[("model", "model"), ("version", "service_version")],
        others: &["utc_offset"],
    };

    fn message(query: &str) -> String {
        let mistake = expand(query, CHOICES).unwrap_err();
        assert!(!mistake.hint.is_empty());
        format!("{}; {}", mistake.message, mistake.hint)
    }

    #[test]
    fn counters_become_sums_over_their_rules() {
        assert_eq!(
            expand("sum by(model)(total(claude_tokens_total))\n / 2", CHOICES).unwrap(),
            "sum by (model) (sum_over_time(claude:tokens:inc1m{model=~\"$model\",\
             service_version=~\"$version\"}[$__range])) / 2"
        );
        assert_eq!(
            expand("bucket(claude_cost_usd_total{model_family='opus'}) >= 0", CHOICES).unwrap(),
            "sum_over_time(claude:cost_usd:inc1m{model=~\"$model\",service_version=~\"$version\",\
             model_family='opus'}[$__interval] offset -$__interval) >= 0"
        );
    }

    #[test]
    fn sessions_name_no_model_and_are_not_filtered_by_it() {
        assert_eq!(
            expand("total(claude_sessions_total)", CHOICES).unwrap(),
            "sum_over_time(claude:sessions:inc1m{service_version=~\"$version\"}[$__range])"
        );
        let none = Choices { labels: &[], others: &[] };
        assert_eq!(
            expand("total(claude_sessions_total)", none).unwrap(),
            "sum_over_time(claude:sessions:inc1m[$__range])"
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
            ("total(claude_tokens_total{team=\"a\"})", "label `team`"),
            ("total(claude_tokens_total[1h])", "takes one counter"),
            ("total()", "counts nothing"),
            ("total(claude_tokens_total{model=\"a\"", "unfinished"),
            ("sum by (model", "unfinished"),
            ("total(claude_tokens_total) * $modle", "`$modle`, which is no variable"),
            (" ", "empty"),
        ] {
            let found = message(query);
            assert!(found.contains(expected), "{query}: {found}");
        }
        let none = Choices { labels: &[], others: &[] };
        let mistake = expand("hour_of_day(claude_tokens_total)", none).unwrap_err();
        assert!(mistake.message.contains("`utc_offset`"));
    }
}
