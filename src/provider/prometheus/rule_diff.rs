//! Compares loaded rules with the rendered ones, rule by rule. Pure.

use super::LoadedGroup;
use crate::artifact::prometheus::{Interval, Rule, RuleFile, RuleGroup, RuleKind, normal_form};
use crate::plan::{FieldDiff, Shown};
use std::collections::BTreeMap;

/// Every group and rule that differs; `reprinted` says how Prometheus itself
/// prints some of the desired expressions.
pub(super) fn differences(
    desired: &RuleFile,
    default_interval: Interval,
    loaded: &[LoadedGroup],
    reprinted: &BTreeMap<String, String>,
) -> Vec<FieldDiff> {
    let RuleFile { groups } = desired;
    let mut fields = Vec::new();
    for group in groups {
        let field = format!("rules.{}", group.name);
        match loaded.iter().find(|other| other.name == group.name) {
            Some(other) => {
                fields.extend(group_differences(&field, other, group, default_interval, reprinted));
            }
            None => fields.push(FieldDiff {
                field,
                before: Shown::Absent,
                after: Shown::Plain(listing(&group.rules)),
            }),
        }
    }
    for (index, group) in loaded.iter().enumerate() {
        let wanted = groups.iter().any(|ours| ours.name == group.name);
        let again = loaded.iter().take(index).any(|other| other.name == group.name);
        if !wanted || again {
            fields.push(FieldDiff {
                field: format!("rules.{}", group.name),
                before: Shown::Plain(listing(&group.rules)),
                after: Shown::Absent,
            });
        }
    }
    fields
}

fn group_differences(
    field: &str,
    before: &LoadedGroup,
    after: &RuleGroup,
    default_interval: Interval,
    reprinted: &BTreeMap<String, String>,
) -> Vec<FieldDiff> {
    // The name is equal, and where a managed group comes from is nobody else's business.
    let LoadedGroup { file: _, name: _, interval: interval_before, rules: rules_before } = before;
    let RuleGroup { name: _, interval, rules } = after;
    let mut fields = Vec::new();
    fields.extend(FieldDiff::compare(
        format!("{field}.interval"),
        *interval_before,
        Some(interval.unwrap_or(default_interval)),
    ));
    let names = |rules: &[Rule]| -> Vec<(RuleKind, String)> {
        rules.iter().map(|rule| (rule.kind, rule.name.clone())).collect()
    };
    if names(rules_before) != names(rules) {
        // Missing, added or in another order: shown as a whole.
        fields.push(FieldDiff {
            field: format!("{field}.rules"),
            before: Shown::Plain(listing(rules_before)),
            after: Shown::Plain(listing(rules)),
        });
        return fields;
    }
    for (before, after) in rules_before.iter().zip(rules) {
        // Kinds and names are equal.
        let Rule { kind: _, name, expr, wait, labels, annotations } = after;
        if !same_expression(&before.expr, expr, reprinted) {
            fields.push(FieldDiff {
                field: format!("{field}.{name}.expr"),
                before: Shown::plain(&before.expr),
                after: Shown::plain(expr),
            });
        }
        fields.extend(FieldDiff::compare(format!("{field}.{name}.for"), before.wait, *wait));
        for (what, before, after) in
            [("labels", &before.labels, labels), ("annotations", &before.annotations, annotations)]
        {
            fields.extend(FieldDiff::compare(
                format!("{field}.{name}.{what}"),
                Some(label_set(before)),
                Some(label_set(after)),
            ));
        }
    }
    fields
}

fn same_expression(loaded: &str, desired: &str, reprinted: &BTreeMap<String, String>) -> bool {
    let loaded = normal_form(loaded);
    loaded == normal_form(desired)
        || reprinted.get(desired).is_some_and(|printed| loaded == normal_form(printed))
}

fn label_set(labels: &BTreeMap<String, String>) -> String {
    let labels: Vec<String> = labels.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
    format!("{{{}}}", labels.join(","))
}

/// One line a rule, in order.
fn listing(rules: &[Rule]) -> String {
    let lines = rules.iter().map(|Rule { kind, name, expr, wait, labels, annotations: _ }| {
        let labels = if labels.is_empty() { String::new() } else { label_set(labels) };
        let expr = normal_form(expr);
        match kind {
            RuleKind::Record => format!("{name}{labels} = {expr}\n"),
            RuleKind::Alert => {
                let wait = wait.map_or_else(String::new, |wait| format!(" for {wait}"));
                format!("alert {name}{labels} if {expr}{wait}\n")
            }
        }
    });
    lines.collect()
}
