//! HTTP to the stack's own ports.

use crate::diagnostic::{Diagnostic, Kind};
use crate::system::tls;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Answers longer than this are cut in messages.
const SHOWN_BODY: usize = 400;

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
        let request = self.client.request(Method::GET, url).query(query);
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
    let answer = request.send().await.map_err(silent)?;
    let status = answer.status();
    let body = answer.text().await.map_err(silent)?;
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
