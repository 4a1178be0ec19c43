//! Takes the snapshot. Sends only requests that read.

use super::client::Client;
use super::{
    Container, Desired, Image, Observed, State, Summary, Volume, failure, health, inspect,
};
use crate::artifact::compose::label;
use crate::diagnostic::Diagnostic;
use crate::provider::Observe;
use crate::system::listener::{self, Listener};
use bollard::errors::Error;
use bollard::query_parameters::{
    ListContainersOptionsBuilder, ListNetworksOptions, ListVolumesOptionsBuilder,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tokio::task::JoinSet;

/// Reads Docker; it has no way to write.
#[derive(Clone, Debug)]
pub struct Reader {
    client: Client,
}

impl Reader {
    /// Connects to `unix:///path` or `tcp://host:port`.
    pub async fn connect(host: &str) -> Result<Self, Diagnostic> {
        Ok(Self { client: Client::connect(host).await? })
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    async fn summaries(&self) -> Result<Vec<Summary>, Diagnostic> {
        let options = ListContainersOptionsBuilder::default().all(true).build();
        let list = self.client.docker.list_containers(Some(options)).await;
        let list = list.map_err(|error| failed("containers", "GET /containers/json", &error))?;
        Ok(list.into_iter().map(inspect::summary).collect())
    }

    async fn networks(&self) -> Result<Vec<super::Network>, Diagnostic> {
        let list = self.client.docker.list_networks(None::<ListNetworksOptions>).await;
        let list = list.map_err(|error| failed("networks", "GET /networks", &error))?;
        let mut networks: Vec<super::Network> = list.into_iter().map(inspect::network).collect();
        networks.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(networks)
    }

    async fn volumes(&self, desired: &Desired) -> Result<Vec<Volume>, Diagnostic> {
        let stack = format!("{}={}", label::STACK, desired.stack);
        let filters = HashMap::from([("label", vec![stack])]);
        let options = ListVolumesOptionsBuilder::default().filters(&filters).build();
        let list = self.client.docker.list_volumes(Some(options)).await;
        let list = list.map_err(|error| failed("volumes", "GET /volumes", &error))?;
        let mut volumes: Vec<Volume> =
            list.volumes.unwrap_or_default().into_iter().map(inspect::volume).collect();
        let names = desired.compose.iter().flat_map(|file| file.volumes.values());
        for name in names.map(|volume| &volume.name) {
            if volumes.iter().any(|volume| volume.name == *name) {
                continue;
            }
            let call = format!("GET /volumes/{name}");
            let found = failure::present(self.client.docker.inspect_volume(name).await)
                .map_err(|error| failed("volumes", &call, &error))?;
            volumes.extend(found.map(inspect::volume));
        }
        // The engine lists them in no order, and a plan has one.
        volumes.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(volumes)
    }

    async fn images(&self, desired: &Desired) -> Result<BTreeMap<String, Image>, Diagnostic> {
        let services = desired.compose.iter().flat_map(|file| file.services.values());
        let references: BTreeSet<&String> = services.map(|service| &service.image).collect();
        let mut calls = JoinSet::new();
        for reference in references {
            let (docker, reference) = (self.client.docker.clone(), reference.clone());
            calls.spawn(async move {
                let image = failure::present(docker.inspect_image(&reference).await);
                (reference, image)
            });
        }
        let mut images = BTreeMap::new();
        for (reference, image) in calls.join_all().await {
            let call = format!("GET /images/{reference}/json");
            let image = image.map_err(|error| failed("images", &call, &error))?;
            images.extend(image.map(|image| (reference, inspect::image(image))));
        }
        Ok(images)
    }

    /// A container may go away between the list and its inspection.
    async fn containers(&self, ids: Vec<String>) -> Result<Vec<Container>, Diagnostic> {
        let mut calls = JoinSet::new();
        for id in ids {
            let docker = self.client.docker.clone();
            calls.spawn(async move {
                let found = failure::present(docker.inspect_container(&id, None).await);
                (id, found)
            });
        }
        let mut containers = Vec::new();
        for (id, found) in calls.join_all().await {
            let call = format!("GET /containers/{id}/json");
            let found = found.map_err(|error| failed("containers", &call, &error))?;
            containers.extend(found.map(inspect::container));
        }
        containers.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(containers)
    }
}

impl Observe for Reader {
    type Desired = Desired;
    type Observed = Observed;

    async fn observe(&self, desired: &Desired) -> Result<Observed, Diagnostic> {
        let (summaries, networks, volumes, images) = tokio::try_join!(
            self.summaries(),
            self.networks(),
            self.volumes(desired),
            self.images(desired),
        )?;
        let services = || desired.compose.iter().flat_map(|file| file.services.values());
        let ids = summaries
            .iter()
            .filter(|summary| {
                summary.stack.as_ref() == Some(&desired.stack)
                    || services().any(|service| service.container_name == summary.name)
            })
            .map(|summary| summary.id.clone())
            .collect();
        let mut containers = self.containers(ids).await?;
        // Health URLs name this machine: they say something of an engine here only,
        // and nothing to a run that removes everything.
        if self.client.daemon.is_some() && desired.compose.is_some() {
            containers = asked(containers).await?;
        }
        // The calls end in any order; the plan must not.
        containers.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        let held = |port: u16| {
            summaries.iter().flat_map(|summary| &summary.ports).any(|held| held.port == port)
        };
        let free: Vec<u16> = services()
            .flat_map(|service| &service.ports)
            .map(|port| port.host_port)
            .filter(|port| !held(*port))
            .collect();
        let mut listeners = match self.client.daemon {
            Some(daemon) if !free.is_empty() => listener::listeners(daemon, &free),
            _ => Vec::new(),
        };
        listeners.retain(|listener| !is_proxy(listener));
        Ok(Observed { containers, summaries, networks, volumes, images, listeners })
    }
}

/// Asks the running containers' health URLs, all at once.
pub(super) async fn asked(containers: Vec<Container>) -> Result<Vec<Container>, Diagnostic> {
    let http = health::client()?;
    let mut calls = JoinSet::new();
    for mut container in containers {
        let http = http.clone();
        calls.spawn(async move {
            if let (State::Running, Some(url)) = (container.state, container.label(label::HEALTH))
                && !health::answers(&http, url).await
            {
                container.state = State::Unhealthy;
            }
            container
        });
    }
    Ok(calls.join_all().await)
}

/// Docker's proxies stand for containers, which the list of containers knows better:
/// one that is just starting again is in either, depending on the moment.
fn is_proxy(listener: &Listener) -> bool {
    let process = listener.process.as_deref().unwrap_or_default();
    process.starts_with("docker-proxy ") || process.starts_with("rootlessport ")
}

fn failed(what: &str, call: &str, error: &Error) -> Diagnostic {
    failure::failed(format!("cannot read Docker's {what}"), call, error)
}
