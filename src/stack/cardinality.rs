//! How many series the counters may become, by the labels that they carry.
//!
//! Nobody knows beforehand how many people there will be. So each label has an
//! assumed number of values, all of them in this table, and the product is the
//! most that a month of such a team makes: to be compared, not believed.

use super::metric::OF_REQUESTS;
use super::{METRICS, Metric, PERSON_LABELS, Source, TOKENS};
use crate::diagnostic::{Diagnostic, Kind, Sourced, thousands};
use crate::profile::ExtraLabel;

/// Models that a team uses.
const MODELS: u64 = 3;
/// Releases of Claude Code in a month: each makes its own `service_version`.
const RELEASES: u64 = 4;
/// People in a team.
const PEOPLE: u64 = 50;

/// More series than this are worth a warning.
const MANY: u64 = 100_000;
/// More series than this are a mistake.
const TOO_MANY: u64 = 1_000_000;

/// What a label takes for values: in a whole team, and of one person.
const VALUES: [(&str, u64, u64); 13] = [
    ("query_source", 3, 3),
    ("effort", 4, 2),
    ("terminal_type", 4, 2),
    ("organization_id", 2, 1),
    ("team", 10, 1),
    ("department", 10, 1),
    ("repository", 20, 3),
    ("agent_name", 10, 5),
    ("mcp_server_name", 10, 5),
    ("host_arch", 2, 1),
    ("os_type", 3, 1),
    ("os_version", 6, 2),
    ("start_type", 3, 3),
];
/// A label of the profile's own.
const OTHER: (u64, u64) = (10, 2);

/// The values of the labels of single counters.
const OWN: [(&str, u64); 4] = [("decision", 2), ("source", 4), ("tool_name", 3), ("language", 8)];

/// The most series that are expected, and what was assumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Series of all counters together, per start of the collector.
    pub series: u64,
    /// Each label that multiplies, and its values: `model` 3, `service_version` 4, …
    pub labels: Vec<(String, u64)>,
}

/// Estimates the series of all counters with these labels.
#[must_use]
pub fn estimate(labels: &[ExtraLabel]) -> Estimate {
    let extra = factors(labels);
    let has_type = labels.iter().any(is_type);
    let series = METRICS.iter().map(|metric| {
        let model = if metric.names_model { MODELS } else { 1 };
        let own = metric.labels.iter().map(|label| own(metric, label, has_type));
        let extra = extra
            .iter()
            .filter(|(label, _)| metric.is_of_requests() || !OF_REQUESTS.contains(&label.as_str()))
            .map(|(_, values)| *values);
        own.chain(extra).fold(model.saturating_mul(RELEASES), u64::saturating_mul)
    });
    let series = series.fold(0, u64::saturating_add);
    let kinds = has_type.then(|| (ExtraLabel::TYPE.to_owned(), token_types()));
    let common = [("model".to_owned(), MODELS), ("service_version".to_owned(), RELEASES)];
    Estimate { series, labels: common.into_iter().chain(kinds).chain(extra).collect() }
}

/// What is to say about so many series, and which label makes most of them.
pub(super) fn doubts(labels: &Sourced<Vec<ExtraLabel>>) -> Option<Diagnostic> {
    let estimate = estimate(&labels.value);
    let (label, values) = factors(&labels.value).into_iter().max_by_key(|(_, values)| *values)?;
    let message = format!(
        "`otelctl::metric_labels` may make {} series with each start of the collector",
        thousands(&estimate.series.to_string())
    );
    let found = match estimate.series {
        TOO_MANY.. => Diagnostic::error(Kind::Profile, message),
        MANY.. => Diagnostic::warning(message),
        _ => return None,
    };
    let hint = format!("leave out `{label}`, which alone is reckoned as {values} values");
    Some(found.code("stack::many-series").at(&labels.origin).hint(hint))
}

fn is_type(label: &ExtraLabel) -> bool {
    label.label == ExtraLabel::TYPE
}

/// `input`, `output`, `cacheRead`, `cacheCreation`.
fn token_types() -> u64 {
    4
}

/// What a label of a single counter multiplies it by.
fn own(metric: &Metric, label: &str, has_type: bool) -> u64 {
    let of_tokens = metric.source == Source::Metric(TOKENS);
    match label {
        ExtraLabel::TYPE if of_tokens => {
            if has_type {
                token_types()
            } else {
                1
            }
        }
        // Lines are added or removed; active is a user or the CLI.
        ExtraLabel::TYPE => 2,
        _ => OWN.iter().find(|(name, _)| *name == label).map_or(OTHER.0, |(_, values)| *values),
    }
}

/// The labels besides `type`, each with what it multiplies by.
fn factors(labels: &[ExtraLabel]) -> Vec<(String, u64)> {
    // One label that names a person multiplies, and the others follow from it.
    let is_person = |label: &&ExtraLabel| PERSON_LABELS.contains(&label.label.as_str());
    let person = labels.iter().find(is_person);
    let others = labels.iter().filter(|label| !is_type(label) && !is_person(label));
    let known = |label: &str| VALUES.iter().find(|(name, ..)| *name == label);
    let others = others.map(|label| {
        let (team, one) = known(&label.label).map_or(OTHER, |(_, team, one)| (*team, *one));
        (label.label.clone(), if person.is_some() { one } else { team })
    });
    person.map(|label| (label.label.clone(), PEOPLE)).into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::{doubts, estimate};
    use crate::diagnostic::{Severity, Sourced};
    use crate::profile::ExtraLabel;

    fn labels(names: &[&str]) -> Vec<ExtraLabel> {
        names.iter().map(|name| ExtraLabel::of(name)).collect()
    }

    #[test]
    fn labels_multiply_and_those_of_a_person_once() {
        let series = |names: &[&str]| estimate(&labels(names)).series;
        let plain = series(&[]);
        assert_eq!(series(&["type"]), plain + 3 * 4 * 3, "three more types of tokens");
        let requests = 8 * 3 * 4;
        assert_eq!(series(&["query_source"]), plain + 2 * requests, "of eight counters");
        assert_eq!(series(&["user_email"]), 50 * plain);
        assert_eq!(series(&["user_email", "user_id", "team"]), 50 * plain);
        assert_eq!(series(&["team"]), 10 * plain);
        let told = estimate(&labels(&["type", "user_email"])).labels;
        let told: Vec<(&str, u64)> = told.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(told, [("model", 3), ("service_version", 4), ("type", 4), ("user_email", 50)]);
    }

    #[test]
    fn too_many_series_are_told_with_the_label_that_makes_most() {
        let told = |names: &[&str]| {
            let found = doubts(&Sourced::default_value(labels(names)));
            found.map(|found| (found.severity, found.hint.unwrap_or_default()))
        };
        assert_eq!(told(&["type", "user_email", "team"]), None);
        let (severity, hint) =
            told(&["query_source", "effort", "user_email", "repository"]).unwrap();
        assert_eq!(severity, Severity::Warning);
        assert!(hint.contains("`user_email`") && hint.contains("50 values"), "{hint}");
        let all = [
            "type",
            "query_source",
            "effort",
            "user_email",
            "organization_id",
            "terminal_type",
            "repository",
            "team",
        ];
        assert_eq!(told(&all).unwrap().0, Severity::Warning, "all that the CLI tells");
        let many = ["a", "b", "c", "d"];
        assert_eq!(told(&many).unwrap().0, Severity::Error);
    }
}
