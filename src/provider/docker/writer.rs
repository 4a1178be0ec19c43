//! Executes one decided operation. Decides nothing itself.

use super::client::Client;
use super::{ContainerSpec, Operation, RetiredNetwork, failure, health, pull, replace};
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::{Execute, Progress, Scraper};
use bollard::Docker;
use bollard::errors::Error;
use bollard::models::{EndpointSettings, NetworkConnectRequest, NetworkDisconnectRequest};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, RemoveContainerOptionsBuilder, RemoveVolumeOptions,
    RenameContainerOptionsBuilder,
};

/// Changes Docker.
#[derive(Clone, Debug)]
pub struct Writer {
    client: Client,
}

impl Execute for Writer {
    type Operation = Operation;

    async fn execute(
        &self,
        operation: &Operation,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        match operation {
            Operation::PullImage { reference } => {
                pull::pull(self.docker(), reference, progress).await
            }
            Operation::Try(trial) => self.attempt(trial, progress).await,
            Operation::CreateNetwork(network) => self.create_network(network).await,
            Operation::ReplaceNetwork { network, old, after } => {
                scraped(after.as_ref(), progress).await;
                for old in old {
                    self.retire_network(old).await?;
                }
                self.create_network(network).await
            }
            Operation::CreateVolume(volume) => {
                let made = self.docker().create_volume(volume.request()).await;
                done(made, "create volume", &volume.name, "POST /volumes/create")
            }
            Operation::CreateContainer(spec) => {
                let id = self.create(spec).await?;
                self.start_and_wait(&id, spec.container_name(), spec.health(), progress).await
            }
            Operation::ReplaceContainer { container, old, put_back, after } => {
                let after = after.as_ref();
                replace::replace(self, container, old, put_back.as_ref(), after, progress).await
            }
            Operation::StartContainer { id, name, health } => {
                self.start_and_wait(id, name, health.as_deref(), progress).await
            }
            Operation::RestartContainer { id, name, health, after } => {
                scraped(after.as_ref(), progress).await;
                let call = format!("POST /containers/{name}/restart");
                let restarted = self.docker().restart_container(id, None).await;
                done(restarted, "restart container", name, &call)?;
                self.wait(id, name, health.as_deref(), progress).await
            }
            Operation::UnpauseContainer { id, name } => {
                let call = format!("POST /containers/{name}/unpause");
                done(self.docker().unpause_container(id).await, "unpause container", name, &call)
            }
            Operation::RemoveContainer { id, name, after } => {
                scraped(after.as_ref(), progress).await;
                progress(&format!("stopping {name}"));
                let stopped = failure::present(self.docker().stop_container(id, None).await);
                let call = format!("POST /containers/{name}/stop");
                done(stopped, "stop container", name, &call)?;
                self.remove(id, name).await
            }
            Operation::RemoveNetwork { id, name } => self.remove_network(id, name).await,
            Operation::RemoveVolume { name } => {
                let removed = self.docker().remove_volume(name, None::<RemoveVolumeOptions>).await;
                let call = format!("DELETE /volumes/{name}");
                done(failure::present(removed), "remove volume", name, &call)
            }
        }
    }
}

impl Writer {
    /// Connects to `unix:///path` or `tcp://host:port`.
    pub async fn connect(host: &str) -> Result<Self, Diagnostic> {
        Ok(Self { client: Client::connect(host).await? })
    }

    pub(super) const fn docker(&self) -> &Docker {
        &self.client.docker
    }

    async fn create_network(&self, network: &super::NetworkSpec) -> Result<(), Diagnostic> {
        let made = self.docker().create_network(network.request()).await;
        done(made, "create network", &network.name, "POST /networks/create")
    }

    /// Takes a network's containers off it: a stopped container that still
    /// names a removed network could not be started again.
    async fn retire_network(&self, old: &RetiredNetwork) -> Result<(), Diagnostic> {
        for id in &old.containers {
            self.stop(id, id).await?;
            let request = NetworkDisconnectRequest { container: id.clone(), force: Some(true) };
            let parted = self.docker().disconnect_network(&old.id, request).await;
            let call = format!("POST /networks/{}/disconnect", old.name);
            done(failure::present(parted), "disconnect container", id, &call)?;
        }
        self.remove_network(&old.id, &old.name).await
    }

    async fn remove_network(&self, id: &str, name: &str) -> Result<(), Diagnostic> {
        let removed = failure::present(self.docker().remove_network(id).await);
        done(removed, "remove network", name, &format!("DELETE /networks/{name}"))
    }

