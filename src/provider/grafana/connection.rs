//! Where a Grafana is and what is shown at its door; opened when it is needed.
//!
//! The managed Grafana's password is made by the same plan that starts it, so
//! nothing is read before the first call. A desired state, an operation or a
//! plan never holds any of this.

use super::api::Api;
use crate::diagnostic::{Diagnostic, Kind, Origin, Sourced};
use crate::secret::{Reference, Secret};
use crate::stack::{Access, Grafana};
use crate::system::{disk, tls};
use reqwest::redirect::Policy;
use std::path::Path;
use std::time::Duration;

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Looks up an environment variable that a secret's reference names.
pub type Environment = fn(&str) -> Option<String>;

/// Where a Grafana is and what is shown at its door.
#[derive(Clone, Debug)]
pub struct Connection {
    grafana: Grafana,
    environment: Environment,
}

/// The door as messages name it; holds no secret.
#[derive(Clone, Debug)]
pub(super) struct Door {
    /// The address, without a trailing slash.
    pub url: String,
    /// Where the address stands.
    pub url_origin: Origin,
    /// The setting that decides the address.
    pub url_key: &'static str,
    /// Where what is shown stands.
    pub origin: Origin,
    container: Option<String>,
    key: String,
}

impl Connection {
    /// Takes where it is; reads and connects to nothing yet.
    #[must_use]
    pub const fn new(grafana: Grafana, environment: Environment) -> Self {
        Self { grafana, environment }
    }

    /// Says whether otelctl runs it.
    pub(super) const fn is_managed(&self) -> bool {
        self.grafana.container.is_some()
    }

    /// Says whether the managed one's password was made yet.
    pub(super) fn has_key(&self) -> Result<bool, Diagnostic> {
        match self.grafana.password_file() {
            Some(path) => Ok(disk::entry(path)?.is_some()),
            None => Ok(true),
        }
    }

    /// Fetches the secret and makes a client; makes no call.
    ///
    /// # Errors
    /// A secret or a CA file that cannot be read.
    pub(super) fn open(&self) -> Result<Api, Diagnostic> {
        let environment = |name: &str| (self.environment)(name);
        let fetch = |key, secret: &Sourced<Reference>| {
            secret.value.resolve(key, &environment).map_err(|error| error.at(&secret.origin))
        };
        let (user, secret): (Option<String>, Secret) = match &self.grafana.access {
            Access::Token(token) => (None, fetch("otelctl::grafana::token", token)?),
            Access::Login(login) => (
                Some(login.username.value.clone()),
                fetch("otelctl::grafana::password", &login.password)?,
            ),
        };
        let https = self.grafana.url.value.starts_with("https:");
        let believed = match &self.grafana.ca_file {
            _ if !https => tls::nobody()?,
            Some(file) => {
                let path = Path::new(&file.value);
                tls::authorities(Some(path)).map_err(|error| error.at(&file.origin))?
            }
            None => tls::authorities(None)?,
        };
        // A redirect leads to a login page, or would carry the secret elsewhere.
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(believed)
            .no_proxy()
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .build()
            .map_err(|error| {
                Diagnostic::error(Kind::Bug, "cannot make an HTTP client").caused_by(&error)
            })?;
        Ok(Api::new(client, self.door(), user, secret))
    }

    pub(super) fn door(&self) -> Door {
        let Grafana { url, access, container, .. } = &self.grafana;
        let (key, origin) = match access {
            Access::Token(token) => ("`otelctl::grafana::token`".to_owned(), &token.origin),
            Access::Login(login) => {
                let file = self.grafana.password_file().map(|path| path.display().to_string());
                let key = || "`otelctl::grafana::password`".to_owned();
                (file.unwrap_or_else(key), &login.password.origin)
            }
        };
        let managed = container.is_some();
        Door {
            url: url.value.clone(),
            url_origin: url.origin.clone(),
            url_key: if managed { "`otelctl::grafana::port`" } else { "`otelctl::grafana::url`" },
            origin: origin.clone(),
            container: container.as_ref().map(|container| container.name.clone()),
            key,
        }
    }
}

impl Door {
    /// Where to look when it does not answer as it should.
    pub(super) fn look(&self) -> String {
        match &self.container {
            Some(container) => format!("see `docker logs {container}`"),
            None => format!("see its log, and check {}", self.url_key),
        }
    }

    /// What to do when the key does not open.
    pub(super) fn new_key(&self) -> String {
        match &self.container {
            Some(container) => format!(
                "the volume was opened with another password; set this one: `docker exec -i {container} \
                 grafana cli admin reset-admin-password --password-from-stdin < {}`",
                self.key
            ),
            None => format!("check {}: it is wrong, expired or revoked", self.key),
        }
    }

    /// What to do when the key opens too little.
    pub(super) fn more_rights(&self) -> String {
        format!(
            "give the owner of {} the role Admin, or the right to read and write data sources, \
             folders, dashboards and annotations",
            self.key
        )
    }
}
