//! Waits, from outside, until a container works, or says why it does not.

use crate::diagnostic::{Diagnostic, Kind};
use crate::system::tls;
use bollard::Docker;
use bollard::container::LogOutput;
use bollard::models::ContainerStateStatusEnum as Status;
use bollard::query_parameters::LogsOptionsBuilder;
use futures_util::StreamExt as _;
use reqwest::Client;
use std::time::{Duration, Instant};

/// The exit code of what ended by SIGKILL.
const KILLED: i64 = 128 + 9;

/// How long a container may take until its health URL answers 200.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);
/// A container without a health URL counts as working once it ran so long.
const SETTLED: Duration = Duration::from_secs(1);
const LOG_LINES: &str = "5";

/// How long a plan waits for a container that does not answer at once: it may just start.
const MOMENT: Duration = Duration::from_secs(3);

/// Why a container does not work: causes, the nearest first.
pub(super) type Causes = Vec<String>;

/// Waits until the URL answers 200, at most `patience`; an exit ends the wait at once.
pub(super) async fn wait(
    docker: &Docker,
    id: &str,
    url: Option<&str>,
    patience: Duration,
) -> Result<(), Causes> {
    let http = client().map_err(|error| error.causes)?;
    let begin = Instant::now();
    let mut answer = String::from("it was not asked");
    let mut restarts = None;
    loop {
        if let Some(ended) = ended(docker, id, &mut restarts).await? {
            let mut causes = vec![ended];
            causes.extend(last_lines(docker, id).await);
            return Err(causes);
        }
        match url {
            None if begin.elapsed() >= SETTLED => return Ok(()),
            None => {}
            Some(url) => match ask(&http, url).await {
                Ok(()) => return Ok(()),
                Err(cause) => answer = cause,
            },
        }
        if begin.elapsed() >= patience {
            let mut causes =
                vec![format!("it was not healthy within {} s", patience.as_secs()), answer];
            causes.extend(last_lines(docker, id).await);
            return Err(causes);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Says whether a URL answers 200, now or within a moment.
pub(super) async fn answers(http: &Client, url: &str) -> bool {
    let begin = Instant::now();
    while ask(http, url).await.is_err() {
        if begin.elapsed() >= MOMENT {
            return false;
        }
        tokio::time::sleep(PAUSE).await;
    }
    true
}

/// A client for health URLs: straight to its target, and impatient.
pub(super) fn client() -> Result<Client, Diagnostic> {
    Client::builder()
        .tls_backend_preconfigured(tls::nobody()?)
        .no_proxy()
        .timeout(Duration::from_secs(2))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| {
            Diagnostic::error(Kind::Bug, "cannot make an HTTP client").caused_by(&error)
        })
}

async fn ask(http: &Client, url: &str) -> Result<(), String> {
    match http.get(url).send().await {
        Ok(response) if response.status() == reqwest::StatusCode::OK => Ok(()),
        Ok(response) => Err(format!("`{url}` answers {}", response.status())),
        Err(error) => Err(deepest(&error, url)),
    }
}

fn deepest(error: &reqwest::Error, url: &str) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    format!("`{url}`: {deepest}")
}

/// Says how the container ended, if it did. A restart policy may already have
/// started it again, which a growing count of restarts gives away.
async fn ended(
    docker: &Docker,
    id: &str,
    restarts: &mut Option<i64>,
) -> Result<Option<String>, Causes> {
    let answer = docker.inspect_container(id, None).await;
    let answer = answer.map_err(|error| vec![error.to_string()])?;
    let count = answer.restart_count.unwrap_or_default();
    let restarted = count > *restarts.get_or_insert(count);
    let Some(state) = answer.state else { return Ok(None) };
    let code = state.exit_code.unwrap_or_default();
    // Under load the engine may miss the kernel's event, and sees the signal alone.
    let oom = match state.oom_killed {
        Some(true) => ", out of memory",
        _ if state.exit_code == Some(KILLED) => ", killed, perhaps out of memory",
        _ => "",
    };
    Ok(match state.status {
        Some(Status::EXITED | Status::DEAD) => Some(format!("it exited with code {code}{oom}")),
        Some(Status::RESTARTING) => Some(format!("it exits with code {code}{oom} again and again")),
        _ if restarted => Some("it ended and was restarted".to_owned()),
        _ => None,
    })
}

/// The last lines that the container wrote, as one cause.
pub(super) async fn last_lines(docker: &Docker, id: &str) -> Option<String> {
    let options = LogsOptionsBuilder::default().stdout(true).stderr(true).tail(LOG_LINES).build();
    let mut log = docker.logs(id, Some(options));
    let mut text = String::new();
    while let Some(Ok(output)) = log.next().await {
        let (LogOutput::StdErr { message }
        | LogOutput::StdOut { message }
        | LogOutput::StdIn { message }
        | LogOutput::Console { message }) = output;
        text.push_str(&String::from_utf8_lossy(&message));
    }
    // A log may hold sequences that steer a terminal.
    let text: String = text.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    (!text.is_empty()).then(|| format!("its last log lines:\n{text}"))
}
