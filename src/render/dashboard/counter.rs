//! One counter in a query: which it is, and the series that stand for it.
//!
//! Counters are read through their recording rules, whose sums are exact. May not know which
//! time is asked for.

use super::expression::{Mistake, mistake};
use super::token::Token;
use crate::stack::{LABELS, METRICS, Metric, OWN_LABELS};
use std::fmt::Write as _;

/// The label that `hour_of_day` makes.
pub const HOUR: &str = "hour";

/// A counter with the matchers that the source gives it.
pub struct Counter {
    metric: Metric,
    matchers: String,
}

impl Counter {
    /// Its increments, filtered by what the reader of the dashboard chose.
    pub fn series(&self, variables: &[(&str, &str)]) -> String {
        let mut series = format!("{}:inc1m{{", self.metric.rule_stem());
        let about_models = |label: &str| label.starts_with("model");
        for (variable, label) in variables {
            if self.metric.names_model || !about_models(label) {
                let _ = write!(series, "{label}=~\"${variable}\",");
            }
        }
        series.push_str(&self.matchers);
        let series = series.trim_end_matches([',', '{']);
        if series.contains('{') { format!("{series}}}") } else { series.to_owned() }
    }
}

/// Reads `(COUNTER)` or `(COUNTER{label="value"})`.
pub fn read<'a, 't>(
    function: &str,
    after: &'a [Token<'t>],
) -> Result<(Counter, &'a [Token<'t>]), Mistake> {
    let usage = format!("write `{function}(claude_tokens_total)`");
    let [_, Token::Name(name), rest @ ..] = after else {
        return mistake(format!("`{function}` counts nothing"), usage);
    };
    let Some(metric) = METRICS.into_iter().find(|metric| metric.name == *name) else {
        return Err(unknown(name));
    };
    let (matchers, rest) = match rest {
        [Token::Mark('{'), rest @ ..] => matchers(rest)?,
        _ => (String::new(), rest),
    };
    match rest {
        [Token::Mark(')'), rest @ ..] => Ok((Counter { metric, matchers }, rest)),
        _ => mistake(format!("`{function}` takes one counter and nothing else"), usage),
    }
}

/// Reads matchers up to the closing brace.
fn matchers<'a, 't>(tokens: &'a [Token<'t>]) -> Result<(String, &'a [Token<'t>]), Mistake> {
    let mut out = String::new();
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        match token {
            Token::Mark('}') => return Ok((out, rest)),
            Token::Name(label) => {
                known_label(label)?;
                out.push_str(label);
            }
            Token::Text(text) => out.push_str(text),
            Token::Mark(mark @ ('=' | '~' | '!' | ',')) => out.push(*mark),
            _ => break,
        }
    }
    mistake("the counter's matchers are unfinished", "write `{label=\"value\"}`")
}

/// Says whether a label is one that the stack's counters carry, or `hour_of_day` makes.
///
/// # Errors
/// If it is not.
pub fn known_label(label: &str) -> Result<(), Mistake> {
    if LABELS.contains(&label) || OWN_LABELS.contains(&label) || label == HOUR {
        return Ok(());
    }
    let known = LABELS.iter().chain(&OWN_LABELS).map(|label| format!("`{label}`"));
    let known = known.collect::<Vec<_>>().join(", ");
    mistake(
        format!("the query names the label `{label}`, which no counter carries"),
        format!("the labels are {known}"),
    )
}

/// A name that is no counter, or one that stands alone.
pub fn unknown(name: &str) -> Mistake {
    if METRICS.iter().any(|metric| metric.name == name) {
        return Mistake {
            message: format!("the query reads `{name}` itself, which misses births and restarts"),
            hint: format!("write `total({name})` or `bucket({name})`"),
        };
    }
    let likely = METRICS.iter().max_by(|a, b| {
        let likeness = |metric: &Metric| strsim::jaro_winkler(metric.name, name);
        likeness(a).total_cmp(&likeness(b))
    });
    Mistake {
        message: format!("the query names `{name}`, which the table of metrics does not have"),
        hint: format!("did you mean `{}`?", likely.map_or("", |metric| metric.name)),
    }
}
