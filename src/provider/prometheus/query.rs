//! Asks a Prometheus for numbers. Has no way to change it.

use super::Access;
use super::api::{self, Api, CallError};
use super::external::refusal;
use crate::diagnostic::{Diagnostic, Kind};
use crate::secret::Environment;
use crate::stack::Stack;
use reqwest::StatusCode;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long one answer may take; Prometheus itself gives up after two minutes.
const PATIENCE: Duration = Duration::from_secs(125);

const QUERY: &str = "/api/v1/query";
const QUERY_RANGE: &str = "/api/v1/query_range";

/// Asks the stack's own Prometheus, or the user's, for numbers.
#[derive(Clone, Debug)]
pub struct Querier {
    http: reqwest::Client,
    url: String,
    access: Option<Access>,
    /// The managed one's container; none: it is the user's own.
    container: Option<String>,
}

/// One series of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its values by seconds since 1970.
    pub points: Vec<(f64, f64)>,
}

impl Querier {
    /// The Prometheus of a stack; none where the profile wants none. Connects to nothing yet.
    ///
    /// # Errors
    /// Says which secret cannot be found.
    pub fn of(stack: &Stack, environment: Environment<'_>) -> Result<Option<Self>, Diagnostic> {
        let http = api::client()?;
        if let Some(managed) = &stack.prometheus {
            let (url, container) = (managed.url.clone(), Some(managed.container.clone()));
            return Ok(Some(Self { http, url, access: None, container }));
        }
        let Some(server) = &stack.external_prometheus else { return Ok(None) };
        let access = Access::of(server, environment)?;
        let url = server.url.value.clone();
        Ok(Some(Self { http, url, access, container: None }))
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it is the stack's own.
    #[must_use]
    pub const fn is_managed(&self) -> bool {
        self.container.is_some()
    }

    /// Evaluates an expression at one time, in seconds since 1970.
    ///
    /// # Errors
    /// When Prometheus does not answer, or does not understand.
    pub async fn at(&self, expression: &str, time: i64) -> Result<Vec<Series>, Diagnostic> {
        let time = time.to_string();
        let query = [("query", expression), ("time", time.as_str())];
        let answer: Answer<Instant> = self.ask(QUERY, &query).await?;
        answer
            .result
            .into_iter()
            .map(|found| self.series(found.metric, vec![found.value]))
            .collect()
    }

    /// Evaluates an expression at times of the same distance, in seconds since 1970.
    ///
    /// # Errors
    /// When Prometheus does not answer, or does not understand.
    pub async fn between(
        &self,
        expression: &str,
        (start, end, step): (i64, i64, i64),
    ) -> Result<Vec<Series>, Diagnostic> {
        let (start, end, step) = (start.to_string(), end.to_string(), step.to_string());
        let query =
            [("query", expression), ("start", &start), ("end", &end), ("step", step.as_str())];
        self.matrix(QUERY_RANGE, &query).await
    }

    /// Asks for series with their values.
    pub(super) async fn matrix(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<Series>, Diagnostic> {
        let answer: Answer<Range> = self.ask(path, query).await?;
        answer.result.into_iter().map(|found| self.series(found.metric, found.values)).collect()
    }

    pub(super) async fn ask<T: for<'a> Deserialize<'a>>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Diagnostic> {
        let api = Api::new(&self.http, &self.url).with(self.access.as_ref()).patience(PATIENCE);
        api.get(path, query).await.map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &CallError) -> Diagnostic {
        if let Some(container) = &self.container {
            return error.diagnostic(self.message(), container);
        }
        // It understood the call, and cannot do what an expression asks.
        let refused = [StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY];
        if error.status().is_some_and(|status| refused.contains(&status)) {
            return Diagnostic::error(Kind::Failed, self.message()).caused_by(error);
        }
        refusal::unusable(error, self.message(), &self.url)
    }

    fn series(
        &self,
        labels: BTreeMap<String, String>,
        values: Vec<(f64, String)>,
    ) -> Result<Series, Diagnostic> {
        let point = |(time, value): (f64, String)| match value.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok((time, value)),
            _ => {
                let why = format!("the value `{value}` is no number");
                Err(Diagnostic::error(Kind::Failed, self.message()).cause(why))
            }
        };
        let points = values.into_iter().map(point).collect::<Result<_, _>>()?;
        Ok(Series { labels, points })
    }

    fn message(&self) -> String {
        format!("cannot ask Prometheus at `{}`", self.url)
    }
}

#[derive(Deserialize)]
struct Answer<T> {
    result: Vec<T>,
}

#[derive(Deserialize)]
struct Instant {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    value: (f64, String),
}

#[derive(Deserialize)]
struct Range {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    values: Vec<(f64, String)>,
}
