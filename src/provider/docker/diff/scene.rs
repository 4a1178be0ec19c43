//! A stack as it stands after a good apply, for tests to spoil one thing at a time.

use crate::artifact::compose::ComposeFile;
use crate::diagnostic::Diagnostic;
use crate::plan::{Change, Plan};
use crate::provider::docker::{
    Configuration, Container, ContainerSpec, Desired, Image, Network, NetworkSpec, Observed,
    Operation, Published, State, Summary, Volume, diff, labels,
};
use std::collections::BTreeMap;

pub(super) const COLLECTOR: &str = "aaaaaaaaaaaaaaaa";
pub(super) const PROMETHEUS: &str = "bbbbbbbbbbbbbbbb";
pub(in crate::provider::docker) const NETWORK: &str = "nnnnnnnnnnnnnnnn";

/// What is desired, and what there is.
pub(in crate::provider::docker) struct Scene {
    pub(in crate::provider::docker) desired: Desired,
    pub(in crate::provider::docker) observed: Observed,
}

impl Scene {
    /// Everything is as the compose file wants it.
    pub(in crate::provider::docker) fn applied() -> Self {
        let file = ComposeFile::parse(include_str!("../../../artifact/compose/sample.yaml"))
            .expect("the sample is valid");
        let desired = Desired {
            stack: "otel".into(),
            project: "otel".into(),
            directory: "/opt/otel".into(),
            compose: Some(file),
            previous: Vec::new(),
            read_once: Vec::new(),
            scraped: None,
            remove_volumes: false,
        };
        let mut scene = Self { desired, observed: Observed::default() };
        let file = scene.file().clone();
        for service in file.services.values() {
            let image = Image {
                id: format!("sha256:{}", service.name),
                entrypoint: vec!["/otelcol-contrib".into()],
                command: vec!["--config".into(), "/default".into()],
                environment: BTreeMap::from([("PATH".into(), "/bin".into())]),
                labels: BTreeMap::from([("maintainer".into(), "somebody".into())]),
                volumes: vec!["/extra".into()],
                ..Image::default()
            };
            scene.observed.images.insert(service.image.clone(), image);
        }
        let spec = NetworkSpec::new(&scene.desired, &file);
        scene.observed.networks.push(Network {
            id: NETWORK.into(),
            name: spec.name,
            driver: spec.driver,
            options: spec.options,
            subnets: spec.subnets,
            internal: false,
            ipv6: false,
            labels: spec.labels,
        });
        for (key, volume) in &file.volumes {
            let labels = labels::volume(&volume.labels, &scene.desired, key);
            scene.observed.volumes.push(Volume { name: volume.name.clone(), labels });
        }
        scene.add("otel-collector", COLLECTOR);
        scene.add("prometheus", PROMETHEUS);
        scene
    }

    fn file(&self) -> &ComposeFile {
        self.desired.compose.as_ref().expect("the scene has a compose file")
    }

    /// The compose file, to be changed.
    pub(in crate::provider::docker) fn file_mut(&mut self) -> &mut ComposeFile {
        self.desired.compose.as_mut().expect("the scene has a compose file")
    }

    /// Adds a running container as the service wants it.
    pub(super) fn add(&mut self, service: &str, id: &str) -> &mut Container {
        let file = self.file().clone();
        let service = &file.services[service];
        let spec = ContainerSpec::new(&self.desired, &file, service);
        let image = &self.observed.images[&service.image];
        let made = Configuration {
            log_driver: "json-file".into(),
            mounts: BTreeMap::from([("/extra".into(), "0123:rw".into())]),
            labels: BTreeMap::from([(labels::VERSION.into(), labels::COMPOSE_VERSION.into())]),
            ..Configuration::default()
        };
        let mut configuration = spec.wanted(image, Some(NETWORK), &made);
        configuration.labels.extend(spec.labels);
        self.observed.summaries.push(Summary {
            id: id.into(),
            name: service.container_name.clone(),
            stack: Some("otel".into()),
            running: true,
            ports: service
                .ports
                .iter()
                .map(|port| Published { ip: port.host_ip, port: port.host_port })
                .collect(),
            networks: vec![file.network.name.clone()],
        });
        self.observed.containers.push(Container {
            id: id.into(),
            name: service.container_name.clone(),
            state: State::Running,
            ever_started: true,
            started: None,
            configuration,
        });
        self.container(id)
    }

    /// A container, to be spoilt.
    pub(super) fn container(&mut self, id: &str) -> &mut Container {
        let found = self.observed.containers.iter_mut().find(|container| container.id == id);
        found.expect("the container exists")
    }

    /// A container's entry in the list, to be spoilt.
    pub(super) fn summary(&mut self, id: &str) -> &mut Summary {
        let found = self.observed.summaries.iter_mut().find(|summary| summary.id == id);
        found.expect("the container exists")
    }

    /// Renames a container everywhere.
    pub(super) fn rename(&mut self, id: &str, name: &str) {
        self.container(id).name = name.into();
        self.summary(id).name = name.into();
    }

    /// Takes a container away.
    pub(super) fn remove(&mut self, id: &str) {
        self.observed.containers.retain(|container| container.id != id);
        self.observed.summaries.retain(|summary| summary.id != id);
    }

    /// Ends a container.
    pub(super) fn stop(&mut self, id: &str, state: State) {
        self.container(id).state = state;
        self.summary(id).running = false;
        self.summary(id).ports.clear();
    }

    /// The changes in order.
    pub(super) fn plan(&self) -> Vec<Change<Operation>> {
        let changes = diff(&self.desired, &self.observed).expect("nothing is in the way");
        Plan::new("otel".into(), changes, Vec::new()).changes().to_vec()
    }

    /// One line a change: action, address, fields.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |change: &Change<Operation>| {
            let fields: Vec<&str> = change.fields.iter().map(|f| f.field.as_str()).collect();
            let address = change.address.trim_start_matches("docker/");
            format!("{:?} {address} {}", change.action, fields.join(",")).trim_end().to_owned()
        };
        self.plan().iter().map(line).collect()
    }

    /// What is refused.
    pub(super) fn refused(&self) -> Vec<Diagnostic> {
        diff(&self.desired, &self.observed).expect_err("something must be in the way")
    }
}
