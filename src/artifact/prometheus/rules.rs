//! The rules: what is recorded, and what is told.

use super::{Interval, yaml};
use crate::artifact::path;
use crate::diagnostic::Diagnostic;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A rule file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// The groups; those of one file have distinct names.
    pub groups: Vec<RuleGroup>,
}

/// Rules that are evaluated one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleGroup {
    /// The group's name.
    pub name: String,
    /// How often it is evaluated; none means the global interval.
    pub interval: Option<Interval>,
    /// The rules in the order of evaluation, which matters.
    pub rules: Vec<Rule>,
}

/// What a rule makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// Series of the rule's name.
    Record,
    /// An alert of the rule's name.
    Alert,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Rule {
    /// What it makes.
    pub kind: RuleKind,
    /// The name of what it makes.
    pub name: String,
    /// The `PromQL` expression.
    pub expr: String,
    /// `for`: how long an alert's expression must hold; none: it tells at once.
    pub wait: Option<Interval>,
    /// Labels added to what it makes.
    pub labels: BTreeMap<String, String>,
    /// What an alert says, as templates of Prometheus's own.
    pub annotations: BTreeMap<String, String>,
}

/// A rule as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    record: Option<String>,
    alert: Option<String>,
    expr: String,
    #[serde(rename = "for")]
    wait: Option<Interval>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

impl TryFrom<Written> for Rule {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { record, alert, expr, wait, labels, annotations } = written;
        let (kind, name) = match (record, alert) {
            (Some(name), None) if wait.is_none() && annotations.is_empty() => {
                (RuleKind::Record, name)
            }
            (None, Some(name)) => (RuleKind::Alert, name),
            (Some(_), None) => return Err("`for` and `annotations` are an alert's"),
            _ => return Err("a rule has either `record` or `alert`"),
        };
        // Prometheus does not tell `0s` from none.
        let wait = wait.filter(|wait| !wait.duration().is_zero());
        Ok(Self { kind, name, expr, wait, labels, annotations })
    }
}

impl RuleFile {
    /// Reads the rendered rules.
    ///
    /// # Errors
    /// Says what is wrong and where: bad YAML, an unknown key, a bad duration.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        yaml::parse(path::RULES, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "\
groups:
  - name: claude-code
    interval: 1m
    rules:
      - record: claude:tokens:inc1m
        expr: >-
          (claude_tokens_total - last_over_time(claude:tokens:seen[3d]))
          or claude_tokens_total
      - record: claude:tokens:seen
        expr: claude_tokens_total
        labels:
          team: a
";

    #[test]
    fn reads_groups_in_order() {
        let file = RuleFile::parse(RULES).expect("valid");
        let [group] = file.groups.as_slice() else { panic!("one group") };
        assert_eq!(group.interval, Interval::parse("60s"));
        let records: Vec<&str> = group.rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(records, ["claude:tokens:inc1m", "claude:tokens:seen"]);
        assert_eq!(group.rules[1].labels.get("team").map(String::as_str), Some("a"));
    }

    #[test]
    fn an_alert_waits_and_says_something() {
        let alert = "      - {alert: Down, expr: up == 0, for: 3m, annotations: {summary: s}}\n";
        let file = RuleFile::parse(&format!("{RULES}{alert}")).expect("valid");
        let rule = file.groups[0].rules.last().expect("rules");
        assert_eq!((rule.kind, rule.name.as_str()), (RuleKind::Alert, "Down"));
        assert_eq!(rule.wait, Interval::parse("180s"));
        for wrong in ["record: x, alert", "record"] {
            let text = format!("{RULES}{}", alert.replace("alert", wrong));
            assert!(RuleFile::parse(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_line() {
        let text = RULES.replace("labels:", "label:");
        let error = RuleFile::parse(&text).expect_err("unknown key");
        assert_eq!(error.origin.location().map(|at| at.line), Some(11));
    }
}
