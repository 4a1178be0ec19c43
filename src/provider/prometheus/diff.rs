//! Decides whether a Prometheus must read its files again. Pure.

use super::{Desired, Loaded, Observed, Operation, config_diff, reader, rule_diff};
use crate::plan::{Action, Change, FieldDiff, Stage};

/// The address of what a managed Prometheus has loaded.
const ADDRESS: &str = "prometheus/config";

/// Compares what is loaded with what is desired.
#[must_use]
pub fn diff(desired: &Desired, observed: &Observed) -> Vec<Change<Operation>> {
    let load = |action, reload| {
        let operation = Operation::Load { reload, expected: desired.clone() };
        Change::new(ADDRESS, action, Stage::Prometheus, operation)
    };
    match observed {
        Observed::NotRunning => {
            vec![load(Action::Create, false).because("Prometheus is not running yet")]
        }
        // What it is about to read may be older than the files of this plan.
        Observed::Starting => {
            vec![load(Action::Update, true).because("Prometheus is still starting")]
        }
        Observed::Unreadable(why) => {
            vec![load(Action::Update, true).because(format!("Prometheus cannot be read: {why}"))]
        }
        Observed::Loaded(loaded) => {
            let fields = differences(desired, loaded);
            if fields.is_empty() {
                return Vec::new();
            }
            let reason = "Prometheus has loaded something else than was rendered";
            vec![load(Action::Update, true).because(reason).fields(fields)]
        }
    }
}

