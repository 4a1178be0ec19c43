//! Observes the user's configuration and their Prometheus. Has no way to change them.

use super::{
    Answers, ConfigFile, Desired, Observed, Process, Server, Text, loaded, promtool, refusal,
};
use crate::diagnostic::Diagnostic;
use crate::provider::Observe;
use crate::provider::prometheus::api::{self, Api};
use crate::system::{Running, disk, host, listener, process};
use reqwest::Url;
use std::net::IpAddr;
use std::path::Path;

/// Reads a configuration file and a Prometheus over its HTTP API.
#[derive(Clone, Debug)]
pub struct Reader {
    http: reqwest::Client,
}

impl Reader {
    /// Makes a reader; connects to nothing yet.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new() -> Result<Self, Diagnostic> {
        Ok(Self { http: api::client()? })
    }
}

impl Observe for Reader {
    type Desired = Desired;
    type Observed = Observed;

    async fn observe(&self, desired: &Desired) -> Result<Observed, Diagnostic> {
        let file = file(&desired.config_file)?;
        // Many calls at once make a big future.
        let server = Box::pin(server(&self.http, desired)).await?;
        let process = match (&server, &file) {
            (Server::Answers(answers), Some(file)) => here(&desired.url, answers, &file.path),
            _ => None,
        };
        let promtool = promtool::find(process.as_ref().map(|process| &process.running));
        Ok(Observed { file, server, process, promtool })
    }
}

fn file(path: &Path) -> Result<Option<ConfigFile>, Diagnostic> {
    let Some(path) = disk::real_path(path)? else { return Ok(None) };
    let Some(bytes) = disk::read(&path)? else { return Ok(None) };
    let attributes = disk::attributes(&path)?;
    let unfinished = disk::entry(&disk::staged_path(&path))?.is_some();
    Ok(Some(ConfigFile { path, text: Text(bytes), attributes, unfinished }))
}

async fn server(http: &reqwest::Client, desired: &Desired) -> Result<Server, Diagnostic> {
    let api = Api::new(http, &desired.url).with(desired.access.as_ref());
    match loaded::answers(&api, desired).await {
        Ok(answers) => Ok(Server::Answers(Box::new(answers))),
        Err(error) if error.is_absent() => Ok(Server::Absent),
        Err(error) => {
            let message = format!("cannot read what Prometheus at `{}` has loaded", desired.url);
            Err(refusal::unusable(&error, message, &desired.url))
        }
    }
}

/// The process that listens where the URL points, if it is on this host and
/// reads this very file: nothing else may get a signal.
fn here(url: &str, answers: &Answers, path: &Path) -> Option<Process> {
    let url = Url::parse(url).ok()?;
    let name = url.host_str()?.trim_matches(['[', ']']);
    let local = match name.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() || host::addresses().contains(&address),
        Err(_) => name == "localhost",
    };
    let id = local.then(|| listener::process(url.port_or_known_default()?)).flatten()?;
    let running = Running::find(id)?;
    if !running.sees(&answers.config_file, path) {
        return None;
    }
    let reloadable = running.service.clone().filter(|service| can_reload(service));
    Some(Process { running, reloadable })
}

fn can_reload(service: &str) -> bool {
    host::runs_systemd().unwrap_or(false)
        && process::run("systemctl", &["show", "--property=CanReload", "--value", service])
            .is_ok_and(|output| output.success() && output.stdout.trim_ascii() == b"yes")
}
