//! `promtool` in a container of its own, beside a Prometheus and on its volumes.
//!
//! The container has the label of the stack: one that a killed run left behind is replaced by
//! the next one, or removed by `apply`. It knows nothing of what the samples mean.

use super::trial::TrialFile;
use super::writer::{Writer, done};
use super::{Runtime, archive, failure, health};
use crate::artifact::compose::label;
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::Progress;
use bollard::models::{ContainerCreateBody, HostConfig};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, UploadToContainerOptionsBuilder, WaitContainerOptions,
};
use futures_util::StreamExt as _;
use std::collections::HashMap;
use std::time::Duration;

/// The file with the samples, at the root of the container.
const FILE: &str = "/otelctl-backfill.om";

/// The pause before an answer that broke off is asked for again.
const PAUSE: Duration = Duration::from_secs(1);

/// Blocks that are to be made of samples.
#[derive(Clone, Debug)]
pub struct Blocks {
    /// The stack's name.
    pub stack: String,
    /// Where the blocks belong, in Prometheus's container.
    pub folder: String,
    /// How long a block may be, in whole hours.
    pub hours: i64,
    /// The samples, as `OpenMetrics`.
    pub samples: String,
}

impl Writer {
    /// Makes blocks beside a Prometheus that runs, which finds them by itself.
    ///
    /// # Errors
    /// What Docker says; `Kind::Partial` with the last lines of promtool when it fails.
    pub async fn create_blocks(
        &self,
        beside: &Runtime,
        blocks: Blocks,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        let name = format!("{}-backfill", beside.name);
        self.make_room(&name, &blocks.stack).await?;
        progress(&format!("making container {name}"));
        let id = self.create_promtool(&name, beside, &blocks).await?;
        let made = self.run_promtool(&id, &name, blocks.samples, progress).await;
        let removed = self.remove(&id, &name).await;
        made.and(removed)
    }

    /// Removes what a killed run left behind; refuses what is somebody else's.
    pub(super) async fn make_room(&self, name: &str, stack: &str) -> Result<(), Diagnostic> {
        let call = format!("GET /containers/{name}/json");
        let found = failure::present(self.docker().inspect_container(name, None).await);
        let found = found
            .map_err(|error| failure::failed("cannot read Docker's containers", &call, &error))?;
        let Some(found) = found else { return Ok(()) };
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        if labels.get(label::STACK).is_some_and(|owner| owner == stack) {
            return self.remove(name, name).await;
        }
        let message = format!("a container `{name}` is in the way, which otelctl does not own");
        Err(Diagnostic::error(Kind::Refused, message)
            .code("docker::foreign")
            .hint(format!("rename it: `docker rename {name} NAME`")))
    }

    async fn create_promtool(
        &self,
        name: &str,
        beside: &Runtime,
        blocks: &Blocks,
    ) -> Result<String, Diagnostic> {
        let call = format!("GET /containers/{}/json", beside.name);
        let found = self.docker().inspect_container(&beside.id, None).await;
        let found = found.map_err(|error| {
            failure::failed(format!("cannot read container `{}`", beside.name), &call, &error)
        })?;
        let hours = format!("--max-block-duration={}h", blocks.hours);
        let command = ["tsdb", "create-blocks-from", "openmetrics", &hours, FILE, &blocks.folder];
        let body = ContainerCreateBody {
            // The very image that runs, whatever its name points to by now.
            image: found.image,
            user: found.config.and_then(|config| config.user),
            entrypoint: Some(vec!["promtool".to_owned()]),
            cmd: Some(command.map(str::to_owned).to_vec()),
            labels: Some(HashMap::from([(label::STACK.to_owned(), blocks.stack.clone())])),
            host_config: Some(HostConfig {
                volumes_from: Some(vec![beside.id.clone()]),
                network_mode: Some("none".to_owned()),
                cap_drop: Some(vec!["ALL".to_owned()]),
                security_opt: Some(vec!["no-new-privileges".to_owned()]),
                ..HostConfig::default()
            }),
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptionsBuilder::default().name(name).build();
        let made = self.docker().create_container(Some(options), body).await;
        made.map(|made| made.id).map_err(|error| {
            let what = format!("cannot create container `{name}`");
            failure::failed(what, "POST /containers/create", &error)
        })
    }

    async fn run_promtool(
        &self,
        id: &str,
        name: &str,
        samples: String,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        let file = TrialFile { path: FILE.to_owned(), bytes: samples.into_bytes() };
        let archive = bollard::body_full(archive::of(&[file]).into());
        let options = UploadToContainerOptionsBuilder::default().path("/").build();
        let sent = self.docker().upload_to_container(id, Some(options), archive).await;
        let call = format!("PUT /containers/{name}/archive");
        done(sent, "send samples to container", name, &call)?;
        progress("making blocks with promtool");
        self.start(id, name).await?;
        let code = self.exit_code(id, name).await?;
        if code == 0 {
            return Ok(());
        }
        let causes = health::last_lines(self.docker(), id).await;
        let error = Diagnostic::error(Kind::Partial, "promtool cannot make all blocks")
            .code("backfill::promtool")
            .cause(format!("it ended with {code}"));
        Err(causes.into_iter().fold(error, Diagnostic::cause).hint(
            "cure what the causes name, then run `otelctl backfill` again: \
             nothing counts twice",
        ))
    }

    /// Waits until a container has ended.
    pub(super) async fn exit_code(&self, id: &str, name: &str) -> Result<i64, Diagnostic> {
        loop {
            // Ends with an answer or because it took too long: the container itself knows.
            let waited =
                self.docker().wait_container(id, None::<WaitContainerOptions>).next().await;
            let found = self.docker().inspect_container(id, None).await;
            let found = found.map_err(|error| {
                let call = format!("GET /containers/{name}/json");
                failure::failed(format!("cannot read container `{name}`"), &call, &error)
            })?;
            let state = found.state.unwrap_or_default();
            if state.running != Some(true) {
                return Ok(state.exit_code.unwrap_or(-1));
            }
            if waited.is_none_or(|answer| answer.is_err()) {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
