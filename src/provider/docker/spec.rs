//! What is to be made, fully decided: a network, a volume, a container.
//!
//! May not know how Docker is asked for it.

use super::{Configuration, Desired, Image, labels};
use crate::artifact::compose::{ComposeFile, ConfigHash, PublishedPort, Service, Source, label};
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};

/// A network to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkSpec {
    /// The name.
    pub name: String,
    /// The driver.
    pub driver: String,
    /// The driver's options.
    pub options: BTreeMap<String, String>,
    /// The address pools; empty: Docker chooses.
    pub subnets: Vec<IpNet>,
    /// The labels.
    pub labels: BTreeMap<String, String>,
}

/// A volume to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeSpec {
    /// The name.
    pub name: String,
    /// The labels.
    pub labels: BTreeMap<String, String>,
}

/// A container to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerSpec {
    /// The service as the compose file has it.
    pub service: Service,
    /// The network's name.
    pub network: String,
    /// Every label but the config hash, which needs the image's id.
    pub labels: BTreeMap<String, String>,
    /// The config hash, but for the image's id.
    pub config_hash: ConfigHash,
    /// Target to `source:ro|rw`; a volume's source is its name.
    pub mounts: BTreeMap<String, String>,
}

impl NetworkSpec {
    /// The default network of a compose file.
    #[must_use]
    pub fn new(desired: &Desired, file: &ComposeFile) -> Self {
        let network = &file.network;
        Self {
            name: network.name.clone(),
            driver: network.driver.clone(),
            options: network.driver_opts.clone(),
            subnets: network.subnets.clone(),
            labels: labels::network(&network.labels, desired),
        }
    }
}

impl ContainerSpec {
    /// The container of one service.
    #[must_use]
    pub fn new(desired: &Desired, file: &ComposeFile, service: &Service) -> Self {
        let mounts = service.volumes.iter().map(|mount| {
            let source = match &mount.source {
                Source::Path(path) => path,
                Source::Volume(key) => file.volumes.get(key).map_or(key, |volume| &volume.name),
            };
            let mode = if mount.read_only { "ro" } else { "rw" };
            (mount.target.clone(), format!("{source}:{mode}"))
        });
        Self {
            service: service.clone(),
            network: file.network.name.clone(),
            labels: labels::container(&service.labels, desired, &service.name),
            config_hash: ConfigHash::new(file, service),
            mounts: mounts.collect(),
        }
    }

    /// The container's name.
    #[must_use]
    pub fn container_name(&self) -> &str {
        &self.service.container_name
    }

    /// The URL that answers 200 once the container works.
    #[must_use]
    pub fn health(&self) -> Option<&str> {
        self.service.labels.get(label::HEALTH).map(String::as_str)
    }

    /// What inspecting the container should show. What the compose file leaves
    /// to Docker or to docker-compose is taken from the container itself.
    #[must_use]
    pub fn wanted(
        &self,
        image: &Image,
        network_id: Option<&str>,
        actual: &Configuration,
    ) -> Configuration {
        let service = &self.service;
        let own_entrypoint = !service.entrypoint.is_empty();
        let mut environment = image.environment.clone();
        environment.extend(service.environment.clone());
        let mut mounts = self.mounts.clone();
        for target in &image.volumes {
            // The image's own volume is anonymous, with a name that Docker makes up.
            if let Some(mount) = actual.mounts.get(target) {
                mounts.entry(target.clone()).or_insert_with(|| mount.clone());
            }
        }
        Configuration {
            reference: service.image.clone(),
            image: image.id.clone(),
            entrypoint: if own_entrypoint { &service.entrypoint } else { &image.entrypoint }
                .clone(),
            command: if service.command.is_empty() && !own_entrypoint {
                image.command.clone()
            } else {
                service.command.clone()
            },
            user: service.user.clone().unwrap_or_else(|| image.user.clone()),
            environment,
            read_only: service.read_only.unwrap_or_default(),
            cap_add: service.cap_add.iter().cloned().collect(),
            cap_drop: service.cap_drop.iter().cloned().collect(),
            security_opt: service.security_opt.iter().cloned().collect(),
            memory: service.mem_limit.as_ref().map_or(0, |limit| limit.bytes),
            restart: service.restart.map_or_else(|| "no".to_owned(), |restart| restart.to_string()),
            ports: service.ports.iter().map(PublishedPort::to_string).collect(),
            mounts,
            tmpfs: tmpfs(service),
            log_driver: service
                .logging
                .as_ref()
                .map_or_else(|| actual.log_driver.clone(), |logging| logging.driver.clone()),
            log_options: service
                .logging
                .as_ref()
                .map_or_else(|| actual.log_options.clone(), |logging| logging.options.clone()),
            labels: self.wanted_labels(image, actual),
            networks: BTreeMap::from([(self.network.clone(), network_id.map(str::to_owned))]),
            aliases: BTreeSet::from([service.name.clone()]),
            stop_timeout: service.stop_grace_period.as_ref().map(|grace| grace.seconds.into()),
            beyond: BTreeMap::new(),
        }
    }

    /// A container that another version of docker-compose made has other
    /// labels of its own, and is no worse for it; one with our version must
    /// have our hash, or the next `up -d` would recreate it.
    fn wanted_labels(&self, image: &Image, actual: &Configuration) -> BTreeMap<String, String> {
        let mut wanted = image.labels.clone();
        wanted.extend(self.labels.clone());
        wanted.insert(labels::CONFIG_HASH.to_owned(), self.config_hash.with_image(&image.id));
        let version = actual.labels.get(labels::VERSION).map(String::as_str);
        let hashed_alike = version == Some(labels::COMPOSE_VERSION);
        let identity = [labels::PROJECT, labels::SERVICE, labels::ONE_OFF, labels::NUMBER];
        let decided = |key: &str| {
            !key.starts_with(labels::PREFIX)
                || identity.contains(&key)
                || (key == labels::CONFIG_HASH && hashed_alike)
        };
        wanted.retain(|key, _| decided(key));
        let left = actual.labels.iter().filter(|(key, _)| !decided(key));
        wanted.extend(left.map(|(key, value)| (key.clone(), value.clone())));
        wanted
    }
}

/// Path to options.
pub(super) fn tmpfs(service: &Service) -> BTreeMap<String, String> {
    let entry = |text: &String| {
        let (path, options) = text.split_once(':').unwrap_or((text, ""));
        (path.to_owned(), options.to_owned())
    };
    service.tmpfs.iter().map(entry).collect()
}
