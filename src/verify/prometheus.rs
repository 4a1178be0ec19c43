//! Prometheus has stored what the exporter shows.

use super::SERVICE_NAME;
use super::check::Check;
use super::growth::{Totals, same};
use super::http::{Http, Login};
use super::wait;
use crate::diagnostic::{Diagnostic, Kind};
use crate::secret::Environment;
use crate::stack::{METRICS, Metric, Stack};
use serde::Deserialize;
use std::time::Duration;

pub(super) const NAME: &str = "prometheus";

/// How long a scrape may take beside one interval.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// The Prometheus that is asked.
pub(super) struct Server {
    url: String,
    login: Option<Login>,
    /// Where its log is: a command or a phrase.
    log: String,
}

impl Server {
    /// The stack's own Prometheus, or the user's where the profile says which one it is.
    pub(super) fn of(
        stack: &Stack,
        environment: Environment<'_>,
    ) -> Result<Option<Self>, Diagnostic> {
        if let Some(managed) = &stack.prometheus {
            let log = format!("`docker logs {}`", managed.container);
            return Ok(Some(Self { url: managed.url.clone(), login: None, log }));
        }
        let known = stack.external_prometheus.as_ref().filter(|server| server.is_named());
        let Some(server) = known else { return Ok(None) };
        let login = server.login.as_ref().map(|login| {
            let key = "otelctl::prometheus::password";
            let password = login.password.value.resolve(key, environment)?;
            Ok::<Login, Diagnostic>((login.username.value.clone(), password))
        });
        let log = "its log".to_owned();
        Ok(Some(Self { url: server.url.value.clone(), login: login.transpose()?, log }))
    }
}

/// Waits for the next scrape and compares each counter of the current collector run.
pub(super) async fn check(stack: &Stack, http: &Http, server: &Server, totals: &Totals) -> Check {
    let limit = wait::duration(&stack.scrape.interval.value) + PATIENCE;
    let source = Source {
        http,
        url: server.url.clone(),
        login: server.login.as_ref(),
        what: format!("Prometheus at `{}`", server.url),
        hint: format!("see `{}/targets` and {}", server.url, server.log),
        job: &stack.scrape.job,
    };
    let stored = wait::until(limit, async || {
        let wrong = source.differences(totals).await?;
        if wrong.is_empty() { Ok(()) } else { Err(behind(&source, wrong, limit)) }
    });
    match stored.await {
        Ok(()) => {
            let detail = format!("{} counters read back from {}", totals.values.len(), server.url);
            Check::passed(NAME, detail)
        }
        Err(error) => {
            let error = match source.scrape_error().await {
                Some(why) => error.cause(why),
                None => error,
            };
            Check::failed(NAME, error)
        }
    }
}

fn behind(source: &Source<'_>, wrong: Vec<String>, limit: Duration) -> Diagnostic {
    let message = format!(
        "{} does not store what the exporter shows within {} s",
        source.what,
        limit.as_secs()
    );
    wrong
        .into_iter()
        .fold(Diagnostic::error(Kind::Verify, message), Diagnostic::cause)
        .hint(&source.hint)
}

/// One Prometheus, or a way to it, and the job that is asked for.
pub(super) struct Source<'a> {
    pub http: &'a Http,
    /// Where its API begins, without a trailing slash.
    pub url: String,
    pub login: Option<&'a Login>,
    /// What answers there, for messages.
    pub what: String,
    /// Where to look when it does not.
    pub hint: String,
    pub job: &'a str,
}

impl Source<'_> {
    /// Names each counter whose stored value is not the exporter's.
    pub(super) async fn differences(&self, totals: &Totals) -> Result<Vec<String>, Diagnostic> {
        let mut wrong = Vec::new();
        for metric in &METRICS {
            let exported = totals.value(metric);
            let Metric { name, unit, .. } = metric;
            match self.stored(metric, totals).await? {
                Some(stored) if same(metric, stored, exported) => {}
                Some(stored) => {
                    wrong.push(format!(
                        "`{name}` is {stored} {unit}, the exporter shows {exported}"
                    ));
                }
                // Nothing has been counted yet.
                None if !totals.values.contains_key(name) => {}
                None => wrong.push(format!("`{name}` is missing, the exporter shows {exported}")),
            }
        }
        Ok(wrong)
    }

    /// The stored sum of one counter's series.
    async fn stored(&self, metric: &Metric, totals: &Totals) -> Result<Option<f64>, Diagnostic> {
        let runs: Vec<&str> = totals.runs.iter().map(String::as_str).collect();
        let run = if runs.is_empty() {
            String::new()
        } else {
            format!(",collector_run=~{:?}", runs.join("|"))
        };
        let Metric { name, .. } = metric;
        let job = self.job;
        let query = format!("sum({name}{{job={job:?},service_name={SERVICE_NAME:?}{run}}})");
        let found: Found = self.ask("/api/v1/query", &[("query", &query)]).await?;
        Ok(found.result.first().and_then(|sample| sample.value.1.parse().ok()))
    }

    /// What the last scrape of the job complained of.
    async fn scrape_error(&self) -> Option<String> {
        let targets: Targets = self.ask("/api/v1/targets", &[("state", "active")]).await.ok()?;
        let ours: Vec<&Target> =
            targets.active_targets.iter().filter(|target| target.scrape_pool == self.job).collect();
        if ours.is_empty() {
            return Some(format!("job `{}` has no target", self.job));
        }
        let failed = ours.iter().find(|target| !target.last_error.is_empty())?;
        Some(format!("scrape of `{}` fails: {}", failed.scrape_url, failed.last_error))
    }

    async fn ask<T: for<'de> Deserialize<'de>>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Diagnostic> {
        let url = format!("{}{path}", self.url);
        let answer = self.http.get_as(self.login, &self.what, &url, query).await;
        let body = answer.map_err(|error| error.hint(&self.hint))?;
        serde_json::from_str::<Answer<T>>(&body).map(|answer| answer.data).map_err(|error| {
            let message = format!("{} answers nonsense", self.what);
            Diagnostic::error(Kind::Verify, message).caused_by(&error).hint(&self.hint)
        })
    }
}

#[derive(Deserialize)]
struct Answer<T> {
    data: T,
}

#[derive(Deserialize)]
struct Found {
    result: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    /// The time in seconds, and the value as text.
    value: (f64, String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Targets {
    active_targets: Vec<Target>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    scrape_pool: String,
    scrape_url: String,
    last_error: String,
}
