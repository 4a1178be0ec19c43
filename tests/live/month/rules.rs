//! The rules as they are rendered, evaluated minute by minute by `promtool` on the raw counters
//! of some hours, and held against the increments that the month is made of.

use super::super::telemetry::current_prometheus;
use super::store::{RAW, selector};
use super::{EVERYTHING, MINUTE, Month};
use otelctl::artifact::path;
use otelctl::profile::Profile;
use otelctl::render::render;
use otelctl::stack::{DETAIL, METRICS, Stack};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// Says that a release's own evaluation gives every increment of those hours, and no other.
pub fn hold(month: &Month, release: &str) {
    let directory = tempfile::tempdir().expect("make a folder");
    let profile = Profile::read(EVERYTHING, "profile.yaml").expect("a profile");
    let stack = Stack::build(&profile, &[]).expect("a stack");
    let artifacts = render(&stack).expect("renders");
    let rules = artifacts.iter().find(|artifact| artifact.path == path::RULES).expect("rules");
    let file = directory.path().join("rules.yaml");
    fs::write(&file, &rules.bytes).expect("write the rules");
    let test = directory.path().join("test.yaml");
    fs::write(&test, format!("rule_files: ['{}']\n{}", file.display(), tests(month)))
        .expect("write");
    let program = match release {
        "2.42" => "promtool".into(),
        _ => current_prometheus("promtool"),
    };
    let output = Command::new(&program).args(["test", "rules"]).arg(&test).output();
    let output = output.expect("run promtool");
    let told = String::from_utf8_lossy(&output.stdout);
    let first: Vec<&str> = told.lines().take(60).collect();
    assert!(output.status.success(), "{release}: {}", first.join("\n"));
}

fn tests(month: &Month) -> String {
    let minutes: Vec<u64> =
        (RAW.0..RAW.1).step_by(usize::try_from(MINUTE).expect("small")).collect();
    let mut series = String::new();
    let mut increments: BTreeMap<(&str, u64), Vec<(String, f64)>> = BTreeMap::new();
    let mut counted = 0;
    for one in &month.series {
        let values = minutes.iter().map(|minute| one.value(*minute));
        let mut was_there = false;
        let values: Vec<String> = values
            .zip(&minutes)
            .map(|(value, minute)| match value {
                Some(value) => {
                    was_there = true;
                    value.to_string()
                }
                // A target that answers without the series ends it; a Prometheus that is down
                // ends nothing.
                None if was_there && *minute == one.ends => "stale".to_owned(),
                None => "_".to_owned(),
            })
            .collect();
        if !was_there {
            continue;
        }
        let name = selector(one.counter, &one.labels, &one.target());
        let _ = writeln!(series, "  - series: '{name}'\n    values: '{}'", values.join(" "));
        let metric =
            METRICS.iter().chain(&DETAIL).find(|metric| metric.name == one.counter).expect("known");
        for (minute, increment) in one.increments().filter(|(at, _)| (RAW.0..RAW.1).contains(at)) {
            let labels = selector("", &one.labels, &[]);
            increments.entry((metric.name, minute)).or_default().push((labels, increment));
            counted += 1;
        }
    }
    assert!(counted > 1000, "the hours have {counted} increments");
    let mut tests = String::new();
    for metric in METRICS.iter().chain(&DETAIL) {
        for minute in &minutes {
            // Rules leave out what did not change; a minute without one is a test, too.
            let expected = increments.remove(&(metric.name, *minute)).unwrap_or_default();
            let rule = format!("{}:inc1m", metric.rule_stem());
            let _ = writeln!(
                tests,
                "  - expr: 'max without (instance, job) ({rule}) > 0'\n    eval_time: {}m\n    exp_samples:{}",
                (minute - RAW.0) / MINUTE,
                if expected.is_empty() { " []" } else { "" },
            );
            for (labels, value) in expected {
                let _ = writeln!(tests, "    - labels: '{labels}'\n      value: {value}");
            }
        }
    }
    assert!(increments.is_empty(), "{increments:?}");
    format!(
        "evaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n{series}  promql_expr_test:\n{tests}"
    )
}
