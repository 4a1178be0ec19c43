//! The closed set of things that are done to Docker, each fully decided.

use super::{ContainerSpec, NetworkSpec, Trial, VolumeSpec};
use crate::provider::Scraper;
use std::path::PathBuf;

/// One decided operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Pulls an image that is not there.
    PullImage {
        /// The reference as the compose file has it.
        reference: String,
    },
    /// Tries what is to run, in a container that goes at once.
    Try(Box<Trial>),
    /// Makes the network.
    CreateNetwork(NetworkSpec),
    /// Stops the containers of old networks, removes those, makes the new one.
    ReplaceNetwork {
        /// The network to make.
        network: NetworkSpec,
        /// The networks in its way, all of them ours.
        old: Vec<RetiredNetwork>,
        /// Whose next scrape is waited for before anything is stopped.
        after: Option<Scraper>,
    },
    /// Makes a volume.
    CreateVolume(VolumeSpec),
    /// Makes and starts a container, and waits until it is healthy.
    CreateContainer(Box<ContainerSpec>),
    /// Makes a container, stops the old ones, starts the new one, waits until
    /// it is healthy, removes the old ones; if it does not get healthy, one
    /// old container is put back.
    ReplaceContainer {
        /// The container to make.
        container: Box<ContainerSpec>,
        /// The containers that go, all of them ours.
        old: Vec<RetiredContainer>,
        /// Which of them comes back when the new one fails.
        put_back: Option<PutBack>,
        /// Whose next scrape is waited for before the old ones are stopped.
        after: Option<Scraper>,
    },
    /// Starts a container that stands still, and waits until it is healthy.
    StartContainer {
        /// Docker's id.
        id: String,
        /// The name, for messages.
        name: String,
        /// The URL that answers 200.
        health: Option<String>,
    },
    /// Restarts a container that ends again and again or must read a file again, with a
    /// fresh count of restarts, and waits until it is healthy.
    RestartContainer {
        /// Docker's id.
        id: String,
        /// The name, for messages.
        name: String,
        /// The URL that answers 200.
        health: Option<String>,
        /// Whose next scrape is waited for before it is stopped.
        after: Option<Scraper>,
    },
    /// Lets a paused container go on.
    UnpauseContainer {
        /// Docker's id.
        id: String,
        /// The name, for messages.
        name: String,
    },
    /// Stops a container, within its grace period, and removes it.
    RemoveContainer {
        /// Docker's id.
        id: String,
        /// The name, for messages.
        name: String,
        /// Whose next scrape is waited for before it is stopped.
        after: Option<Scraper>,
    },
    /// Removes a network.
    RemoveNetwork {
        /// Docker's id.
        id: String,
        /// The name, for messages.
        name: String,
    },
    /// Removes a volume and its data.
    RemoveVolume {
        /// The name.
        name: String,
    },
}

/// A network that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetiredNetwork {
    /// Docker's id.
    pub id: String,
    /// The name, for messages.
    pub name: String,
    /// The ids of the containers on it.
    pub containers: Vec<String>,
}

/// A container that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetiredContainer {
    /// Docker's id.
    pub id: String,
    /// The name, for messages.
    pub name: String,
    /// The name that it gets meanwhile, when it has the new one's.
    pub aside: Option<String>,
    /// Whether it must be stopped.
    pub running: bool,
}

/// The old container that comes back when the new one fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutBack {
    /// Docker's id.
    pub id: String,
    /// Whether it was running, and so is started.
    pub start: bool,
    /// The network that it must join again, since that was made anew.
    pub reconnect: Option<String>,
    /// The files that it reads and that this plan has changed, as they were.
    pub files: Vec<PreviousFile>,
}

/// A file as it was before the plan changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousFile {
    /// The absolute path.
    pub path: PathBuf,
    /// The whole content.
    pub bytes: Vec<u8>,
    /// Permission bits.
    pub mode: u32,
}
