//! HTTP to the stack's own ports.

use crate::diagnostic::{Diagnostic, Kind, Sourced, innermost};
use crate::secret::{Environment, Reference, Secret};
use crate::stack::{Access, Grafana};
use crate::system::tls;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};
use rustls::ClientConfig;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Answers longer than this are cut in messages.
const SHOWN_BODY: usize = 400;

/// How long an answer may be, in bytes.
const LONGEST_BODY: usize = 64 << 20;

/// Headers that go along with a request, such as a token.
pub(super) type Headers = Vec<(String, Secret)>;

/// A user's name and password, for a server that asks.
pub(super) type Login = (String, Secret);

/// A client that goes straight to its target.
pub(super) struct Http {
    client: Client,
    key: Option<Key>,
}

/// What a Grafana is shown at its door: a token, or a password with its user.
struct Key {
    user: Option<String>,
    secret: Secret,
}

impl Http {
    pub(super) fn new() -> Result<Self, Diagnostic> {
        Ok(Self { client: client(tls::nobody()?)?, key: None })
    }

    /// Makes a client for a Grafana; its secret is fetched now.
    pub(super) fn for_grafana(
        grafana: &Grafana,
        environment: Environment<'_>,
    ) -> Result<Self, Diagnostic> {
        let file = grafana.ca_file.as_ref().map(|file| Path::new(&file.value));
        let believed = if grafana.url.value.starts_with("https:") {
            tls::authorities(file)?
        } else {
            tls::nobody()?
        };
        let fetch = |key, secret: &Sourced<Reference>| {
            secret.value.resolve(key, environment).map_err(|error| error.at(&secret.origin))
        };
        let key = match &grafana.access {
            Access::Token(token) => {
                Key { user: None, secret: fetch("otelctl::grafana::token", token)? }
            }
            Access::Login(login) => Key {
                user: Some(login.username.value.clone()),
                secret: fetch("otelctl::grafana::password", &login.password)?,
            },
        };
        Ok(Self { client: client(believed)?, key: Some(key) })
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
        self.found(what, url, request).await?.map_err(|refusal| refusal.diagnostic)
    }

    /// Reads a page that may be missing.
    pub(super) async fn find(&self, what: &str, url: &str) -> Result<Option<String>, Diagnostic> {
        let request = self.client.request(Method::GET, url);
        match self.found(what, url, request).await? {
            Ok(body) => Ok(Some(body)),
            Err(Refusal { status: StatusCode::NOT_FOUND, .. }) => Ok(None),
            Err(refusal) => Err(refusal.diagnostic),
        }
    }

    async fn found(
        &self,
        what: &str,
        url: &str,
        request: reqwest::RequestBuilder,
    ) -> Result<Result<String, Refusal>, Diagnostic> {
        let request = match &self.key {
            Some(Key { user: Some(user), secret }) => {
                request.basic_auth(user, Some(secret.expose()))
            }
            Some(Key { user: None, secret }) => request.bearer_auth(secret.expose()),
            None => request,
        };
        let hidden: Vec<&str> = self.key.iter().map(|key| key.secret.expose()).collect();
        answer(what, &format!("GET {url}"), request, &hidden).await
    }

    /// Sends a JSON document; the error says what is wrong with `what`.
    pub(super) async fn post(
        &self,
        what: &str,
        url: &str,
        body: &Value,
        headers: &Headers,
    ) -> Result<String, Diagnostic> {
        let mut request = self.client.request(Method::POST, url).json(body);
        for (name, value) in headers {
            request = request.header(name, value.expose());
        }
        let hidden: Vec<&str> = headers.iter().map(|(_, value)| value.expose()).collect();
        let sent = answer(what, &format!("POST {url}"), request, &hidden).await?;
        sent.map_err(|refusal| refusal.diagnostic)
    }
}

/// An answer that is not 200.
struct Refusal {
    status: StatusCode,
    diagnostic: Diagnostic,
}

fn client(believed: ClientConfig) -> Result<Client, Diagnostic> {
    let builder = Client::builder().tls_backend_preconfigured(believed);
    builder.no_proxy().timeout(TIMEOUT).redirect(Policy::none()).build().map_err(|error| {
        Diagnostic::error(Kind::Bug, "cannot make an HTTP client").caused_by(&error)
    })
}

/// A foreign answer as a message may quote it: one line, not too long, and
/// without what was shown at the server's door, which it may have echoed.
pub(super) fn quoted(body: &str, hidden: &[&str]) -> String {
    let shown = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut hidden: Vec<&str> = hidden.iter().copied().filter(|it| !it.is_empty()).collect();
    // The longest first: one may be part of another.
    hidden.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let line = hidden.into_iter().fold(shown, |line, secret| line.replace(secret, "(hidden)"));
    line.chars().take(SHOWN_BODY).collect()
}

async fn answer(
    what: &str,
    call: &str,
    request: reqwest::RequestBuilder,
    hidden: &[&str],
) -> Result<Result<String, Refusal>, Diagnostic> {
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
        return Ok(Ok(body));
    }
    let shown = quoted(&body, hidden);
    let diagnostic = Diagnostic::error(Kind::Verify, format!("{what} answers {status}"))
        .cause(format!("{call} is answered: {shown}"));
    Ok(Err(Refusal { status, diagnostic }))
}
