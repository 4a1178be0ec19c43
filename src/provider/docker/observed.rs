//! The snapshot: what Docker holds, in otelctl's own types. No calls.

use super::Configuration;
use crate::artifact::compose::label;
use crate::system::listener::Listener;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::SystemTime;

/// Everything that `diff` asks about.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Containers of the stack, and those that have a desired name, inspected.
    pub containers: Vec<Container>,
    /// Every container there is.
    pub summaries: Vec<Summary>,
    /// Every network there is.
    pub networks: Vec<Network>,
    /// Volumes of the stack, and those that have a desired name.
    pub volumes: Vec<Volume>,
    /// The desired images that are present, by reference.
    pub images: BTreeMap<String, Image>,
    /// Processes of the host that listen on a port which is to be newly bound.
    pub listeners: Vec<Listener>,
}

/// A container, inspected.
#[derive(Clone, Debug)]
pub struct Container {
    /// Docker's id.
    pub id: String,
    /// The name, without a slash.
    pub name: String,
    /// Whether it runs.
    pub state: State,
    /// Whether it ever ran.
    pub ever_started: bool,
    /// When it was started last.
    pub started: Option<SystemTime>,
    /// How it was made.
    pub configuration: Configuration,
}

/// The state of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Made and not started.
    Created,
    /// Running.
    Running,
    /// Running, and its health URL does not answer 200.
    Unhealthy,
    /// Paused.
    Paused,
    /// Ended, and about to be started again by its restart policy.
    Restarting,
    /// Ended, with its exit code.
    Exited(i64),
    /// Half removed.
    Dead,
}

/// A container as the list shows it.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Docker's id.
    pub id: String,
    /// The name, without a slash.
    pub name: String,
    /// The stack that owns it, by its label.
    pub stack: Option<String>,
    /// Whether it runs.
    pub running: bool,
    /// The host's ports that it holds.
    pub ports: Vec<Published>,
    /// The names of its networks.
    pub networks: Vec<String>,
}

/// A TCP port of the host, held by a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The host's address.
    pub ip: Option<IpAddr>,
    /// The port.
    pub port: u16,
}

/// A network.
#[derive(Clone, Debug)]
pub struct Network {
    /// Docker's id.
    pub id: String,
    /// The name, which need not be unique.
    pub name: String,
    /// The driver.
    pub driver: String,
    /// The driver's options.
    pub options: BTreeMap<String, String>,
    /// The address pools.
    pub subnets: Vec<IpNet>,
    /// Whether it has no way out.
    pub internal: bool,
    /// Whether it has IPv6.
    pub ipv6: bool,
    /// The labels.
    pub labels: BTreeMap<String, String>,
}

/// A volume.
#[derive(Clone, Debug)]
pub struct Volume {
    /// The name.
    pub name: String,
    /// The labels.
    pub labels: BTreeMap<String, String>,
}

/// An image that is present.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// The id, `sha256:…`.
    pub id: String,
    /// What it runs.
    pub entrypoint: Vec<String>,
    /// With which arguments.
    pub command: Vec<String>,
    /// As whom.
    pub user: String,
    /// With which environment.
    pub environment: BTreeMap<String, String>,
    /// The labels that every container inherits.
    pub labels: BTreeMap<String, String>,
    /// The folders that get an anonymous volume unless something is mounted there.
    pub volumes: Vec<String>,
}

impl Container {
    /// The stack that owns it, by its label.
    #[must_use]
    pub fn stack(&self) -> Option<&str> {
        self.configuration.labels.get(label::STACK).map(String::as_str)
    }

    /// A label's value.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        self.configuration.labels.get(key).map(String::as_str)
    }
}

impl Network {
    /// The stack that owns it, by its label.
    #[must_use]
    pub fn stack(&self) -> Option<&str> {
        self.labels.get(label::STACK).map(String::as_str)
    }
}

impl Volume {
    /// The stack that owns it, by its label.
    #[must_use]
    pub fn stack(&self) -> Option<&str> {
        self.labels.get(label::STACK).map(String::as_str)
    }
}
