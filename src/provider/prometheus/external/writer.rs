//! Changes the user's configuration, has it read, and puts it back when refused.

use super::{Configure, Desired, Operation, Reload, Text, judge, loaded, promtool, refusal};
use crate::artifact::prometheus::Interval;
use crate::diagnostic::{Diagnostic, Kind};
use crate::plan::FieldDiff;
use crate::provider::prometheus::api::{self, Api, CallError};
use crate::provider::prometheus::{Health, writer::scrape_cause};
use crate::provider::{Execute, Progress};
use crate::system::{disk, process};
use std::path::Path;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Changes a configuration file and reloads the Prometheus that reads it.
#[derive(Clone, Debug)]
pub struct Writer {
    http: reqwest::Client,
    patience: Duration,
}

impl Writer {
    /// Makes a writer that waits 30 s for a reload, and 30 s beside one scrape
    /// interval for the first scrape.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new() -> Result<Self, Diagnostic> {
        Ok(Self { http: api::client()?, patience: Duration::from_secs(30) })
    }

    /// Sets how long a reload may take, and a scrape beside its interval.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(250);

impl Execute for Writer {
    type Operation = Operation;

    async fn execute(
        &self,
        operation: &Operation,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        match operation {
            Operation::RemoveUnfinished { path } => disk::remove(&disk::staged_path(path)),
            Operation::Configure(configure) => self.configure(configure, progress).await,
        }
    }
}

impl Writer {
    async fn configure(&self, configure: &Configure, tell: Progress<'_>) -> Result<(), Diagnostic> {
        let Configure { desired, reload, .. } = configure;
        replace(configure, tell)?;
        let Some(reload) = reload else { return Ok(()) };
        let api = Api::new(&self.http, &desired.url).with(desired.access.as_ref());
        tell("Prometheus reads its configuration again");
        if let Err(error) = self.load(&api, configure, reload).await {
            return Err(self.put_back(&api, configure, reload, error).await);
        }
        tell(&format!("waiting for the target of job `{}`", desired.job));
        self.await_target(&api, desired).await
    }

    /// Has the files read, and waits until what they say is loaded.
    async fn load(
        &self,
        api: &Api<'_>,
        configure: &Configure,
        reload: &Reload,
    ) -> Result<(), Diagnostic> {
        let Configure { desired, layout, rules, took_files, .. } = configure;
        again(api, desired, reload).await?;
        let deadline = Instant::now() + self.patience;
        loop {
            let failed = match loaded::loaded(api, desired).await {
                Ok(now) => {
                    let fields = judge::configuration(desired, *layout, *rules, &now);
                    if fields.is_empty() {
                        return Ok(());
                    }
                    let failed = unchanged(desired, &fields);
                    if *took_files && !now.took_files {
                        return Err(failed.cause("Prometheus refuses its files"));
                    }
                    failed
                }
                Err(error) => unanswered(desired, &error),
            };
            if Instant::now() >= deadline {
                return Err(failed);
            }
            sleep(PAUSE).await;
        }
    }

    /// Restores the file and has Prometheus read that.
    async fn put_back(
        &self,
        api: &Api<'_>,
        configure: &Configure,
        reload: &Reload,
        error: Diagnostic,
    ) -> Diagnostic {
        let Configure { desired, path, attributes, before, after, fallback, .. } = configure;
        let Some(Text(bytes)) = fallback else { return error };
        let put = after.as_ref().unwrap_or(before);
        match is_still(path, put) {
            Ok(true) => {}
            Ok(false) => return kept(error, path),
            Err(unread) => return kept(error.cause(unread.message), path),
        }
        let restored =
            disk::stage(path, bytes, *attributes).and_then(|staged| disk::commit(&staged, path));
        let told = match restored {
            Err(lost) => error
                .cause(lost.message)
                .hint(format!("remove the stack's block from `{}` by hand", path.display())),
            Ok(()) => match again(api, desired, reload).await {
                Ok(()) => error.cause(format!("`{}` is as it was before", path.display())),
                Err(refused) => error
                    .cause(format!("`{}` is as it was before", path.display()))
                    .cause(refused.message),
            },
        };
        Diagnostic { kind: Kind::Partial, ..told }.code("prometheus::put-back")
    }

