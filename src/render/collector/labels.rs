//! The statements that give every point its labels, and no other.
//!
//! May not know what the labels mean.

use super::super::ottl;
use super::UNKNOWN;
use crate::stack::{ExtraLabel, LABELS, METRICS, Metric, Source, TOKENS};

/// Whether a label is the type of tokens, which single counters have of their own.
fn is_type(label: &ExtraLabel) -> bool {
    label.label == ExtraLabel::TYPE
}

/// Statements that set the profile's labels from what clients send, for points,
/// log records and spans alike.
///
/// Always as text: the connector that counts takes other values for empty in
/// 0.91.0 (its `counter.go`), and `7` must not become two series beside `"7"`.
pub fn extra(labels: &[ExtraLabel]) -> Vec<String> {
    let labels = labels.iter().filter(|label| !is_type(label));
    labels
        .flat_map(|ExtraLabel { label, attribute }| {
            let (label, attribute) = (ottl::attribute(label), ottl::attribute(attribute));
            let text =
                |from: &str| format!("set({label}, Concat([{from}], \"\")) where {from} != nil");
            let unknown = ottl::literal(UNKNOWN);
            // A point made of counted records says `unknown` already, and has their resource.
            let missing = format!("({label} == nil or {label} == \"\" or {label} == {unknown})");
            [
                text(&attribute),
                format!("{} and {missing}", text(&format!("resource.{attribute}"))),
                format!("set({label}, {unknown}) where {label} == nil or {label} == \"\""),
            ]
        })
        .collect()
}

/// Statements that leave each counter its labels: a point with one more would
/// be a series of its own.
pub fn kept(labels: &[ExtraLabel]) -> Vec<String> {
    let own = |metric: &Metric| own(metric, labels);
    let mut statements: Vec<String> = METRICS
        .iter()
        .flat_map(|metric| own(metric).into_iter().map(move |label| (metric, label)))
        .map(|(metric, label)| {
            let attribute = ottl::attribute(label);
            let here = format!("metric.name == {}", ottl::literal(metric.name));
            let unknown = ottl::literal(UNKNOWN);
            format!("set({attribute}, {unknown}) where {here} and ({attribute} == nil or {attribute} == \"\")")
        })
        .collect();
    let common: Vec<&str> = LABELS
        .into_iter()
        .chain(labels.iter().filter(|label| !is_type(label)).map(|label| label.label.as_str()))
        .collect();
    let keep = |labels: &[&str]| {
        let labels: Vec<String> = labels.iter().map(|label| ottl::literal(label)).collect();
        format!("keep_keys(attributes, [{}])", labels.join(", "))
    };
    let mut plain = Vec::new();
    for metric in &METRICS {
        let here = format!("metric.name == {}", ottl::literal(metric.name));
        let own = own(metric);
        if own.is_empty() {
            plain.push(here);
        } else {
            let labels: Vec<&str> = common.iter().copied().chain(own).collect();
            statements.push(format!("{} where {here}", keep(&labels)));
        }
    }
    statements.push(format!("{} where {}", keep(&common), plain.join(" or ")));
    statements
}

/// The labels of its own that a counter gets in this stack.
fn own(metric: &Metric, labels: &[ExtraLabel]) -> Vec<&'static str> {
    let of_tokens = metric.source == Source::Metric(TOKENS);
    let all = !of_tokens || labels.iter().any(is_type);
    metric.labels.iter().copied().filter(|label| all || *label != ExtraLabel::TYPE).collect()
}

/// The attributes of events and spans that counts are kept apart by, after
/// [`extra`] has set them.
pub fn counted_by(labels: &[ExtraLabel]) -> Vec<String> {
    let extra = labels.iter().filter(|label| !is_type(label));
    ["model".to_owned()].into_iter().chain(extra.map(|label| label.label.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::{counted_by, extra, kept};
    use crate::stack::ExtraLabel;

    #[test]
    fn labels_come_from_what_clients_send() {
        let labels = [ExtraLabel::of("type"), ExtraLabel::of("user.email"), ExtraLabel::of("team")];
        let statements = extra(&labels);
        assert_eq!(
            statements[0],
            r#"set(attributes["user_email"], Concat([attributes["user.email"]], "")) where attributes["user.email"] != nil"#
        );
        assert_eq!(statements.len(), 6, "{statements:?}");
        assert_eq!(counted_by(&labels), ["model", "user_email", "team"]);
    }

    #[test]
    fn every_counter_keeps_its_labels_and_no_other() {
        let with = kept(&[ExtraLabel::of("type"), ExtraLabel::of("team")]).join("\n");
        let tokens =
            r#""collector_run", "team", "type"]) where metric.name == "claude_tokens_total""#;
        assert!(with.contains(tokens), "{with}");
        let without = kept(&[]).join("\n");
        assert!(!without.contains(r#""type"]) where metric.name == "claude_tokens_total""#));
        let lines = r#""type"]) where metric.name == "claude_lines_of_code_total""#;
        assert!(without.contains(lines), "{without}");
        assert!(without.ends_with(r#"or metric.name == "claude_spans_total""#), "{without}");
    }
}
