//! Grafana's HTTP API: one call at a time, bounded in time and size.
//!
//! A busy Grafana (429, 503) is waited for within [`PATIENCE`]; nothing else
//! is tried twice.

use super::call::{CallError, Reason};
use super::connection::Door;
use crate::diagnostic::Diagnostic;
use crate::secret::Secret;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a busy Grafana is waited for, in each call.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause where a busy Grafana does not say how long.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest answer that is read, in bytes.
const LONGEST: usize = 16 << 20;
/// Messages of Grafana are cut at so many characters.
const SHOWN: usize = 300;

/// A client of one Grafana.
#[derive(Debug)]
pub(super) struct Api {
    client: Client,
    door: Door,
    user: Option<String>,
    secret: Secret,
}

impl Api {
    pub(super) const fn new(
        client: Client,
        door: Door,
        user: Option<String>,
        secret: Secret,
    ) -> Self {
        Self { client, door, user, secret }
    }

    /// Reads an object; none: there is no such object.
    pub(super) async fn find<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Option<T>, CallError> {
        match self.get(path, query).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads an object that must exist.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, CallError> {
        let body = self.call(Method::GET, path, query, None).await?;
        self.decode(Method::GET, path, &body)
    }

    /// Changes an object; an answer that is no JSON object is none of Grafana.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
    ) -> Result<(), CallError> {
        let answer = self.call(method.clone(), path, &[], body).await?;
        self.decode::<Map<String, Value>>(method, path, &answer).map(|_| ())
    }

    /// Says an error of this Grafana to the user.
    pub(super) fn tell(&self, error: &CallError, message: impl Into<String>) -> Diagnostic {
        error.diagnostic(message, &self.door)
    }

    /// Its address.
    pub(super) fn url(&self) -> &str {
        &self.door.url
    }

    fn decode<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        body: &[u8],
    ) -> Result<T, CallError> {
        serde_json::from_slice(body).map_err(|error| {
            // The decoder's own words may quote what it read.
            let why = if body.trim_ascii_start().starts_with(b"<") {
                "it is a page for people".to_owned()
            } else {
                format!("line {}, column {} is unexpected", error.line(), error.column())
            };
            CallError { method, url: self.place(path), reason: Reason::Garbage(why) }
        })
    }

    async fn call(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Vec<u8>, CallError> {
        let deadline = Instant::now() + PATIENCE;
        let failed = |reason| CallError { method: method.clone(), url: self.place(path), reason };
        let lost = |error: reqwest::Error| failed(Reason::NoAnswer(error.without_url()));
        loop {
            let request = self.client.request(method.clone(), self.place(path)).query(query);
            let request = match &self.user {
                Some(user) => request.basic_auth(user, Some(self.secret.expose())),
                None => request.bearer_auth(self.secret.expose()),
            };
            let request = match body {
                Some(body) => request.json(body),
                None => request,
            };
            let mut answer = request.send().await.map_err(lost)?;
            let status = answer.status();
            if is_busy(status) {
                let pause = pause(&answer);
                if pause < deadline.saturating_duration_since(Instant::now()) {
                    sleep(pause).await;
                    continue;
                }
            }
            let mut bytes = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(lost)? {
                bytes.extend_from_slice(&chunk);
                if bytes.len() > LONGEST {
                    let why = format!("it is longer than {} MiB", LONGEST >> 20);
                    return Err(failed(Reason::Garbage(why)));
                }
            }
            if status.is_success() {
                return Ok(bytes);
            }
            return Err(failed(Reason::Status { status, message: self.message(&bytes) }));
        }
    }

    /// What Grafana says of a refusal, on one line and without the secret that
    /// a hostile answer may quote.
    fn message(&self, body: &[u8]) -> String {
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = answer.get("message").and_then(Value::as_str).unwrap_or_default();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.replace(self.secret.expose(), "(hidden)");
        line.chars().filter(|c| !c.is_control()).take(SHOWN).collect()
    }

    /// The whole address; each segment of the path is encoded.
    fn place(&self, path: &[&str]) -> String {
        let mut place = self.door.url.clone();
        for segment in path {
            place.push('/');
            for byte in segment.bytes() {
                if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                    place.push(char::from(byte));
                } else {
                    let _ = write!(place, "%{byte:02X}");
                }
            }
        }
        place
    }
}

fn is_busy(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

fn pause(answer: &Response) -> Duration {
    let header = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    header.and_then(|text| text.trim().parse().ok()).map_or(PAUSE, Duration::from_secs)
}
