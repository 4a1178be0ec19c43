//! The labels by which docker-compose finds its objects.

use super::Desired;
use std::collections::BTreeMap;

/// The version whose hashes and labels are written.
pub(super) const COMPOSE_VERSION: &str = "1.29.2";
/// The namespace of docker-compose's own labels.
pub(super) const PREFIX: &str = "com.docker.compose.";
/// The compose project.
pub(super) const PROJECT: &str = "com.docker.compose.project";
/// The service.
pub(super) const SERVICE: &str = "com.docker.compose.service";
/// `True` for a container of `docker-compose run`.
pub(super) const ONE_OFF: &str = "com.docker.compose.oneoff";
/// The number of the container within its service.
pub(super) const NUMBER: &str = "com.docker.compose.container-number";
/// The hash of the service's configuration.
pub(super) const CONFIG_HASH: &str = "com.docker.compose.config-hash";
/// The version of docker-compose.
pub(super) const VERSION: &str = "com.docker.compose.version";
const WORKING_DIR: &str = "com.docker.compose.project.working_dir";
const CONFIG_FILES: &str = "com.docker.compose.project.config_files";
const NETWORK: &str = "com.docker.compose.network";
const VOLUME: &str = "com.docker.compose.volume";

type Labels = BTreeMap<String, String>;

fn with(labels: &Labels, more: &[(&str, &str)]) -> Labels {
    let more = more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    labels.clone().into_iter().chain(more).collect()
}

/// The labels of a service's container, the config hash apart.
pub(super) fn container(own: &Labels, desired: &Desired, service: &str) -> Labels {
    let config = format!("{}/{}", desired.directory, crate::artifact::path::COMPOSE);
    with(
        own,
        &[
            (PROJECT, &desired.project),
            (SERVICE, service),
            (ONE_OFF, "False"),
            (NUMBER, "1"),
            (VERSION, COMPOSE_VERSION),
            (WORKING_DIR, &desired.directory),
            (CONFIG_FILES, &config),
        ],
    )
}

/// The labels of the default network. Compose v2 demands its key here;
/// 1.29.2 writes the full name and does not read it.
pub(super) fn network(own: &Labels, desired: &Desired) -> Labels {
    with(own, &[(PROJECT, &desired.project), (NETWORK, "default"), (VERSION, COMPOSE_VERSION)])
}

/// The labels of a volume, by its key in the compose file.
pub(super) fn volume(own: &Labels, desired: &Desired, key: &str) -> Labels {
    with(own, &[(PROJECT, &desired.project), (VOLUME, key), (VERSION, COMPOSE_VERSION)])
}
