//! Compares what a Prometheus has loaded with what the stack wants of it. Pure.

use super::{Desired, Entries, Layout, Loaded};
use crate::artifact::prometheus::{Interval, ScrapeJob};
use crate::plan::{FieldDiff, Shown};
use crate::provider::prometheus::{LoadedGroup, rule_diff};

/// Every difference in configuration and rules, which a reload brings about at once.
pub(super) fn configuration(
    desired: &Desired,
    layout: Layout,
    rules: bool,
    loaded: &Loaded,
) -> Vec<FieldDiff> {
    // Targets follow a reload after a moment, the last reload is told apart, and
    // the job's own fields show in what is scraped, whichever way it is included.
    let Loaded { rule_files, scrape_files, job, groups, targets: _, reprinted, took_files: _ } =
        loaded;
    let Desired { rules_file, scrape_file, job: name, entries, .. } = desired;
    let wanted = |there: bool| entries.is_some() && there;
    let mut fields = Vec::new();
    fields.extend(listed("rule_files", rule_files, rules_file, wanted(rules)));
    let included = wanted(layout == Layout::Included);
    fields.extend(listed("scrape_config_files", scrape_files, scrape_file, included));
    if let Some(Entries { job: wanted, rules: file }) = entries {
        if layout == Layout::Inline {
            fields.extend(job_differences(name, job.as_ref(), wanted));
        }
        if rules {
            let ours: Vec<LoadedGroup> =
                groups.iter().filter(|group| group.file == *rules_file).cloned().collect();
            fields.extend(rule_diff::differences(file, Interval::MINUTE, &ours, reprinted));
        }
    }
    fields
}

/// Every difference in what is scraped; how the scrapes fare does not count.
pub(super) fn targets(desired: &Desired, loaded: &Loaded) -> Vec<FieldDiff> {
    let Some(Entries { job, .. }) = &desired.entries else { return Vec::new() };
    let field = |name: &str| format!("targets.{}{name}", desired.job);
    let urls = |mut urls: Vec<String>| {
        urls.sort();
        urls.join(", ")
    };
    let wanted = job.static_configs.iter().flat_map(|config| &config.targets);
    let wanted = wanted.map(|target| format!("http://{target}{}", job.metrics_path)).collect();
    let there = loaded.targets.iter().map(|target| target.url.clone()).collect();
    let mut fields: Vec<FieldDiff> =
        FieldDiff::compare(field(""), Some(urls(there)), Some(urls(wanted))).into_iter().collect();
    for target in &loaded.targets {
        // An old version does not say how often it scrapes.
        if job.scrape_interval.is_some() && target.interval.is_some() {
            let name = field(".scrape_interval");
            fields.extend(FieldDiff::compare(name, target.interval, job.scrape_interval));
        }
    }
    fields
}

fn listed(key: &str, loaded: &[String], path: &str, wanted: bool) -> Option<FieldDiff> {
    let there = loaded.iter().any(|file| file == path);
    let shown = |there: bool| if there { Shown::plain(path) } else { Shown::Absent };
    (there != wanted).then(|| FieldDiff {
        field: key.to_owned(),
        before: shown(there),
        after: shown(wanted),
    })
}

fn job_differences(name: &str, before: Option<&ScrapeJob>, after: &ScrapeJob) -> Vec<FieldDiff> {
    let field = |key: &str| format!("scrape_configs.{name}{key}");
    let Some(before) = before else {
        let after = Shown::plain("set");
        return vec![FieldDiff { field: field(""), before: Shown::Absent, after }];
    };
    let ScrapeJob {
        job_name: _,
        scrape_interval,
        metrics_path,
        honor_labels,
        sample_limit,
        static_configs,
    } = after;
    let interval = scrape_interval.or(before.scrape_interval);
    let targets = |job: &ScrapeJob| format!("{:?}", job.static_configs);
    let same = before.static_configs == *static_configs;
    [
        FieldDiff::compare(field(".scrape_interval"), before.scrape_interval, interval),
        FieldDiff::compare(field(".metrics_path"), Some(&before.metrics_path), Some(metrics_path)),
        FieldDiff::compare(field(".honor_labels"), Some(before.honor_labels), Some(*honor_labels)),
        FieldDiff::compare(field(".sample_limit"), before.sample_limit, *sample_limit),
        (!same).then(|| FieldDiff {
            field: field(".static_configs"),
            before: Shown::Plain(targets(before)),
            after: Shown::Plain(targets(after)),
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}
