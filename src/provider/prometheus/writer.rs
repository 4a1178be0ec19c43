//! Tells a Prometheus to read its files again, and waits until it has.

use super::api::{self, Api, CallError};
use super::{Desired, Health, Loaded, Operation, Target, diff, reader};
use crate::diagnostic::{Diagnostic, Kind};
use crate::plan::FieldDiff;
use crate::provider::{Execute, Progress};
use reqwest::StatusCode;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Reloads a Prometheus over its lifecycle endpoint.
#[derive(Clone, Debug)]
pub struct Writer {
    http: reqwest::Client,
    patience: Duration,
}

impl Writer {
    /// Makes a writer that waits 60 s at the usual scrape interval of 15 s.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new() -> Result<Self, Diagnostic> {
        Ok(Self { http: api::client()?, patience: Duration::from_secs(45) })
    }

    /// Sets how long loading and the first scrape may take beside one scrape
    /// interval, over which Prometheus spreads the first scrapes.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(250);

impl Execute for Writer {
    type Operation = Operation;

    async fn execute(
        &self,
        operation: &Operation,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        let Operation::Load { reload, expected } = operation;
        let api = Api::new(&self.http, &expected.url);
        let limit = self.patience + scrape_interval(expected);
        let deadline = Instant::now() + limit;
        if *reload {
            progress("Prometheus reads its configuration again");
            reload_when_ready(&api, expected, deadline).await?;
        }
        progress(&format!("waiting for the target of job `{}`", expected.job));
        await_loaded(&api, expected, deadline)
            .await
            .map_err(|missing| late(missing, expected, limit))
    }
}

fn scrape_interval(expected: &Desired) -> Duration {
    let config = &expected.config;
    let job = config.scrape_configs.iter().find(|job| job.job_name == expected.job);
    let interval = job.map_or(config.global.scrape_interval, |job| config.interval(job));
    interval.duration()
}

async fn reload_when_ready(
    api: &Api<'_>,
    expected: &Desired,
    deadline: Instant,
) -> Result<(), Diagnostic> {
    loop {
        let error = match api.reload().await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        if !(error.is_absent() || error.is_starting()) || Instant::now() >= deadline {
            return Err(refused(&error, expected));
        }
        sleep(PAUSE).await;
    }
}

fn refused(error: &CallError, expected: &Desired) -> Diagnostic {
    let message = format!("cannot reload Prometheus at `{}`", expected.url);
    let diagnostic = error.diagnostic(message, &expected.container);
    match error.status() {
        Some(StatusCode::FORBIDDEN) => {
            diagnostic.hint("start Prometheus with `--web.enable-lifecycle`")
        }
        _ => diagnostic,
    }
}

/// What still stands between a Prometheus and the expected state.
enum Missing {
    Answer(CallError),
    Fields(Vec<FieldDiff>),
    Targets(Vec<Target>),
}

async fn await_loaded(api: &Api<'_>, expected: &Desired, deadline: Instant) -> Result<(), Missing> {
    loop {
        let missing = match reader::load(api, expected).await {
            Ok(loaded) => missing(expected, loaded),
            Err(error) => Some(Missing::Answer(error)),
        };
        let Some(missing) = missing else { return Ok(()) };
        if Instant::now() >= deadline {
            return Err(missing);
        }
        sleep(PAUSE).await;
    }
}

fn missing(expected: &Desired, loaded: Loaded) -> Option<Missing> {
    let fields = diff::differences(expected, &loaded);
    if !fields.is_empty() {
        return Some(Missing::Fields(fields));
    }
    let (up, others): (Vec<Target>, Vec<Target>) = loaded
        .targets
        .into_iter()
        .filter(|target| target.job == expected.job)
        .partition(|target| target.health == Health::Up);
    (up.is_empty() || !others.is_empty()).then_some(Missing::Targets(others))
}

fn late(missing: Missing, expected: &Desired, limit: Duration) -> Diagnostic {
    let seconds = limit.as_secs();
    let Desired { url, job, container, .. } = expected;
    match missing {
        Missing::Answer(error) => error.diagnostic(
            format!("Prometheus at `{url}` does not answer within {seconds} s"),
            container,
        ),
        Missing::Fields(fields) => {
            let message =
                format!("Prometheus at `{url}` does not load what was rendered within {seconds} s");
            fields
                .iter()
                .fold(Diagnostic::error(Kind::Failed, message), |diagnostic, field| {
                    diagnostic.cause(format!("`{}` still differs", field.field))
                })
                .hint(format!("see `docker logs {container}`"))
        }
        Missing::Targets(targets) => {
            let message = format!(
                "Prometheus at `{url}` does not reach the target of job `{job}` within {seconds} s"
            );
            let diagnostic = Diagnostic::error(Kind::Failed, message);
            let diagnostic = if targets.is_empty() {
                diagnostic.cause("the job has no target yet")
            } else {
                targets
                    .iter()
                    .fold(diagnostic, |diagnostic, target| diagnostic.cause(scrape_cause(target)))
            };
            diagnostic.hint(format!("correct the target, or see `docker logs {container}`"))
        }
    }
}

pub(super) fn scrape_cause(target: &Target) -> String {
    let Target { job: _, url, interval: _, health, last_error } = target;
    match health {
        Health::Unknown => format!("`{url}` has not been scraped yet"),
        Health::Up | Health::Down => format!("scrape of `{url}` fails: {last_error}"),
    }
}
