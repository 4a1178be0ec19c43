//! Decides what is worth a trial: a new configuration, or an image that never ran here.

use super::{Attempt, Trial, TrialFile};
use crate::artifact::compose::{ComposeFile, Service, Source, label};
use crate::artifact::{Artifact, path};
use crate::plan::{Action, Change, Stage};
use crate::provider::docker::{Desired, Observed, Operation};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The bridge that an engine has unless it is told otherwise.
const DEFAULT_BRIDGE: &str = "bridge";

/// What stands for a secret: nothing is sent while a trial runs.
const PLACEHOLDER: &[u8] = b"trial";

/// Decides the trials of a plan that makes `changes` and writes the files `written`.
#[must_use]
pub fn trials(
    desired: &Desired,
    observed: &Observed,
    artifacts: &[Artifact],
    written: &BTreeSet<PathBuf>,
) -> Vec<Change<Operation>> {
    let Some(compose) = &desired.compose else { return Vec::new() };
    let mut trials = Vec::new();
    for service in compose.services.values() {
        let files = files(desired, service, artifacts);
        let has = |path: &str| files.iter().find(|(artifact, _)| *artifact == Some(path));
        let writes = files.iter().any(|(artifact, _)| {
            artifact.is_some_and(|path| written.contains(&Path::new(&desired.directory).join(path)))
        });
        if !writes && has_run(desired, observed, service) {
            continue;
        }
        let mut attempts = Vec::new();
        if has(path::COLLECTOR).is_some() {
            let network = network(desired, observed, compose);
            attempts.push(("validate", Attempt::Validate));
            attempts.push(("trial", Attempt::Start { network, health: health(service) }));
        }
        if let Some((_, TrialFile { path, bytes: _ })) = has(path::PROMETHEUS) {
            attempts.push(("promtool", Attempt::Promtool { file: path.clone() }));
        }
        let files: Vec<TrialFile> = files.iter().map(|(_, file)| file.clone()).collect();
        trials.extend(attempts.into_iter().map(|(suffix, attempt)| {
            let name = format!("{}-{suffix}", service.container_name);
            let trial = Trial {
                stack: desired.stack.clone(),
                name: name.clone(),
                service: service.clone(),
                files: files.clone(),
                attempt,
            };
            let operation = Operation::Try(Box::new(trial));
            Change::new(format!("trial/{name}"), Action::Create, Stage::Trial, operation)
        }));
    }
    trials
}

/// Says that a container of the stack was made from this very image.
fn has_run(desired: &Desired, observed: &Observed, service: &Service) -> bool {
    let image = observed.images.get(&service.image).map(|image| &image.id);
    let ours = observed
        .containers
        .iter()
        .filter(|container| container.label(label::STACK) == Some(desired.stack.as_str()));
    ours.into_iter().any(|container| Some(&container.configuration.image) == image)
}

/// What the service finds in its mounted folders: rendered files by their artifacts' paths,
/// and placeholders for secrets.
fn files<'a>(
    desired: &Desired,
    service: &Service,
    artifacts: &'a [Artifact],
) -> Vec<(Option<&'a str>, TrialFile)> {
    let inside = |path: &Path| {
        service.volumes.iter().find_map(|mount| match &mount.source {
            Source::Path(folder) => {
                let rest = path.strip_prefix(folder).ok()?;
                Some(Path::new(&mount.target).join(rest).to_str()?.to_owned())
            }
            Source::Volume(_) => None,
        })
    };
    let rendered = artifacts.iter().filter_map(|artifact| {
        let path = inside(&Path::new(&desired.directory).join(&artifact.path))?;
        Some((Some(artifact.path.as_str()), TrialFile { path, bytes: artifact.bytes.to_vec() }))
    });
    let secrets = desired.read_once.iter().filter_map(|file| {
        Some((None, TrialFile { path: inside(&file.path)?, bytes: PLACEHOLDER.to_vec() }))
    });
    rendered.chain(secrets).collect()
}

/// The stack's own network, which stands before any container, or else Docker's own bridge.
fn network(desired: &Desired, observed: &Observed, compose: &ComposeFile) -> Option<String> {
    let ours = observed.networks.iter().find(|network| {
        network.name == compose.network.name
            && network.labels.get(label::STACK) == Some(&desired.stack)
    });
    let network = ours
        .or_else(|| observed.networks.iter().find(|network| network.name == DEFAULT_BRIDGE))
        .filter(|network| network.driver == "bridge")?;
    Some(network.id.clone())
}

/// Port and path in the container of the URL that is asked on the host.
fn health(service: &Service) -> Option<(u16, String)> {
    let rest = service.labels.get(label::HEALTH)?.strip_prefix("http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let port: u16 = host.rsplit_once(':')?.1.parse().ok()?;
    let published = service.ports.iter().find(|published| published.host_port == port)?;
    Some((published.container_port, format!("/{path}")))
}
