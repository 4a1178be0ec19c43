//! The labels that the profile's counters carry, and the names that people type.

use crate::diagnostic::{Diagnostic, Kind, nearest};
use crate::stack::{LABELS, PERSON_LABELS, Stack};
use std::collections::BTreeMap;

/// What people type for a label, and the labels that it may mean, the first that is there.
const ALIASES: [(&str, &[&str]); 5] = [
    ("version", &["service_version"]),
    ("service", &["service_name"]),
    ("family", &["model_family"]),
    ("user", &PERSON_LABELS),
    ("organization", &["organization_id"]),
];

/// The labels that the profile's counters carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(Vec<String>);

impl Labels {
    /// Those of every counter, the constant ones, and those that the profile adds.
    #[must_use]
    pub fn of(stack: &Stack) -> Self {
        let constant = stack.collector.const_labels.value.keys().cloned();
        let extra = stack.labels.value.iter().map(|extra| extra.label.clone());
        let own = LABELS.iter().map(|label| (*label).to_owned());
        Self(own.chain(extra).chain(constant).collect())
    }

    /// Says whether the counters carry it.
    #[must_use]
    pub fn has(&self, label: &str) -> bool {
        self.0.iter().any(|name| name == label)
    }

    /// Finds the label that a word means.
    ///
    /// # Errors
    /// When the counters do not carry it.
    pub(super) fn find(&self, word: &str) -> Result<String, Diagnostic> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == word).map(|(_, labels)| *labels);
        let meant = alias.unwrap_or_default();
        let mut candidates = meant.iter().copied().chain([word]);
        if let Some(found) = candidates.find(|label| self.has(label)) {
            return Ok(found.to_owned());
        }
        let wanted = meant.first().copied().unwrap_or(word);
        let message = format!("the counters of this profile have no label `{wanted}`");
        let error = Diagnostic::error(Kind::Usage, message).code("usage::label");
        let error = error.cause(format!("they have {}", self.0.join(", ")));
        let words =
            self.0.iter().map(String::as_str).chain(ALIASES.iter().map(|(alias, _)| *alias));
        Err(match nearest(word, words.chain(["day", "hour"])) {
            Some(near) if near != word => error.hint(format!("did you mean `{near}`?")),
            _ => error.hint(format!(
                "add `{wanted}` to `otelctl::metric_labels` in the profile: it counts from the \
                 next apply on"
            )),
        })
    }
}

/// Label values that everything must have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only(pub BTreeMap<String, String>);

impl Only {
    /// Reads `LABEL=VALUE` words.
    ///
    /// # Errors
    /// Each word that says no label of the counters.
    pub fn read(words: &[String], labels: &Labels) -> Result<Self, Vec<Diagnostic>> {
        let (mut only, mut errors) = (BTreeMap::new(), Vec::new());
        for word in words {
            let Some((label, value)) = word.split_once('=') else {
                let message = format!("`--where {word}` is no `LABEL=VALUE`");
                errors.push(Diagnostic::error(Kind::Usage, message).code("usage::where"));
                continue;
            };
            match labels.find(label) {
                Ok(label) => {
                    only.insert(label, value.to_owned());
                }
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(Self(only)) } else { Err(errors) }
    }
}

#[cfg(test)]
impl Labels {
    /// A profile's labels, made up.
    pub(super) fn made_up(names: &[&str]) -> Self {
        Self(LABELS.iter().chain(names).map(|name| (*name).to_owned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_labels_that_are_there() {
        let labels = Labels::made_up(&["user_id", "team"]);
        assert_eq!(labels.find("version").unwrap(), "service_version");
        assert_eq!(labels.find("team").unwrap(), "team");
        assert_eq!(labels.find("user").unwrap(), "user_id");
        let error = Labels::made_up(&[]).find("user").unwrap_err();
        assert!(error.message.contains("no label `user_email`"), "{error:?}");
        assert!(error.hint.unwrap().contains("`otelctl::metric_labels`"));
        let error = labels.find("modle").unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean `model`?"));
    }

    #[test]
    fn a_value_may_hold_anything() {
        let labels = Labels::made_up(&["team"]);
        let only = Only::read(&["team=a=b \"c\"".into()], &labels).unwrap();
        assert_eq!(only.0["team"], "a=b \"c\"");
        assert_eq!(Only::read(&["team".into(), "x=1".into()], &labels).unwrap_err().len(), 2);
    }
}
