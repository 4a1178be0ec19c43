//! Compares a loaded configuration with the rendered one, field by field. Pure.

use crate::artifact::prometheus::{
    Global, Interval, LoadedConfig, PrometheusConfig, ScrapeJob, StaticTargets,
};
use crate::plan::{FieldDiff, Shown};

/// Every field in which the loaded configuration differs from the desired one.
pub(super) fn differences(desired: &PrometheusConfig, loaded: &LoadedConfig) -> Vec<FieldDiff> {
    let LoadedConfig { config: loaded, foreign } = loaded;
    let PrometheusConfig { global, rule_files, scrape_configs } = desired;
    let mut fields = global_differences(&loaded.global, global);
    if !same_files(&loaded.rule_files, rule_files) {
        fields.push(FieldDiff {
            field: "rule_files".to_owned(),
            before: Shown::Plain(loaded.rule_files.join(", ")),
            after: Shown::Plain(rule_files.join(", ")),
        });
    }
    for job in scrape_configs {
        let field = format!("scrape_configs.{}", job.job_name);
        match find(&loaded.scrape_configs, &job.job_name) {
            Some(other) => fields.extend(job_differences(
                &field,
                (other, loaded.interval(other)),
                (job, desired.interval(job)),
            )),
            None => fields.push(FieldDiff {
                field,
                before: Shown::Absent,
                after: Shown::Plain(targets(&job.static_configs)),
            }),
        }
    }
    for job in &loaded.scrape_configs {
        if find(scrape_configs, &job.job_name).is_none() {
            fields.push(FieldDiff {
                field: format!("scrape_configs.{}", job.job_name),
                before: Shown::Plain(targets(&job.static_configs)),
                after: Shown::Absent,
            });
        }
    }
    fields.extend(foreign.iter().map(|key| FieldDiff {
        field: key.clone(),
        before: Shown::plain("set"),
        after: Shown::Absent,
    }));
    fields
}

/// Prometheus prints a relative path joined to the folder of its configuration.
fn same_files(loaded: &[String], desired: &[String]) -> bool {
    let same = |(loaded, desired): (&String, &String)| {
        loaded == desired || loaded.ends_with(&format!("/{desired}"))
    };
    loaded.len() == desired.len() && loaded.iter().zip(desired).all(same)
}

fn find<'a>(jobs: &'a [ScrapeJob], name: &str) -> Option<&'a ScrapeJob> {
    jobs.iter().find(|job| job.job_name == name)
}

fn global_differences(before: &Global, after: &Global) -> Vec<FieldDiff> {
    let Global { scrape_interval, evaluation_interval } = after;
    [
        FieldDiff::compare(
            "global.scrape_interval",
            Some(before.scrape_interval),
            Some(*scrape_interval),
        ),
        FieldDiff::compare(
            "global.evaluation_interval",
            Some(before.evaluation_interval),
            Some(*evaluation_interval),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Compares two jobs of one name, each with the interval at which it is scraped.
fn job_differences(
    field: &str,
    (before, interval_before): (&ScrapeJob, Interval),
    (after, interval_after): (&ScrapeJob, Interval),
) -> Vec<FieldDiff> {
    // The name is equal, and the interval came resolved.
    let ScrapeJob {
        job_name: _,
        scrape_interval: _,
        metrics_path,
        honor_labels,
        sample_limit,
        static_configs,
    } = after;
    [
        FieldDiff::compare(
            format!("{field}.scrape_interval"),
            Some(interval_before),
            Some(interval_after),
        ),
        FieldDiff::compare(
            format!("{field}.metrics_path"),
            Some(&before.metrics_path),
            Some(metrics_path),
        ),
        FieldDiff::compare(
            format!("{field}.honor_labels"),
            Some(before.honor_labels),
            Some(*honor_labels),
        ),
        FieldDiff::compare(format!("{field}.sample_limit"), before.sample_limit, *sample_limit),
        FieldDiff::compare(
            format!("{field}.static_configs"),
            Some(targets(&before.static_configs)),
            Some(targets(static_configs)),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Shows targets and their labels: `a:1, b:2 {team=x}; c:3`.
fn targets(configs: &[StaticTargets]) -> String {
    let shown = configs.iter().map(|StaticTargets { targets, labels }| {
        let targets = targets.join(", ");
        if labels.is_empty() {
            return targets;
        }
        let labels: Vec<String> = labels.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
        format!("{targets} {{{}}}", labels.join(","))
    });
    shown.collect::<Vec<_>>().join("; ")
}
