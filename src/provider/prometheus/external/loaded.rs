//! Reads what a Prometheus has loaded of the stack over its API.

use super::{Answers, Desired, Loaded};
use crate::artifact::prometheus::{Interval, ScrapeJob};
use crate::provider::prometheus::api::{Api, CallError};
use crate::provider::prometheus::reader::{
    CONFIG, ConfigAnswer, FLAGS, RETENTION, RULES, RulesAnswer, TARGETS, TargetsAnswer, reprint,
};
use crate::provider::prometheus::{LoadedGroup, Target};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const BUILD: &str = "/api/v1/status/buildinfo";
const RUNTIME: &str = "/api/v1/status/runtimeinfo";

/// What Prometheus keeps when no flag says how long.
const DEFAULT_RETENTION: &str = "15d";

#[derive(Deserialize)]
struct Build {
    version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Runtime {
    reload_config_success: bool,
}

/// Asks for everything that is compared.
pub(super) async fn answers(api: &Api<'_>, desired: &Desired) -> Result<Answers, CallError> {
    let (build, flags, loaded) = tokio::try_join!(
        api.get::<Build>(BUILD, &[]),
        api.get::<BTreeMap<String, String>>(FLAGS, &[]),
        loaded(api, desired),
    )?;
    let flag = |name: &str| flags.get(name).map(String::as_str).unwrap_or_default();
    let unlimited = !["", "0", "0B"].contains(&flag("storage.tsdb.retention.size"));
    let retention = match flag(RETENTION) {
        "" | "0" | "0s" if unlimited => None,
        "" | "0" | "0s" => Interval::parse(DEFAULT_RETENTION),
        text => Interval::parse(text),
    };
    Ok(Answers {
        version: build.version,
        config_file: flag("config.file").into(),
        lifecycle: flag("web.enable-lifecycle") == "true",
        retention,
        loaded,
    })
}

/// Asks for what is loaded.
pub(super) async fn loaded(api: &Api<'_>, desired: &Desired) -> Result<Loaded, CallError> {
    let active = [("state", "active"), ("scrapePool", desired.job.as_str())];
    let (config, rules, targets, runtime) = tokio::try_join!(
        api.get::<ConfigAnswer>(CONFIG, &[]),
        api.get::<RulesAnswer>(RULES, &[]),
        api.get::<TargetsAnswer>(TARGETS, &active),
        api.get::<Runtime>(RUNTIME, &[]),
    )?;
    let garbage = |why| api.garbage(CONFIG, why);
    let config: Map<String, Value> = serde_saphyr::from_str(&config.yaml)
        .map_err(|error| garbage(error.without_snippet().to_string()))?;
    let groups: Vec<LoadedGroup> = rules.groups.into_iter().map(LoadedGroup::from).collect();
    let reprinted = match &desired.entries {
        Some(entries) => reprint(api, &entries.rules, &groups).await?,
        None => BTreeMap::new(),
    };
    let targets = targets.active_targets.into_iter().map(Target::from);
    Ok(Loaded {
        rule_files: texts(&config, "rule_files"),
        scrape_files: texts(&config, "scrape_config_files"),
        job: job(&config, &desired.job),
        groups,
        targets: targets.filter(|target| target.job == desired.job).collect(),
        reprinted,
        took_files: runtime.reload_config_success,
    })
}

fn texts(config: &Map<String, Value>, key: &str) -> Vec<String> {
    let list = config.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The job of a name, without the defaults that Prometheus prints with it.
fn job(config: &Map<String, Value>, name: &str) -> Option<ScrapeJob> {
    let jobs = config.get("scrape_configs")?.as_array()?;
    let named = |job: &&Value| job.get("job_name").and_then(Value::as_str) == Some(name);
    let mut job = jobs.iter().find(named)?.as_object()?.clone();
    let ours = ["job_name", "scrape_interval", "metrics_path", "honor_labels", "static_configs"];
    job.retain(|key, _| ours.contains(&key.as_str()));
    serde_json::from_value(Value::Object(job)).ok()
}
