//! Reads what the containers of a stack have logged, and goes on reading.
//!
//! A container that is restarted or replaced goes on under its service's name:
//! every line carries Docker's time, so none is read twice and none is missed.

use super::reader::Reader;
use super::{Runtime, failure, moment};
use crate::diagnostic::{Diagnostic, Kind};
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::query_parameters::{LogsOptions, LogsOptionsBuilder};
use futures_util::StreamExt as _;
use futures_util::future::try_join_all;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The pause before a container that has ended is looked for again.
const PAUSE: Duration = Duration::from_millis(500);

/// Which lines are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRequest {
    /// Only the last so many lines of each service.
    pub tail: Option<u64>,
    /// Only lines of this last stretch of time.
    pub since: Option<Duration>,
    /// Whether to go on until there is no reader any more.
    pub follow: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogLine {
    /// When Docker took it, in RFC 3339 with nine digits of a second.
    pub time: String,
    /// The compose service that wrote it, to stdout or to stderr.
    pub service: String,
    /// What it wrote, without the line's end.
    pub text: String,
}

/// Takes one line; false: nobody reads any more.
pub type Take<'a> = &'a dyn Fn(LogLine) -> bool;

/// Why reading ended early.
enum End {
    Unread,
    Failed(Diagnostic),
}

impl Reader {
    /// Reads the lines of these containers: in the order of their times, or, when
    /// following, as they come.
    ///
    /// # Errors
    /// When Docker does not answer, or keeps no log of a container.
    pub async fn log(
        &self,
        stack: &str,
        containers: &[Runtime],
        request: &LogRequest,
        take: Take<'_>,
    ) -> Result<(), Diagnostic> {
        if request.follow {
            let each =
                containers.iter().map(|container| self.follow(stack, container, request, take));
            return match try_join_all(each).await {
                Ok(_) | Err(End::Unread) => Ok(()),
                Err(End::Failed(error)) => Err(error),
            };
        }
        let mut lines = Vec::new();
        for container in containers {
            let mut log = self.client().docker.logs(&container.id, Some(first(request)));
            while let Some(output) = log.next().await {
                let output = output.map_err(|error| unreadable(container, &error))?;
                lines.extend(line(&container.service, &output));
            }
        }
        lines.sort();
        for line in lines {
            if !take(line) {
                break;
            }
        }
        Ok(())
    }

    /// Follows one service from container to container.
    async fn follow(
        &self,
        stack: &str,
        container: &Runtime,
        request: &LogRequest,
        take: Take<'_>,
    ) -> Result<(), End> {
        let mut container = container.clone();
        let mut options = first(request);
        let mut last = String::new();
        loop {
            let asked = now();
            let mut log = self.client().docker.logs(&container.id, Some(options));
            while let Some(output) = log.next().await {
                match output {
                    Ok(output) => {
                        let fresh = line(&container.service, &output).filter(|l| l.time > last);
                        if let Some(line) = fresh {
                            last.clone_from(&line.time);
                            if !take(line) {
                                return Err(End::Unread);
                            }
                        }
                    }
                    // It went away meanwhile: its successor is looked for.
                    Err(ref error) if failure::is_absent(error) => break,
                    Err(ref error @ Error::DockerResponseServerError { .. }) => {
                        return Err(End::Failed(unreadable(&container, error)));
                    }
                    Err(_) => break,
                }
            }
            tokio::time::sleep(PAUSE).await;
            let seconds = moment::seconds(&last).and_then(|at| i32::try_from(at).ok());
            options = request_since(seconds.unwrap_or(asked));
            let runtimes = self.runtimes(stack).await.map_err(End::Failed)?;
            let mut same = runtimes.into_iter().filter(|found| found.service == container.service);
            if let Some(found) = same.next() {
                container = found;
            }
        }
    }
}

fn now() -> i32 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i32::try_from(now.as_secs()).unwrap_or(i32::MAX)
}

fn first(request: &LogRequest) -> LogsOptions {
    let LogRequest { tail, since, follow } = request;
    let back = since.map(|since| i32::try_from(since.as_secs()).unwrap_or(i32::MAX));
    let tail = tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
    LogsOptionsBuilder::default()
        .stdout(true)
        .stderr(true)
        .timestamps(true)
        .follow(*follow)
        .since(back.map_or(0, |back| now().saturating_sub(back).max(0)))
        .tail(&tail)
        .build()
}

fn request_since(since: i32) -> LogsOptions {
    LogsOptions { since, ..first(&LogRequest { follow: true, ..LogRequest::default() }) }
}

/// Splits Docker's time from the line.
fn line(service: &str, output: &LogOutput) -> Option<LogLine> {
    let (LogOutput::StdErr { message }
    | LogOutput::StdOut { message }
    | LogOutput::StdIn { message }
    | LogOutput::Console { message }) = output;
    let text = String::from_utf8_lossy(message);
    let text = text.trim_end_matches(['\n', '\r']);
    let (time, text) = text.split_once(' ').unwrap_or((text, ""));
    let line =
        LogLine { time: time.to_owned(), service: service.to_owned(), text: text.to_owned() };
    (!time.is_empty()).then_some(line)
}

fn unreadable(container: &Runtime, error: &Error) -> Diagnostic {
    let what = format!("cannot read the log of container `{}`", container.name);
    let call = format!("GET /containers/{}/logs", container.name);
    let failed = failure::failed(what, &call, error);
    Diagnostic {
        kind: if failed.kind == Kind::Unreachable { failed.kind } else { Kind::Failed },
        ..failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str) -> Option<(String, String)> {
        let output = LogOutput::StdErr { message: message.as_bytes().to_vec().into() };
        line("otel-collector", &output).map(|line| (line.time, line.text))
    }

    #[test]
    fn the_time_is_split_from_the_line() {
        let time = "2026-11-22T18:17:04.592123456Z";
        let told = |text: &str| Some((time.to_owned(), text.to_owned()));
        assert_eq!(read(&format!("{time} a  b\tc\n")), told("a  b\tc"));
        assert_eq!(read(&format!("{time} \n")), told(""));
        assert_eq!(read(&format!("{time}\r\n")), told(""));
        assert_eq!(read("\n"), None);
    }

    #[test]
    fn a_request_asks_for_both_streams_and_the_time() {
        let request =
            LogRequest { tail: Some(5), since: Some(Duration::from_secs(60)), follow: true };
        let options = first(&request);
        assert!(options.stdout && options.stderr && options.timestamps && options.follow);
        assert_eq!(options.tail, "5");
        assert!((now() - 62..=now() - 59).contains(&options.since));
        let all = first(&LogRequest::default());
        assert_eq!((all.tail.as_str(), all.since, all.follow), ("all", 0, false));
    }
}
