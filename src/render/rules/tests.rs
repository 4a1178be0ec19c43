//! What the rendered rules name, and which alerts a stack has.

use super::super::dashboard::token::{Token, tokens};
use super::*;
use crate::artifact::prometheus::{RuleFile, RuleKind};
use crate::profile::Profile;
use std::collections::BTreeSet;

const EVERYTHING: &str = "\
otelctl::metric_labels: [type, user_email, team]
otelctl::budget::hourly_usd: 5
otelctl::budget::daily_usd: 40.5
otelctl::budget::monthly_usd: 800
otelctl::detail: true
";

fn rules(more: &str) -> RuleFile {
    let profile = Profile::read(more, "profile.yaml").expect("a profile");
    let stack = Stack::build(&profile, &[]).expect("a stack");
    let rendered = artifact(&stack, &Templates::new(&[]).expect("templates")).expect("renders");
    RuleFile::parse(std::str::from_utf8(&rendered.bytes).expect("text")).expect("valid")
}

fn alerts(more: &str) -> BTreeSet<String> {
    let rules = rules(more).groups.into_iter().flat_map(|group| group.rules);
    rules.filter(|rule| rule.kind == RuleKind::Alert).map(|rule| rule.name).collect()
}

#[test]
fn every_name_is_in_the_table_of_metrics() {
    let known: BTreeSet<String> = METRICS
        .iter()
        .chain(&DETAIL)
        .flat_map(|metric| {
            let stem = metric.rule_stem();
            [metric.name.to_owned(), format!("{stem}:inc1m"), format!("{stem}:seen")]
        })
        .chain([RUN_SEEN.to_owned()])
        .collect();
    let file = rules(EVERYTHING);
    let rules = file.groups.iter().flat_map(|group| &group.rules);
    for rule in rules {
        for token in tokens(&rule.expr) {
            if let Token::Name(name) = token {
                assert!(!name.starts_with("claude") || known.contains(name), "{name}: {rule:?}");
            }
        }
    }
}

#[test]
fn limits_and_attribution_have_alerts_where_the_profile_asks() {
    let asked: BTreeSet<String> = [
        "ClaudeCodeHourlyCost",
        "ClaudeCodeDailyCost",
        "ClaudeCodeMonthlyCost",
        "ClaudeCodeUnattributedSpend",
        "ClaudeCodeSessionsFailing",
        "ClaudeCodeSessionsNearLimit",
    ]
    .map(str::to_owned)
    .into();
    let (few, all) = (alerts("otelctl::metric_labels: [type]"), alerts(EVERYTHING));
    assert_eq!(all.difference(&few).cloned().collect::<BTreeSet<_>>(), asked);
    assert!(few.is_subset(&all));
}

#[test]
fn a_prometheus_of_the_users_own_cannot_see_the_collectors_metrics() {
    let external = "otelctl::prometheus::mode: external";
    let only: BTreeSet<String> =
        alerts("otelctl::stack: otel").difference(&alerts(external)).cloned().collect();
    assert_eq!(
        only,
        ["ClaudeCodeTelemetryDropped", "ClaudeCodeTelemetryRefused"].map(str::to_owned).into()
    );
    for group in rules(external).groups {
        for rule in group.rules {
            assert!(!rule.expr.contains("internal"), "{rule:?}");
        }
    }
}

#[test]
fn every_alert_says_what_it_is_and_where_to_look() {
    let file = rules(EVERYTHING);
    let rules = file.groups.iter().flat_map(|group| &group.rules);
    for rule in rules.filter(|rule| rule.kind == RuleKind::Alert) {
        let severity = rule.labels.get("severity").map(String::as_str);
        assert!(matches!(severity, Some("critical" | "warning" | "info")), "{rule:?}");
        for said in ["summary", "description"] {
            assert!(rule.annotations.get(said).is_some_and(|text| text.len() > 10), "{rule:?}");
        }
        let runbook = rule.annotations.get("runbook_url").map(String::as_str);
        assert_eq!(runbook, Some(&*format!("docs/runbook.md#{}", rule.name.to_lowercase())));
    }
}

#[test]
fn the_runbook_has_a_section_for_each_alert_and_no_other() {
    let runbook = include_str!("../../../docs/runbook.md");
    let sections = runbook.lines().filter_map(|line| line.strip_prefix("## "));
    assert_eq!(sections.map(str::to_owned).collect::<BTreeSet<_>>(), alerts(EVERYTHING));
}
