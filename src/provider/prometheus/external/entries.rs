//! What goes into the lists of a configuration, for each way to put it there.

use super::config_file::{Addition, Item};
use crate::artifact::prometheus::{ScrapeJob, StaticTargets};
use serde_json::{Value, json};

/// How the scrape job gets into a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// By the name of its file in `scrape_config_files`, which Prometheus has since 2.43.
    Included,
    /// As an entry of `scrape_configs`.
    Inline,
}

impl Layout {
    /// The layout for a version such as `2.42.0+ds`; a version that cannot be
    /// read counts as an old one.
    #[must_use]
    pub fn of(version: &str) -> Self {
        let mut numbers = version.trim_start_matches('v').split('.').map(|part| {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            part.get(..digits).and_then(|part| part.parse::<u64>().ok()).unwrap_or_default()
        });
        let version = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        if version >= (2, 43) { Self::Included } else { Self::Inline }
    }
}

/// Makes the additions for a job and, unless another stack's are loaded, its rules.
pub(super) fn additions(
    layout: Layout,
    job: &ScrapeJob,
    scrape_file: &str,
    rules_file: Option<&str>,
) -> Vec<Addition> {
    let rules = rules_file.map(|path| Addition { key: "rule_files", items: vec![file(path)] });
    let job = match layout {
        Layout::Included => Addition { key: "scrape_config_files", items: vec![file(scrape_file)] },
        Layout::Inline => Addition { key: "scrape_configs", items: vec![inline(job)] },
    };
    rules.into_iter().chain([job]).collect()
}

fn file(path: &str) -> Item {
    let text = Value::from(path).to_string();
    Item { lines: vec![format!("- {text}")], flow: text }
}

fn inline(job: &ScrapeJob) -> Item {
    let ScrapeJob {
        job_name,
        scrape_interval,
        metrics_path,
        honor_labels,
        sample_limit,
        static_configs,
    } = job;
    let interval = scrape_interval.map(|interval| json!(interval.to_string()));
    let mut fields = vec![format!("job_name: {}", json!(job_name))];
    fields.extend(interval.map(|interval| format!("scrape_interval: {interval}")));
    fields.push(format!("metrics_path: {}", json!(metrics_path)));
    fields.push(format!("honor_labels: {honor_labels}"));
    fields.extend(sample_limit.map(|limit| format!("sample_limit: {limit}")));
    let (mut below, mut beside) = (Vec::new(), Vec::new());
    for StaticTargets { targets, labels } in static_configs {
        let mut entry = vec![format!("targets: {}", json!(targets))];
        if !labels.is_empty() {
            entry.push(format!("labels: {}", json!(labels)));
        }
        below.push(format!("    - {}", entry.join("\n      ")));
        beside.push(format!("{{{}}}", entry.join(", ")));
    }
    let text = format!("- {}\n  static_configs:\n{}", fields.join("\n  "), below.join("\n"));
    let flow = format!("{{{}, static_configs: [{}]}}", fields.join(", "), beside.join(", "));
    Item { lines: text.lines().map(str::to_owned).collect(), flow }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::prometheus::PrometheusConfig;

    #[test]
    fn versions_before_2_43_have_the_job_inline() {
        for (version, layout) in [
            ("2.42.0+ds", Layout::Inline),
            ("2.43.0", Layout::Included),
            ("3.5.0", Layout::Included),
            ("v0.305.0", Layout::Inline),
            ("", Layout::Inline),
        ] {
            assert_eq!(Layout::of(version), layout, "{version}");
        }
    }

    #[test]
    fn both_ways_to_write_a_job_say_the_same() {
        let text = "scrape_configs:\n  - job_name: j\n    scrape_interval: 15s\n    \
            static_configs: [{targets: ['a:1', 'b:2'], labels: {team: 'x: y'}}]\n";
        let job = &PrometheusConfig::parse_snippet(text).unwrap().scrape_configs[0];
        let Item { lines, flow } = inline(job);
        for text in [lines.join("\n"), format!("- {flow}")] {
            let read = PrometheusConfig::parse_snippet(&format!("scrape_configs:\n{text}\n"));
            assert_eq!(&read.unwrap().scrape_configs[0], job, "{text}");
        }
    }
}
