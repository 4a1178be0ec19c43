//! The statements that give every point its labels, and no other.
//!
//! May not know what the labels mean.

use super::super::ottl;
use crate::stack::{ExtraLabel, LABELS, METRICS, Metric, Source, TOKENS, UNKNOWN};

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

/// Statements that leave each counter of the stack its labels.
pub fn kept(labels: &[ExtraLabel]) -> Vec<String> {
    let extra = labels.iter().filter(|label| !is_type(label)).map(|label| label.label.as_str());
    let common: Vec<&str> = LABELS.into_iter().chain(extra).collect();
    keep(&METRICS, &common, |metric| own(metric, labels))
}

/// Statements that leave each counter the common labels and its own, these
/// never missing: a point with one more or less would be a series of its own.
pub fn keep(
    metrics: &[Metric],
    common: &[&str],
    own: impl Fn(&Metric) -> Vec<&'static str>,
) -> Vec<String> {
    let unknown = ottl::literal(UNKNOWN);
    let (mut filled, mut kept, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    let keys = |own: &[&str]| {
        let labels: Vec<String> =
            common.iter().chain(own).map(|label| ottl::literal(label)).collect();
        format!("keep_keys(attributes, [{}])", labels.join(", "))
    };
    for metric in metrics {
        let here = format!("metric.name == {}", ottl::literal(metric.name));
        let own = own(metric);
        if own.is_empty() {
            plain.push(here);
            continue;
        }
        filled.extend(own.iter().map(|label| ottl::attribute(label)).map(|label| {
            format!("set({label}, {unknown}) where {here} and ({label} == nil or {label} == \"\")")
        }));
        kept.push(format!("{} where {here}", keys(&own)));
    }
    kept.push(format!("{} where {}", keys(&[]), plain.join(" or ")));
    filled.into_iter().chain(kept).collect()
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
