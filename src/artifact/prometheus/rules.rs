//! The recording rules.

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

/// One recording rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The name of the series it makes.
    pub record: String,
    /// The `PromQL` expression.
    pub expr: String,
    /// Labels added to the series it makes.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
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
        let records: Vec<&str> = group.rules.iter().map(|rule| rule.record.as_str()).collect();
        assert_eq!(records, ["claude:tokens:inc1m", "claude:tokens:seen"]);
        assert_eq!(group.rules[1].labels.get("team").map(String::as_str), Some("a"));
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_line() {
        let text = RULES.replace("labels:", "label:");
        let error = RuleFile::parse(&text).expect_err("unknown key");
        assert_eq!(error.origin.location().map(|at| at.line), Some(11));
    }
}
