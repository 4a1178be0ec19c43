//! Prometheus's HTTP API: the calls otelctl makes, and how they fail.

use crate::diagnostic::{Diagnostic, Kind, innermost};
use crate::secret::{Environment, Secret};
use crate::stack::ExternalPrometheus;
use crate::system::tls;
use reqwest::{Client, Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::io::ErrorKind;
use std::time::Duration;

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Answers longer than this are cut in messages.
const SHOWN_BODY: usize = 400;

/// How long an answer may be, in bytes; a thousand jobs print about a megabyte.
const LONGEST_BODY: usize = 64 << 20;

/// What otelctl shows at the door of a Prometheus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The user's name.
    pub username: String,
    /// The password.
    pub password: Secret,
}

impl Access {
    /// What the profile says of a Prometheus of the user's own; none: nobody asks.
    ///
    /// # Errors
    /// Says that the password cannot be found.
    pub(super) fn of(
        server: &ExternalPrometheus,
        environment: Environment<'_>,
    ) -> Result<Option<Self>, Diagnostic> {
        let resolved = server.login.as_ref().map(|login| {
            let key = "otelctl::prometheus::password";
            let password = login.password.value.resolve(key, environment)?;
            Ok(Self { username: login.username.value.clone(), password })
        });
        resolved.transpose()
    }
}

/// A call that gave no usable answer.
#[derive(Debug, thiserror::Error)]
#[error("cannot {method} `{url}`")]
pub(super) struct CallError {
    method: Method,
    url: String,
    #[source]
    pub(super) reason: Reason,
}

/// Why a call gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Reason {
    /// No HTTP answer came; what lies between the call and the innermost error
    /// is the client's own business.
    #[error("{}", innermost(.0))]
    NoAnswer(reqwest::Error),
    /// The answer began and did not come to its end.
    #[error("the answer breaks off: {}", innermost(.0))]
    BrokenOff(reqwest::Error),
    /// The answer is a refusal.
    #[error("Prometheus answers {status}: {body}")]
    Status { status: StatusCode, body: String },
    /// The answer is not what the API promises.
    #[error("the answer is not that of a Prometheus: {0}")]
    Garbage(String),
}

impl CallError {
    /// Nobody is there: the port is closed, or Docker's proxy finds nothing behind it.
    pub(super) fn is_absent(&self) -> bool {
        let Reason::NoAnswer(error) = &self.reason else { return false };
        let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = next {
            if let Some(io) = error.downcast_ref::<std::io::Error>() {
                return matches!(
                    io.kind(),
                    ErrorKind::ConnectionRefused
                        | ErrorKind::ConnectionReset
                        | ErrorKind::UnexpectedEof
                );
            }
            // hyper says this of a connection that closes without an answer.
            if error.to_string().contains("closed before message completed") {
                return true;
            }
            next = error.source();
        }
        false
    }

    /// Prometheus is there and not ready yet.
    pub(super) fn is_starting(&self) -> bool {
        matches!(&self.reason, Reason::Status { status, .. }
            if *status == StatusCode::SERVICE_UNAVAILABLE)
    }

    /// Something is there, and it hangs or is no Prometheus. Docker's own comparison
    /// knows whose port that is and whether a container of ours is paused or frozen.
    pub(super) fn is_unreadable(&self) -> bool {
        match &self.reason {
            Reason::NoAnswer(error) => error.is_timeout(),
            Reason::BrokenOff(_) | Reason::Status { .. } | Reason::Garbage(_) => true,
        }
    }

    /// The status that refused the call.
    pub(super) fn status(&self) -> Option<StatusCode> {
        match &self.reason {
            Reason::Status { status, .. } => Some(*status),
            Reason::NoAnswer(_) | Reason::BrokenOff(_) | Reason::Garbage(_) => None,
        }
    }

    /// Says it to the user, under a message of what could not be done.
    pub(super) fn diagnostic(&self, message: String, container: &str) -> Diagnostic {
        let kind = match &self.reason {
            Reason::NoAnswer(_) | Reason::BrokenOff(_) | Reason::Garbage(_) => Kind::Unreachable,
            Reason::Status { .. } => Kind::Failed,
        };
        Diagnostic::error(kind, message)
            .caused_by(self)
            .hint(format!("see `docker logs {container}`"))
    }
}

/// A client of one Prometheus.
#[derive(Debug)]
pub(super) struct Api<'a> {
    http: &'a Client,
    url: &'a str,
    access: Option<&'a Access>,
    patience: Duration,
}

/// The envelope of every answer of the API.
#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

/// Makes a client that goes straight to its target.
pub(super) fn client() -> Result<Client, Diagnostic> {
    let builder = Client::builder().tls_backend_preconfigured(tls::nobody()?);
    builder.no_proxy().timeout(TIMEOUT).build().map_err(|error| {
        Diagnostic::error(Kind::Bug, "cannot make an HTTP client").caused_by(&error)
    })
}

impl<'a> Api<'a> {
    pub(super) fn new(http: &'a Client, url: &'a str) -> Self {
        Self { http, url: url.trim_end_matches('/'), access: None, patience: TIMEOUT }
    }

    /// Shows a name and a password with every call.
    pub(super) const fn with(self, access: Option<&'a Access>) -> Self {
        Self { access, ..self }
    }

    /// Gives every call this much time.
    pub(super) const fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Reads `data` of one answer.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, CallError> {
        let body = self.call(Method::GET, path, query).await?;
        serde_json::from_str::<Envelope<T>>(&body)
            .map(|envelope| envelope.data)
            .map_err(|e| self.error(Method::GET, path, Reason::Garbage(e.to_string())))
    }

    /// Tells Prometheus to read its files again.
    pub(super) async fn reload(&self) -> Result<(), CallError> {
        self.call(Method::POST, "/-/reload", &[]).await.map(|_| ())
    }

    /// Says that an answer makes no sense.
    pub(super) fn garbage(&self, path: &str, why: String) -> CallError {
        self.error(Method::GET, path, Reason::Garbage(why))
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<String, CallError> {
        let mut request =
            self.http.request(method.clone(), format!("{}{path}", self.url)).query(query);
        request = request.timeout(self.patience);
        if let Some(Access { username, password }) = self.access {
            request = request.basic_auth(username, Some(password.expose()));
        }
        let failed = |reason| self.error(method.clone(), path, reason);
        let answer = request.send().await;
        let answer = answer.map_err(|e| failed(Reason::NoAnswer(e.without_url())))?;
        let status = answer.status();
        let body = body(answer).await.map_err(failed)?;
        if status.is_success() {
            return Ok(body);
        }
        let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
        let body = line.chars().take(SHOWN_BODY).collect();
        Err(failed(Reason::Status { status, body }))
    }

    fn error(&self, method: Method, path: &str, reason: Reason) -> CallError {
        CallError { method, url: format!("{}{path}", self.url), reason }
    }
}

async fn body(mut answer: reqwest::Response) -> Result<String, Reason> {
    let mut bytes = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= LONGEST_BODY => {
                bytes.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => {
                let why = format!("it is longer than {} MiB", LONGEST_BODY >> 20);
                return Err(Reason::Garbage(why));
            }
            Ok(None) => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) => return Err(Reason::BrokenOff(error.without_url())),
        }
    }
}
