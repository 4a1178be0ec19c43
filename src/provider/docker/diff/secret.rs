//! Files that a container reads once: it starts anew when they change.
//!
//! Whether it knows the current one is told by two moments, that of the file
//! and that of the container's start. Nothing of the content is kept anywhere.

use super::Comparison;
use crate::artifact::compose::{Service, Source};
use crate::plan::{Action, Change, FieldDiff, Risk, Shown, Stage};
use crate::provider::docker::{Container, ContainerSpec, Operation, ReadOnce};

/// About how long a restart takes, measured with a collector.
const GAP: &str = "about 1.5 s";

impl<'a> Comparison<'a> {
    /// The file that a running container has not read since it was written.
    pub(super) fn stale(&self, service: &Service, container: &Container) -> Option<&'a ReadOnce> {
        let is_mounted = |file: &ReadOnce| {
            service.volumes.iter().any(|mount| match &mount.source {
                Source::Path(folder) => file.path.starts_with(folder),
                Source::Volume(_) => false,
            })
        };
        let files = self.desired.read_once.iter().filter(|file| is_mounted(file));
        files.into_iter().find(|file| match (file.written, container.started) {
            (None, _) => true,
            (Some(written), Some(started)) => written > started,
            (Some(_), None) => false,
        })
    }

    /// Restarts a container that knows an old secret.
    pub(super) fn read_again(&mut self, spec: &ContainerSpec, container: &Container) {
        let Some(file) = self.stale(&spec.service, container) else { return };
        let below = file.path.strip_prefix(&self.desired.directory).unwrap_or(&file.path);
        let field = below.display().to_string();
        let moment = self.moment([container.name.as_str()].into_iter());
        let impact = format!("{} down {GAP}{}", container.name, moment.told);
        let operation = Operation::RestartContainer {
            id: container.id.clone(),
            name: container.name.clone(),
            health: spec.health().map(str::to_owned),
            after: moment.after,
        };
        let address = format!("docker/container/{}", container.name);
        self.changes.push(
            Change::new(address, Action::Update, Stage::Container, operation)
                .because("its secret changed, which it reads when it starts")
                .risk(Risk::Disruptive)
                .impact(impact)
                .fields([FieldDiff { field, before: Shown::Hidden, after: Shown::Hidden }]),
        );
    }
}
