//! Containers: made, started, kept, or replaced.

use super::network::Joined;
use super::{Comparison, obstacle};
use crate::artifact::compose::{ComposeFile, Service};
use crate::plan::{Action, Change, FieldDiff, Shown, Stage};
use crate::provider::docker::{Container, ContainerSpec, Operation, State, labels};

impl<'a> Comparison<'a> {
    pub(super) fn containers(&mut self, file: &ComposeFile, network: &Joined) {
        let mut services: Vec<&Service> = file.services.values().collect();
        // Who takes over a port from another service comes after it.
        services.sort_by_key(|service| self.takes_over(file, service));
        for service in services {
            self.container(file, service, network);
        }
    }

    fn takes_over(&self, file: &ComposeFile, service: &Service) -> bool {
        let others = self.observed.summaries.iter().filter(|summary| {
            summary.name != service.container_name
                && file.services.values().any(|other| other.container_name == summary.name)
        });
        others
            .flat_map(|summary| &summary.ports)
            .any(|held| service.ports.iter().any(|port| port.clashes(held.ip, held.port)))
    }

    /// The containers of ours that stand for a service, the one with its name first.
    fn candidates(&self, service: &Service) -> Vec<&'a Container> {
        let named = |container: &Container| container.name == service.container_name;
        let mut found: Vec<&Container> = self
            .observed
            .containers
            .iter()
            .filter(|container| {
                let of_service = container.label(labels::SERVICE) == Some(service.name.as_str())
                    && !is_one_off(container);
                self.is_ours(container.stack()) && (named(container) || of_service)
            })
            .collect();
        found.sort_by_key(|container| !named(container));
        found
    }

    /// Containers of ours that no service wants, and that hold one of its ports.
    fn port_orphans(&self, file: &ComposeFile, service: &Service) -> Vec<&'a Container> {
        let holds = |id: &str| {
            let summaries = self.observed.summaries.iter().filter(|summary| summary.id == id);
            summaries
                .flat_map(|summary| &summary.ports)
                .any(|held| service.ports.iter().any(|port| port.clashes(held.ip, held.port)))
        };
        self.observed
            .containers
            .iter()
            .filter(|container| {
                let wanted = file.services.values().any(|other| {
                    other.container_name == container.name
                        || container.label(labels::SERVICE) == Some(other.name.as_str())
                });
                self.is_ours(container.stack())
                    && !wanted
                    && !self.retired.contains(&container.id)
                    && holds(&container.id)
            })
            .collect()
    }

    fn container(&mut self, file: &ComposeFile, service: &Service, network: &Joined) {
        let name = &service.container_name;
        let foreign = self
            .observed
            .containers
            .iter()
            .find(|container| container.name == *name && !self.is_ours(container.stack()));
        if let Some(container) = foreign {
            let cure = format!("rename it with `docker rename {name} {name}-old`, or remove it");
            let refused = obstacle::foreign("container", name, container.stack(), &cure);
            self.errors.push(refused);
        }
        let spec = ContainerSpec::new(self.desired, file, service);
        let candidates = self.candidates(service);
        let orphans = self.port_orphans(file, service);
        let going: Vec<&Container> = candidates.iter().chain(&orphans).copied().collect();
        // Who has our name is told once, not once more for each port.
        let ids: Vec<&str> = going.iter().chain(&foreign).map(|c| c.id.as_str()).collect();
        let primary = candidates.first().filter(|container| container.name == *name).copied();
        let fields = primary.map(|container| self.fields(&spec, container, network));
        self.retired.extend(going.iter().map(|container| container.id.clone()));
        match (primary, fields) {
            (Some(container), Some(fields)) if fields.is_empty() => match container.state {
                State::Running if going.len() == 1 && self.stale(service, container).is_some() => {
                    self.read_again(&spec, container);
                }
                State::Running => {
                    self.leftovers(&spec, container, going.get(1..).unwrap_or_default());
                }
                State::Paused if going.len() == 1 => self.unpause(container),
                // It holds its ports itself, on and off.
                State::Restarting | State::Unhealthy if going.len() == 1 => {
                    self.start(&spec, container);
                }
                State::Created | State::Exited(_) if going.len() == 1 => {
                    self.held_ports(service, &ids);
                    self.start(&spec, container);
                }
                State::Created
                | State::Exited(_)
                | State::Restarting
                | State::Unhealthy
                | State::Paused
                | State::Dead => {
                    self.held_ports(service, &ids);
                    self.replace(spec, &going, Vec::new(), network);
                }
            },
            (_, fields) => {
                self.held_ports(service, &ids);
                if going.is_empty() {
                    self.create(spec);
                } else {
                    self.replace(spec, &going, fields.unwrap_or_default(), network);
                }
            }
        }
    }

    /// What differs between a container and its service.
    fn fields(
        &self,
        spec: &ContainerSpec,
        container: &Container,
        network: &Joined,
    ) -> Vec<FieldDiff> {
        let actual = &container.configuration;
        let reference = &spec.service.image;
        let Some(image) = self.observed.images.get(reference) else {
            return vec![FieldDiff {
                field: "image".to_owned(),
                before: Shown::plain(&actual.reference),
                after: Shown::Plain(format!("{reference}, to be pulled")),
            }];
        };
        let mut fields = actual.compare(&spec.wanted(image, network.id.as_deref(), actual));
        if network.id.is_none() {
            fields.push(FieldDiff {
                field: format!("network.{}", spec.network),
                before: Shown::plain("attached"),
                after: Shown::plain("made anew"),
            });
        }
        fields
    }

    fn create(&mut self, spec: ContainerSpec) {
        let address = format!("docker/container/{}", spec.container_name());
        let operation = Operation::CreateContainer(Box::new(spec));
        self.changes.push(
            Change::new(address, Action::Create, Stage::Container, operation)
                .because("it does not exist"),
        );
    }

    fn start(&mut self, spec: &ContainerSpec, container: &Container) {
        let reason = match container.state {
            State::Exited(code) => format!("it exited with code {code}"),
            State::Restarting => "it ends again and again".to_owned(),
            State::Unhealthy => "it runs, and its health check does not answer".to_owned(),
            State::Created | State::Running | State::Paused | State::Dead => {
                "it was made and never started".to_owned()
            }
        };
        let (id, name) = (container.id.clone(), container.name.clone());
        let health = spec.health().map(str::to_owned);
        let operation = if matches!(container.state, State::Restarting | State::Unhealthy) {
            Operation::RestartContainer { id, name, health, after: None }
        } else {
            Operation::StartContainer { id, name, health }
        };
        self.update(container, reason, "running", operation);
    }

    fn unpause(&mut self, container: &Container) {
        let operation =
            Operation::UnpauseContainer { id: container.id.clone(), name: container.name.clone() };
        self.update(container, "it is paused".to_owned(), "running", operation);
    }

    fn update(&mut self, container: &Container, reason: String, to: &str, operation: Operation) {
        let before = match container.state {
            State::Created => "created".to_owned(),
            State::Running => "running".to_owned(),
            State::Unhealthy => "unhealthy".to_owned(),
            State::Paused => "paused".to_owned(),
            State::Restarting => "restarting".to_owned(),
            State::Exited(code) => format!("exited ({code})"),
            State::Dead => "dead".to_owned(),
        };
        let address = format!("docker/container/{}", container.name);
        self.changes.push(
            Change::new(address, Action::Update, Stage::Container, operation)
                .because(reason)
                .fields(FieldDiff::compare("state", Some(before), Some(to.to_owned()))),
        );
    }

    /// A killed run had started the new container and not yet removed the old
    /// one, which stays until the new one is known to be healthy.
    fn leftovers(&mut self, spec: &ContainerSpec, container: &Container, old: &[&Container]) {
        if old.is_empty() {
            return;
        }
        let operation = Operation::StartContainer {
            id: container.id.clone(),
            name: container.name.clone(),
            health: spec.health().map(str::to_owned),
        };
        let address = format!("docker/container/{}", container.name);
        self.changes.push(
            Change::new(address, Action::Update, Stage::Container, operation)
                .because("an earlier run did not see it healthy"),
        );
        for container in old {
            self.remove(container, "an earlier run left it behind");
        }
    }
}

/// A container of `docker-compose run` is somebody at work; only `destroy` removes it.
pub(super) fn is_one_off(container: &Container) -> bool {
    container.label(labels::ONE_OFF) == Some("True")
}
