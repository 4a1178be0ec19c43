//! Starting and stopping a container that exists.

use super::writer::{Writer, done};
use super::{Runtime, State, failure, health};
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::Progress;
use bollard::query_parameters::StopContainerOptionsBuilder;
use std::time::Duration;

impl Writer {
    /// Starts a container, if it does not run, and waits until it answers.
    ///
    /// # Errors
    /// `Kind::Failed` with the container's last lines when it does not work in time.
    pub async fn start_service(
        &self,
        runtime: &Runtime,
        patience: Duration,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        let Runtime { id, name, state, health, .. } = runtime;
        progress(&format!("starting {name}"));
        if *state == State::Paused {
            let call = format!("POST /containers/{name}/unpause");
            done(self.docker().unpause_container(id).await, "unpause container", name, &call)?;
        }
        // Docker answers for one that runs that there is nothing to do.
        self.start(id, name).await?;
        progress(&format!("waiting until {name} is healthy"));
        health::wait(self.docker(), id, health.as_deref(), patience).await.map_err(|causes| {
            let error =
                Diagnostic::error(Kind::Failed, format!("container `{name}` does not work"))
                    .code("docker::unhealthy")
                    .hint(format!("see `docker logs {name}`"));
            causes.into_iter().fold(error, Diagnostic::cause)
        })
    }

    /// Asks a container to end, and kills it after its grace period or the one given.
    ///
    /// # Errors
    /// What Docker says; a container that is gone or stands still is no error.
    pub async fn stop_service(
        &self,
        runtime: &Runtime,
        grace: Option<Duration>,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        let Runtime { id, name, .. } = runtime;
        progress(&format!("stopping {name}"));
        let options = grace.map(|grace| {
            let seconds = i32::try_from(grace.as_secs()).unwrap_or(i32::MAX);
            StopContainerOptionsBuilder::default().t(seconds).build()
        });
        let stopped = failure::present(self.docker().stop_container(id, options).await);
        done(stopped, "stop container", name, &format!("POST /containers/{name}/stop"))
    }
}
