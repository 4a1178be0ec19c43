//! Observes what a Prometheus has loaded. Has no way to change it.

use super::api::{self, Api, CallError};
use super::{Desired, Health, Loaded, LoadedGroup, Observed, Target};
use crate::artifact::prometheus::{Interval, LoadedConfig, Rule, RuleFile, RuleKind, normal_form};
use crate::diagnostic::Diagnostic;
use crate::provider::Observe;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Reads a Prometheus over its HTTP API.
#[derive(Clone, Debug)]
pub struct Reader {
    http: reqwest::Client,
}

impl Reader {
    /// Makes a reader; connects to nothing yet.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new() -> Result<Self, Diagnostic> {
        Ok(Self { http: api::client()? })
    }
}

impl Observe for Reader {
    type Desired = Desired;
    type Observed = Observed;

    async fn observe(&self, desired: &Desired) -> Result<Observed, Diagnostic> {
        let api = Api::new(&self.http, &desired.url);
        match load(&api, desired).await {
            Ok(loaded) => Ok(Observed::Loaded(Box::new(loaded))),
            Err(error) if error.is_absent() => Ok(Observed::NotRunning),
            Err(error) if error.is_starting() => Ok(Observed::Starting),
            Err(error) if error.is_unreadable() => {
                Ok(Observed::Unreadable(error.reason.to_string()))
            }
            Err(error) => {
                let message =
                    format!("cannot read what Prometheus at `{}` has loaded", desired.url);
                Err(error.diagnostic(message, &desired.container))
            }
        }
    }
}

pub(super) const CONFIG: &str = "/api/v1/status/config";
pub(super) const RULES: &str = "/api/v1/rules";
pub(super) const TARGETS: &str = "/api/v1/targets";
pub(super) const FLAGS: &str = "/api/v1/status/flags";
const FORMAT: &str = "/api/v1/format_query";

/// The flag that says how long samples are kept.
pub(super) const RETENTION: &str = "storage.tsdb.retention.time";

/// Takes the whole snapshot.
pub(super) async fn load(api: &Api<'_>, desired: &Desired) -> Result<Loaded, CallError> {
    let (config, rules, targets, flags) = tokio::try_join!(
        api.get::<ConfigAnswer>(CONFIG, &[]),
        api.get::<RulesAnswer>(RULES, &[]),
        api.get::<TargetsAnswer>(TARGETS, &[("state", "active")]),
        api.get::<BTreeMap<String, String>>(FLAGS, &[]),
    )?;
    let config = LoadedConfig::parse(&config.yaml).map_err(|why| api.garbage(CONFIG, why))?;
    let groups: Vec<LoadedGroup> = rules.groups.into_iter().map(LoadedGroup::from).collect();
    let reprinted = reprint(api, &desired.rules, &groups).await?;
    let targets = targets.active_targets.into_iter().map(Target::from).collect();
    let retention = flags.get(RETENTION).and_then(|text| Interval::parse(text));
    Ok(Loaded { config, groups, targets, retention, reprinted })
}

/// Asks how Prometheus prints the desired expressions that no loaded one looks like.
pub(super) async fn reprint(
    api: &Api<'_>,
    desired: &RuleFile,
    groups: &[LoadedGroup],
) -> Result<BTreeMap<String, String>, CallError> {
    let loaded: BTreeSet<String> =
        groups.iter().flat_map(|group| &group.rules).map(|rule| normal_form(&rule.expr)).collect();
    let mut reprinted = BTreeMap::new();
    for rule in desired.groups.iter().flat_map(|group| &group.rules) {
        if loaded.contains(&normal_form(&rule.expr)) {
            continue;
        }
        match api.get::<String>(FORMAT, &[("query", &rule.expr)]).await {
            Ok(printed) => {
                reprinted.insert(rule.expr.clone(), printed);
            }
            // It cannot parse the expression, or is too old to be asked.
            Err(error) if error.status().is_some_and(|status| status.is_client_error()) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(reprinted)
}

#[derive(Deserialize)]
pub(super) struct ConfigAnswer {
    pub(super) yaml: String,
}

#[derive(Deserialize)]
pub(super) struct RulesAnswer {
    pub(super) groups: Vec<GroupAnswer>,
}

#[derive(Deserialize)]
pub(super) struct GroupAnswer {
    #[serde(default)]
    file: String,
    name: String,
    interval: f64,
    rules: Vec<RuleAnswer>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum RuleAnswer {
    Recording {
        name: String,
        query: String,
        #[serde(default)]
        labels: BTreeMap<String, String>,
    },
    Alerting {
        name: String,
        query: String,
        /// `for`, in seconds.
        duration: f64,
        #[serde(default)]
        labels: BTreeMap<String, String>,
        #[serde(default)]
        annotations: BTreeMap<String, String>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TargetsAnswer {
    pub(super) active_targets: Vec<TargetAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TargetAnswer {
    scrape_pool: String,
    scrape_url: String,
    #[serde(default)]
    scrape_interval: String,
    last_error: String,
    health: String,
}

impl From<GroupAnswer> for LoadedGroup {
    fn from(answer: GroupAnswer) -> Self {
        let GroupAnswer { file, name, interval, rules: answers } = answer;
        let rules = answers.into_iter().map(Rule::from).collect();
        Self { file, name, interval: Interval::from_seconds(interval), rules }
    }
}

impl From<RuleAnswer> for Rule {
    fn from(answer: RuleAnswer) -> Self {
        match answer {
            RuleAnswer::Recording { name, query, labels } => Self {
                kind: RuleKind::Record,
                name,
                expr: query,
                wait: None,
                labels,
                annotations: BTreeMap::new(),
            },
            RuleAnswer::Alerting { name, query, duration, labels, annotations } => Self {
                kind: RuleKind::Alert,
                name,
                expr: query,
                wait: (duration > 0.0).then(|| Interval::from_seconds(duration)).flatten(),
                labels,
                annotations,
            },
        }
    }
}

impl From<TargetAnswer> for Target {
    fn from(answer: TargetAnswer) -> Self {
        let TargetAnswer { scrape_pool, scrape_url, scrape_interval, last_error, health } = answer;
        let interval = Interval::parse(&scrape_interval);
        let health = match health.as_str() {
            "up" => Health::Up,
            "down" => Health::Down,
            _ => Health::Unknown,
        };
        Self { job: scrape_pool, url: scrape_url, interval, health, last_error }
    }
}
