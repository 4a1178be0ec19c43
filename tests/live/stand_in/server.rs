//! A server with Grafana's HTTP API, as a person with `curl` sees it.

use std::io::{Seek as _, Write as _};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::live::world::{Place, Response, World};

/// Seconds that an answer may take.
pub(super) const PATIENCE: u32 = 20;

/// Where requests start.
#[derive(Clone, Copy)]
pub(super) enum Via<'w> {
    /// This machine.
    Here,
    /// A machine of a world.
    World(&'w World, Place),
}

impl Via<'_> {
    /// A command that runs there; the program is its first argument.
    pub(super) fn command(self) -> Command {
        match self {
            Self::Here => {
                let mut command = Command::new("env");
                command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
                command
            }
            Self::World(world, place) => world.command(place),
        }
    }
}

/// How requests authenticate.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// Not at all.
    None,
    /// With a login and a password.
    Password {
        /// The login.
        user: String,
        /// The password.
        password: String,
    },
    /// With a service account's token.
    Token(String),
}

impl Credentials {
    /// What curl reads of them: in its arguments, every user of the machine would see them.
    fn config(&self) -> Stdio {
        let line = match self {
            Self::None => return Stdio::null(),
            Self::Password { user, password } => {
                format!("user = {:?}", format!("{user}:{password}"))
            }
            Self::Token(token) => {
                format!("header = {:?}", format!("Authorization: Bearer {token}"))
            }
        };
        let mut file = tempfile::tempfile().expect("make a file");
        file.write_all(line.as_bytes()).and_then(|()| file.rewind()).expect("write it");
        file.into()
    }
}

/// A server, and how to reach it.
#[derive(Clone)]
pub struct Server<'w> {
    /// Where it answers, without a slash at the end.
    pub url: String,
    /// Whose requests the methods here send.
    pub credentials: Credentials,
    pub(super) via: Via<'w>,
    /// Seconds that an answer may take.
    pub(super) patience: u32,
    /// More of curl's arguments: an authority to trust, or a socket to use.
    pub(super) curl: Vec<String>,
}

/// What a request was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status; 0 where there was no answer.
    pub status: u16,
    /// The body; null where it is no JSON.
    pub body: Value,
}

impl Answer {
    /// The body.
    ///
    /// # Panics
    /// When the request failed.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.body
    }
}

impl Server<'static> {
    /// The server that the environment names, with every key that it has for it; none: it names
    /// none.
    ///
    /// # Panics
    /// When it has a URL and no credentials.
    pub fn given() -> Vec<Self> {
        let get = |name: &str| {
            let value = std::env::var(format!("OTELCTL_TEST_GRAFANA_{name}")).ok();
            value.filter(|value| !value.is_empty())
        };
        let Some(url) = get("URL") else { return Vec::new() };
        let token = get("TOKEN").map(Credentials::Token);
        let login = get("USER").zip(get("PASSWORD"));
        let login = login.map(|(user, password)| Credentials::Password { user, password });
        assert!(
            token.is_some() || login.is_some(),
            "OTELCTL_TEST_GRAFANA_URL needs OTELCTL_TEST_GRAFANA_TOKEN, or \
             OTELCTL_TEST_GRAFANA_USER and OTELCTL_TEST_GRAFANA_PASSWORD"
        );
        let url = url.trim_end_matches('/');
        let server = |credentials| Self {
            url: url.to_owned(),
            credentials,
            via: Via::Here,
            patience: PATIENCE,
            curl: Vec::new(),
        };
        token.into_iter().chain(login).map(server).collect()
    }
}

impl Server<'_> {
    /// Host and port.
    pub fn address(&self) -> &str {
        let address = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        address.split_once('/').map_or(address, |(address, _)| address)
    }

    /// The same server, with somebody else's requests.
    pub fn with(&self, credentials: Credentials) -> Self {
        Self { credentials, ..self.clone() }
    }

    /// The same server, for somebody who waits for so many seconds only.
    pub fn patience(&self, seconds: u32) -> Self {
        Self { patience: seconds, ..self.clone() }
    }

    /// Sends a request.
    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut curl = self.via.command();
        curl.args(["curl", "--silent", "--globoff", "--noproxy", "*"]);
        curl.arg("--max-time").arg(self.patience.to_string()).args(&self.curl);
        curl.args(["--request", method, "--write-out", "\n%{http_code}"]);
        curl.args(["--config", "-"]).stdin(self.credentials.config());
        if let Some(body) = body {
            curl.args(["--header", "Content-Type: application/json", "--data-binary"]);
            curl.arg(body.to_string());
        }
        let response = Response::of(curl.arg(format!("{}{path}", self.url)));
        let body = serde_json::from_str(&response.body).unwrap_or_default();
        Answer { status: response.status, body }
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    /// Sends with POST.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    /// Sends with PUT.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, Some(body))
    }

    /// Deletes.
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }
}
