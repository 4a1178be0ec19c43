//! The moment right after a scrape: a collector that is stopped then takes the least with it.
//!
//! Knows whom to ask and how long to wait; not who waits, nor what for.

use super::Access;
use super::api::{self, Api};
use crate::artifact::prometheus::Interval;
use crate::diagnostic::innermost;
use crate::provider::Progress;
use crate::secret::Environment;
use crate::stack::Stack;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// How long a scrape may take beside one interval.
const MARGIN: Duration = Duration::from_secs(5);

/// The pause between two looks: what arrives meanwhile is lost with what is stopped.
const PAUSE: Duration = Duration::from_millis(20);

/// A Prometheus, and the job by which it scrapes the stack's collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scraper {
    /// Where otelctl reaches it, without a trailing slash.
    pub url: String,
    /// What otelctl shows there; none: nobody asks.
    pub access: Option<Access>,
    /// The job's name.
    pub job: String,
    /// How often it scrapes.
    pub interval: Interval,
}

impl Scraper {
    /// The stack's own Prometheus, or the user's where the profile says which one it is.
    #[must_use]
    pub fn of(stack: &Stack, environment: Environment<'_>) -> Option<Self> {
        let job = stack.scrape.job.clone();
        let interval = Interval::parse(&stack.scrape.interval.value)?;
        if let Some(managed) = &stack.prometheus {
            return Some(Self { url: managed.url.clone(), access: None, job, interval });
        }
        let known = stack.external_prometheus.as_ref().filter(|server| server.is_named())?;
        // A password that cannot be had here is told where it is needed.
        let access = Access::of(known, environment).ok().flatten();
        Some(Self { url: known.url.value.clone(), access, job, interval })
    }

    /// Waits until the next scrape has succeeded, at most one interval and five seconds.
    ///
    /// # Errors
    /// Says why there is nothing to wait for, or what did not come.
    pub async fn next(&self, progress: Progress<'_>) -> Result<(), String> {
        let client = api::client().map_err(|error| error.message)?;
        let api = Api::new(&client, &self.url).with(self.access.as_ref());
        let limit = self.interval.duration() + MARGIN;
        let deadline = Instant::now() + limit;
        let waiting = async {
            let before = self.last(&api).await?;
            progress(&format!("waiting until Prometheus has scraped `{}`", self.job));
            while self.last(&api).await? <= before {
                sleep(PAUSE).await;
            }
            Ok(())
        };
        let late =
            || format!("Prometheus has not scraped `{}` for {} s", self.job, limit.as_secs());
        timeout_at(deadline, waiting).await.unwrap_or_else(|_| Err(late()))
    }

    /// Says whether the last scrape has succeeded.
    ///
    /// # Errors
    /// Says why not.
    pub async fn present(&self) -> Result<(), String> {
        let client = api::client().map_err(|error| error.message)?;
        let api = Api::new(&client, &self.url).with(self.access.as_ref());
        self.last(&api).await.map(drop)
    }

    /// The time of the last scrape, which must have succeeded, in seconds of Prometheus's clock.
    async fn last(&self, api: &Api<'_>) -> Result<f64, String> {
        // Raw samples: an expression would have the time of the question.
        let window = self.interval.duration() * 2 + MARGIN;
        let query = format!("up{{job={:?}}}[{}s]", self.job, window.as_secs());
        let found: Found =
            api.get("/api/v1/query", &[("query", &query)]).await.map_err(|error| {
                format!("Prometheus at `{}` cannot be asked: {}", self.url, innermost(&error))
            })?;
        let samples = found.result.iter().filter_map(|series| series.values.last());
        let last = samples.max_by(|a, b| a.0.total_cmp(&b.0));
        match last {
            Some((at, up)) if up == "1" => Ok(*at),
            Some(_) => Err(format!("Prometheus's last scrape of `{}` failed", self.job)),
            None => Err(format!("Prometheus does not scrape `{}`", self.job)),
        }
    }
}

#[derive(Deserialize)]
struct Found {
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    /// Times in seconds, and values as text.
    values: Vec<(f64, String)>,
}