    /// Makes a container; the config hash needs the id of the image that is there now.
    pub(super) async fn create(&self, spec: &ContainerSpec) -> Result<String, Diagnostic> {
        let reference = &spec.service.image;
        let image = self.docker().inspect_image(reference).await.map_err(|error| {
            let call = format!("GET /images/{reference}/json");
            failure::failed(format!("cannot read image `{reference}`"), &call, &error)
        })?;
        let body = spec.request(&image.id.unwrap_or_default());
        let options = CreateContainerOptionsBuilder::default().name(spec.container_name()).build();
        let made = self.docker().create_container(Some(options), body).await;
        made.map(|made| made.id).map_err(|error| {
            let what = format!("cannot create container `{}`", spec.container_name());
            failure::failed(what, "POST /containers/create", &error)
        })
    }

    pub(super) async fn start(&self, id: &str, name: &str) -> Result<(), Diagnostic> {
        let call = format!("POST /containers/{name}/start");
        done(self.docker().start_container(id, None).await, "start container", name, &call)
    }

    /// Starts a container, and waits until it works.
    pub(super) async fn start_and_wait(
        &self,
        id: &str,
        name: &str,
        url: Option<&str>,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        self.start(id, name).await?;
        self.wait(id, name, url, progress).await
    }

    async fn wait(
        &self,
        id: &str,
        name: &str,
        url: Option<&str>,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        progress(&format!("waiting until {name} is healthy"));
        health::wait(self.docker(), id, url, health::PATIENCE).await.map_err(|causes| {
            let error =
                Diagnostic::error(Kind::Partial, format!("container `{name}` does not work"))
                    .code("docker::unhealthy")
                    .hint(format!("see `docker logs {name}`"));
            causes.into_iter().fold(error, Diagnostic::cause)
        })
    }

    /// Sends SIGTERM, and SIGKILL after the container's grace period, ten seconds by default.
    pub(super) async fn stop(&self, id: &str, name: &str) -> Result<(), Diagnostic> {
        let call = format!("POST /containers/{name}/stop");
        done(self.docker().stop_container(id, None).await, "stop container", name, &call)
    }

    pub(super) async fn rename(&self, id: &str, name: &str, to: &str) -> Result<(), Diagnostic> {
        let options = RenameContainerOptionsBuilder::default().name(to).build();
        let call = format!("POST /containers/{name}/rename");
        done(self.docker().rename_container(id, options).await, "rename container", name, &call)
    }

    /// Removes a container and its anonymous volumes.
    pub(super) async fn remove(&self, id: &str, name: &str) -> Result<(), Diagnostic> {
        let options = RemoveContainerOptionsBuilder::default().v(true).force(true).build();
        let removed = failure::present(self.docker().remove_container(id, Some(options)).await);
        done(removed, "remove container", name, &format!("DELETE /containers/{name}"))
    }

    /// Joins a network that was made anew, under the service's name. What the
    /// container remembers of the former one is dropped first; there may be nothing.
    pub(super) async fn join(
        &self,
        id: &str,
        name: &str,
        network: &str,
        alias: &str,
    ) -> Result<(), Diagnostic> {
        let request = NetworkDisconnectRequest { container: id.to_owned(), force: Some(true) };
        let _ = self.docker().disconnect_network(network, request).await;
        let endpoint = EndpointSettings {
            aliases: Some(vec![alias.to_owned()]),
            ..EndpointSettings::default()
        };
        let request =
            NetworkConnectRequest { container: id.to_owned(), endpoint_config: Some(endpoint) };
        let call = format!("POST /networks/{network}/connect");
        done(
            self.docker().connect_network(network, request).await,
            "connect container",
            name,
            &call,
        )
    }
}

/// Waits for a scrape; one that does not come keeps nobody from what was decided.
pub(super) async fn scraped(scraper: Option<&Scraper>, progress: Progress<'_>) {
    let Some(scraper) = scraper else { return };
    if let Err(why) = scraper.next(progress).await {
        progress(&format!("{why}: what was counted since the last scrape is lost"));
    }
}

pub(super) fn done<T>(
    result: Result<T, Error>,
    what: &str,
    name: &str,
    call: &str,
) -> Result<(), Diagnostic> {
    result
        .map(|_| ())
        .map_err(|error| failure::failed(format!("cannot {what} `{name}`"), call, &error))
}