    /// Waits until exactly the job's targets are there and up.
    async fn await_target(&self, api: &Api<'_>, desired: &Desired) -> Result<(), Diagnostic> {
        let Some(entries) = &desired.entries else { return Ok(()) };
        let interval = entries.job.scrape_interval.unwrap_or(Interval::MINUTE);
        let limit = self.patience + interval.duration();
        let deadline = Instant::now() + limit;
        loop {
            let missing = match loaded::loaded(api, desired).await {
                Ok(now) => {
                    let fields = judge::targets(desired, &now);
                    let down: Vec<String> = now
                        .targets
                        .iter()
                        .filter(|target| target.health != Health::Up)
                        .map(scrape_cause)
                        .collect();
                    if fields.is_empty() && down.is_empty() && !now.targets.is_empty() {
                        return Ok(());
                    }
                    let still =
                        fields.iter().map(|field| format!("`{}` still differs", field.field));
                    down.into_iter().chain(still).collect()
                }
                Err(error) => vec![error.to_string(), error.reason.to_string()],
            };
            if Instant::now() >= deadline {
                return Err(late(desired, missing, limit));
            }
            sleep(PAUSE).await;
        }
    }
}

/// Puts the wanted bytes in place, once promtool has read them there.
fn replace(configure: &Configure, tell: Progress<'_>) -> Result<(), Diagnostic> {
    let Configure { path, attributes, before, after, promtool, .. } = configure;
    let Some(Text(after)) = after else { return Ok(()) };
    let unchanged = || if is_still(path, before)? { Ok(()) } else { Err(changed_meanwhile(path)) };
    unchanged()?;
    let staged = disk::stage(path, after, *attributes)?;
    let checked = match promtool {
        Some(promtool) => {
            tell("promtool checks the configuration");
            promtool::check(promtool, &staged, path)
        }
        None => Ok(()),
    };
    // Somebody may have saved the file while promtool was reading.
    if let Err(refused) = checked.and_then(|()| unchanged()) {
        disk::remove(&staged)?;
        return Err(refused);
    }
    disk::commit(&staged, path)
}

/// Says that nobody else has written the file.
fn is_still(path: &Path, expected: &Text) -> Result<bool, Diagnostic> {
    Ok(disk::read(path)?.as_ref() == Some(&expected.0))
}

fn changed_meanwhile(path: &Path) -> Diagnostic {
    let message = format!("`{}` is being changed by somebody else", path.display());
    Diagnostic::error(Kind::Refused, message)
        .code("prometheus::changed-meanwhile")
        .hint("apply again")
}

/// What somebody saved after otelctl is theirs, the stack's block in it or not.
fn kept(error: Diagnostic, path: &Path) -> Diagnostic {
    let path = path.display();
    let told = error
        .cause(format!("`{path}` is not put back: somebody else has changed it meanwhile"))
        .hint(format!("correct `{path}`, and apply again"));
    Diagnostic { kind: Kind::Partial, ..told }.code("prometheus::changed-meanwhile")
}

/// Tells Prometheus to read its files again.
async fn again(api: &Api<'_>, desired: &Desired, reload: &Reload) -> Result<(), Diagnostic> {
    match reload {
        Reload::Endpoint => api.reload().await.map_err(|error| unanswered(desired, &error)),
        Reload::Signal(running) => running.hang_up(),
        Reload::Service(service) => {
            let output = process::run("systemctl", &["reload", service])?;
            if output.success() {
                return Ok(());
            }
            Err(Diagnostic::error(Kind::Failed, format!("cannot reload `{service}`"))
                .cause(output.stderr.trim())
                .hint(format!("see `journalctl -u {service}`")))
        }
    }
}

fn unanswered(desired: &Desired, error: &CallError) -> Diagnostic {
    let message = format!("cannot have Prometheus at `{}` read its files", desired.url);
    refusal::unusable(error, message, &desired.url)
}

fn unchanged(desired: &Desired, fields: &[FieldDiff]) -> Diagnostic {
    let message = format!("Prometheus at `{}` does not load its configuration", desired.url);
    let told = Diagnostic::error(Kind::Failed, message).code("prometheus::not-loaded");
    fields
        .iter()
        .fold(told, |told, field| told.cause(format!("`{}` still differs", field.field)))
        .hint("see its log: it says which file it cannot read")
}

fn late(desired: &Desired, causes: Vec<String>, limit: Duration) -> Diagnostic {
    let message = format!(
        "Prometheus at `{}` does not reach the target of job `{}` within {} s",
        desired.url,
        desired.job,
        limit.as_secs()
    );
    causes
        .into_iter()
        .fold(Diagnostic::error(Kind::Failed, message), Diagnostic::cause)
        .code("prometheus::target")
        .hint("the configuration is in place; correct `otelctl::prometheus::scrape_target`")
}