/// Every field of the configuration and the rules that differs.
pub(super) fn differences(desired: &Desired, loaded: &Loaded) -> Vec<FieldDiff> {
    // Where it is, which target is awaited and its container change nothing loaded.
    let Desired { url: _, config, rules, job: _, retention, container: _ } = desired;
    // How a target fares is no part of what is loaded.
    let Loaded { config: loaded_config, groups, targets: _, retention: kept, reprinted } = loaded;
    let mut fields = config_diff::differences(config, loaded_config);
    let default_interval = config.global.evaluation_interval;
    fields.extend(rule_diff::differences(rules, default_interval, groups, reprinted));
    if retention.is_some() && kept.is_some() {
        fields.extend(FieldDiff::compare(reader::RETENTION, *kept, *retention));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::prometheus::{LoadedConfig, PrometheusConfig, Rule, RuleFile, RuleKind};
    use crate::plan::Shown;
    use crate::provider::prometheus::LoadedGroup;

    const CONFIG: &str = "\
global: {scrape_interval: 15s, evaluation_interval: 1m}
rule_files: [rules/*.yaml]
scrape_configs:
  - job_name: otel-collector
    static_configs: [{targets: ['otel-collector:8889']}]
    honor_labels: true
";
    const RULES: &str = "\
groups:
  - name: claude-code
    rules:
      - {record: 'claude:x:inc1m', expr: 'x - last_over_time(claude:x:seen[3d])'}
      - {record: 'claude:x:seen', expr: 'sum(x) by (model)'}
";

    type Drift = Box<dyn FnOnce(&mut Loaded)>;

    fn desired() -> Desired {
        Desired {
            url: "http://127.0.0.1:9090".into(),
            config: PrometheusConfig::parse(CONFIG).expect("valid"),
            rules: RuleFile::parse(RULES).expect("valid"),
            job: "otel-collector".into(),
            retention: crate::artifact::prometheus::Interval::parse("400d"),
            container: "otel-prometheus".into(),
        }
    }

    /// What a Prometheus prints that has loaded [`desired`].
    fn loaded() -> Loaded {
        let Desired { mut config, rules, .. } = desired();
        config.rule_files = vec!["/etc/prometheus/rules/*.yaml".into()];
        config.scrape_configs[0].scrape_interval = Some(config.global.scrape_interval);
        let mut rules = rules.groups[0].rules.clone();
        rules[1].expr = "sum by (model) (x)".into();
        Loaded {
            config: LoadedConfig { config, foreign: Vec::new() },
            groups: vec![LoadedGroup {
                file: "/etc/prometheus/rules/r.yaml".into(),
                name: "claude-code".into(),
                interval: crate::artifact::prometheus::Interval::parse("60s"),
                rules,
            }],
            targets: Vec::new(),
            retention: crate::artifact::prometheus::Interval::parse("400d"),
            reprinted: [("sum(x) by (model)".into(), "sum by (model) (\n  x\n)".into())].into(),
        }
    }

    /// The names of the fields that differ after a change of what is loaded.
    fn fields_after(change: impl FnOnce(&mut Loaded)) -> Vec<String> {
        let mut loaded = loaded();
        change(&mut loaded);
        let changes = diff(&desired(), &Observed::Loaded(Box::new(loaded)));
        if let Some(change) = changes.first() {
            assert_eq!((change.action, change.address.as_str()), (Action::Update, ADDRESS));
            assert!(matches!(change.operation, Operation::Load { reload: true, .. }));
        }
        changes.into_iter().flat_map(|c| c.fields).map(|f| f.field).collect()
    }

    #[test]
    fn what_prometheus_prints_of_the_rendered_files_is_no_difference() {
        assert_eq!(fields_after(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn every_field_counts() {
        let job = |loaded: &mut Loaded| loaded.config.config.scrape_configs.remove(0);
        let minute = crate::artifact::prometheus::Interval::parse("2m");
        let cases: Vec<(&str, Drift)> = vec![
            (
                "global.scrape_interval",
                Box::new(move |l| {
                    l.config.config.global.scrape_interval = minute.expect("valid");
                }),
            ),
            (
                "global.evaluation_interval",
                Box::new(move |l| {
                    l.config.config.global.evaluation_interval = minute.expect("valid");
                }),
            ),
            ("rule_files", Box::new(|l| l.config.config.rule_files.clear())),
            ("scrape_configs.otel-collector", Box::new(move |l| drop(job(l)))),
            (
                "scrape_configs.otel-collector.scrape_interval",
                Box::new(move |l| {
                    l.config.config.scrape_configs[0].scrape_interval = minute;
                }),
            ),
            (
                "scrape_configs.otel-collector.metrics_path",
                Box::new(|l| {
                    l.config.config.scrape_configs[0].metrics_path = "/x".into();
                }),
            ),
            (
                "scrape_configs.otel-collector.honor_labels",
                Box::new(|l| {
                    l.config.config.scrape_configs[0].honor_labels = false;
                }),
            ),
            (
                "scrape_configs.otel-collector.static_configs",
                Box::new(|l| {
                    l.config.config.scrape_configs[0].static_configs.clear();
                }),
            ),
            (
                "scrape_configs.more",
                Box::new(|l| {
                    let mut more = l.config.config.scrape_configs[0].clone();
                    more.job_name = "more".into();
                    l.config.config.scrape_configs.push(more);
                }),
            ),
            ("storage.tsdb.retention.time", Box::new(move |l| l.retention = minute)),
            ("remote_write", Box::new(|l| l.config.foreign.push("remote_write".into()))),
            ("rules.claude-code", Box::new(|l| l.groups.clear())),
            (
                "rules.more",
                Box::new(|l| {
                    let more = LoadedGroup { name: "more".into(), ..l.groups[0].clone() };
                    l.groups.push(more);
                }),
            ),
            ("rules.claude-code.interval", Box::new(move |l| l.groups[0].interval = minute)),
            (
                "rules.claude-code.rules",
                Box::new(|l| {
                    let alert = Rule { kind: RuleKind::Alert, ..l.groups[0].rules[0].clone() };
                    l.groups[0].rules.push(alert);
                }),
            ),
            (
                "rules.claude-code.claude:x:inc1m.for",
                Box::new(move |l| l.groups[0].rules[0].wait = minute),
            ),
            (
                "rules.claude-code.claude:x:inc1m.annotations",
                Box::new(|l| {
                    l.groups[0].rules[0].annotations.insert("a".into(), "b".into());
                }),
            ),
            ("rules.claude-code.rules", Box::new(|l| l.groups[0].rules.reverse())),
            (
                "rules.claude-code.claude:x:inc1m.expr",
                Box::new(|l| {
                    l.groups[0].rules[0].expr.push('1');
                }),
            ),
            (
                "rules.claude-code.claude:x:seen.labels",
                Box::new(|l| {
                    l.groups[0].rules[1].labels.insert("a".into(), "b".into());
                }),
            ),
        ];
        for (field, change) in cases {
            assert_eq!(fields_after(change), [field]);
        }
    }

    #[test]
    fn a_field_shows_both_sides() {
        let mut loaded = loaded();
        let rule = loaded.groups[0].rules.remove(1);
        loaded.groups[0].rules = vec![Rule { expr: "x".into(), ..rule }];
        let changes = diff(&desired(), &Observed::Loaded(Box::new(loaded)));
        let [field] = changes[0].fields.as_slice() else { panic!("one field") };
        assert_eq!(field.before, Shown::plain("claude:x:seen = x\n"));
        let Shown::Plain(after) = &field.after else { panic!("shown") };
        assert_eq!(after.lines().count(), 2);
    }

    #[test]
    fn where_nothing_runs_it_is_awaited() {
        let changes = diff(&desired(), &Observed::NotRunning);
        let [change] = changes.as_slice() else { panic!("one change") };
        assert_eq!((change.action, change.stage), (Action::Create, Stage::Prometheus));
        assert!(matches!(change.operation, Operation::Load { reload: false, .. }));
        let hangs = Observed::Unreadable("operation timed out".into());
        let changes = diff(&desired(), &hangs);
        assert_eq!(changes[0].reason, "Prometheus cannot be read: operation timed out");
        assert!(matches!(changes[0].operation, Operation::Load { reload: true, .. }));
        let changes = diff(&desired(), &Observed::Starting);
        assert!(matches!(changes[0].operation, Operation::Load { reload: true, .. }));
    }
}
