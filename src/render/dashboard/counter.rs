//! One metric in a query: which it is, and the series that stand for it.
//!
//! Counters are read through their recording rules, whose sums are exact. May not know which
//! time is asked for.

use super::expression::{Choices, Mistake, mistake};
use super::scope::Scope;
use super::token::Token;
use crate::stack::{Metric, PIPELINE_METRICS, PipelineMetric};
use std::fmt::Write as _;

/// The label that `hour_of_day` makes.
pub const HOUR: &str = "hour";

/// A metric with the matchers that the source gives it.
pub struct Matched<M> {
    /// The metric.
    pub metric: M,
    /// `label="value",…`, as it is written.
    matchers: String,
    /// The labels that they name.
    pub labels: Vec<String>,
}

impl Matched<Metric> {
    /// A counter's increments, filtered by what the reader of the dashboard chose.
    pub fn series(&self, choices: Choices<'_>) -> String {
        let mut matchers = String::new();
        for (variable, label) in choices.labels {
            if self.metric.tells(label) && choices.scope.carries(&self.metric, label) {
                let _ = write!(matchers, "{label}=~\"${variable}\",");
            }
        }
        matchers.push_str(&self.matchers);
        selector(&format!("{}:inc1m", self.metric.rule_stem()), &matchers)
    }
}

impl Matched<PipelineMetric> {
    /// The series of the pipeline's jobs, by each name that the metric may have.
    pub fn series(&self, choices: Choices<'_>) -> Vec<String> {
        let matchers = if self.labels.iter().any(|label| label == "job") {
            self.matchers.clone()
        } else {
            format!("job=~\"{}\",{}", choices.scope.jobs().join("|"), self.matchers)
        };
        self.metric.names().iter().map(|name| selector(name, &matchers)).collect()
    }
}

fn selector(name: &str, matchers: &str) -> String {
    match matchers.trim_end_matches(',') {
        "" => name.to_owned(),
        matchers => format!("{name}{{{matchers}}}"),
    }
}

/// A metric and what follows it.
type Read<'a, 't, M> = Result<(Matched<M>, &'a [Token<'t>]), Mistake>;

/// Reads `(COUNTER)` or `(COUNTER{label="value"})`.
pub fn counter<'a, 't>(
    function: &str,
    after: &'a [Token<'t>],
    choices: Choices<'_>,
) -> Read<'a, 't, Metric> {
    let usage = format!("write `{function}(claude_tokens_total)`");
    let find = |name: &str| {
        let known = choices.scope.counters().find(|metric| metric.name == name).copied();
        known.ok_or_else(|| unknown(name, choices.scope))
    };
    let (read, rest) = matched(function, after, find, &usage)?;
    for label in &read.labels {
        choices.scope.known_label(label)?;
        choices.scope.carried(&[read.metric], label)?;
    }
    Ok((read, rest))
}

/// Reads `(METRIC)` or `(METRIC{label="value"})` of the pipeline's own metrics.
pub fn pipeline<'a, 't>(function: &str, after: &'a [Token<'t>]) -> Read<'a, 't, PipelineMetric> {
    let usage = format!("write `{function}(up)`");
    let find = |name: &str| {
        PIPELINE_METRICS.into_iter().find(|metric| metric.name == name).ok_or_else(|| Mistake {
            message: format!("the query names `{name}`, which is no metric of the pipeline"),
            hint: "the table is in `src/stack/pipeline_metric.rs`".to_owned(),
        })
    };
    matched(function, after, find, &usage)
}

fn matched<'a, 't, M>(
    function: &str,
    after: &'a [Token<'t>],
    find: impl Fn(&str) -> Result<M, Mistake>,
    usage: &str,
) -> Read<'a, 't, M> {
    let [_, Token::Name(name), rest @ ..] = after else {
        return mistake(format!("`{function}` counts nothing"), usage);
    };
    let metric = find(name)?;
    let mut read = Matched { metric, matchers: String::new(), labels: Vec::new() };
    let rest = match rest {
        [Token::Mark('{'), rest @ ..] => matchers(rest, &mut read)?,
        _ => rest,
    };
    match rest {
        [Token::Mark(')'), rest @ ..] => Ok((read, rest)),
        _ => mistake(format!("`{function}` takes one metric and nothing else"), usage),
    }
}

/// Reads matchers up to the closing brace.
fn matchers<'a, 't, M>(
    tokens: &'a [Token<'t>],
    read: &mut Matched<M>,
) -> Result<&'a [Token<'t>], Mistake> {
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        match token {
            Token::Mark('}') => return Ok(rest),
            Token::Name(label) => {
                read.labels.push((*label).to_owned());
                read.matchers.push_str(label);
            }
            Token::Text(text) => read.matchers.push_str(text),
            Token::Mark(mark @ ('=' | '~' | '!' | ',')) => read.matchers.push(*mark),
            _ => break,
        }
    }
    mistake("the metric's matchers are unfinished", "write `{label=\"value\"}`")
}

/// A name that is no counter, or one that stands alone.
pub fn unknown(name: &str, scope: &Scope) -> Mistake {
    if scope.counters().any(|metric| metric.name == name) {
        return Mistake {
            message: format!("the query reads `{name}` itself, which misses births and restarts"),
            hint: format!("write `total({name})` or `bucket({name})`"),
        };
    }
    let likely = scope.counters().max_by(|a, b| {
        let likeness = |metric: &Metric| strsim::jaro_winkler(metric.name, name);
        likeness(a).total_cmp(&likeness(b))
    });
    Mistake {
        message: format!("the query names `{name}`, which the table of metrics does not have"),
        hint: format!("did you mean `{}`?", likely.map_or("", |metric| metric.name)),
    }
}
