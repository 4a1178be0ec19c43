//! HTTP to the stack's own ports.

use crate::diagnostic::{Diagnostic, Kind};
use crate::secret::Secret;
use crate::system::tls;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Answers longer than this are cut in messages.
const SHOWN_BODY: usize = 400;

/// How long an answer may be, in bytes.
const LONGEST_BODY: usize = 64 << 20;

/// A user's name and password, for a server that asks.
pub(super) type Login = (String, Secret);

/// A client that goes straight to its target.
pub(super) struct Http {
    client: Client,
}

impl Http {
    pub(super) fn new() -> Result<Self, Diagnostic> {
        let builder = Client::builder().tls_backend_preconfigured(tls::nobody()?);
        let client = builder.no_proxy().timeout(TIMEOUT).build();
        client.map(|client| Self { client }).map_err(|error| {
            Diagnostic::error(Kind::Bug, "cannot make an HTTP client").caused_by(&error)
        })
    }

    /// Reads a page; the error says what is wrong with `what`.
    pub(super) async fn get(
        &self,
        what: &str,
        url: &str,
        query: &[(&str, &str)],
    ) -> Result<String, Diagnostic> {
        self.get_as(None, what, url, query).await
    }

    /// Reads a page as this user; the error says what is wrong with `what`.
    pub(super) async fn get_as(
        &self,
        login: Option<&Login>,
        what: &str,
        url: &str,
        query: &[(&str, &str)],
    ) -> Result<String, Diagnostic> {
        let mut request = self.client.request(Method::GET, url).query(query);
        if let Some((username, password)) = login {
            request = request.basic_auth(username, Some(password.expose()));
        }
        answer(what, &format!("GET {url}"), request).await
    }

    /// Sends a JSON document; the error says what is wrong with `what`.
    pub(super) async fn post(
        &self,
        what: &str,
        url: &str,
        body: &Value,
    ) -> Result<String, Diagnostic> {
        let request = self.client.request(Method::POST, url).json(body);
        answer(what, &format!("POST {url}"), request).await
    }
}

async fn answer(
    what: &str,
    call: &str,
    request: reqwest::RequestBuilder,
) -> Result<String, Diagnostic> {
    let silent = |error: reqwest::Error| {
        Diagnostic::error(Kind::Verify, format!("{what} does not answer"))
            .cause(format!("{call} fails: {}", innermost(&error.without_url())))
    };
    let mut answer = request.send().await.map_err(silent)?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(silent)? {
        if body.len() + chunk.len() > LONGEST_BODY {
            let message = format!("{what} answers more than {} MiB", LONGEST_BODY >> 20);
            return Err(Diagnostic::error(Kind::Verify, message).cause(call));
        }
        body.extend_from_slice(&chunk);
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    if status == StatusCode::OK {
        return Ok(body);
    }
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = line.chars().take(SHOWN_BODY).collect();
    Err(Diagnostic::error(Kind::Verify, format!("{what} answers {status}"))
        .cause(format!("{call} is answered: {shown}")))
}

/// What lies between is the client's own business.
fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}
