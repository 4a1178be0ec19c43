//! What carries our label and is not desired: removed.

use super::Comparison;
use super::container::is_one_off;
use super::replacement::is_up;
use crate::diagnostic::Diagnostic;
use crate::plan::{Action, Change, Risk, Stage};
use crate::provider::docker::{Container, Desired, Observed, Operation, Volume};

impl Comparison<'_> {
    pub(super) fn orphans(&mut self) {
        let observed = self.observed;
        let destroying = self.desired.compose.is_none();
        for container in &observed.containers {
            let leave = !destroying && is_one_off(container);
            if self.is_ours(container.stack()) && !self.retired.contains(&container.id) && !leave {
                self.remove(container, "nothing wants it any more");
            }
        }
        let wanted = self.desired.compose.as_ref().map(|file| file.network.name.as_str());
        for network in &observed.networks {
            if !self.is_ours(network.stack())
                || self.retired.contains(&network.id)
                || Some(network.name.as_str()) == wanted
            {
                continue;
            }
            self.attached(network);
            let operation =
                Operation::RemoveNetwork { id: network.id.clone(), name: network.name.clone() };
            let address = format!("docker/network/{}", network.name);
            self.changes.push(
                Change::new(address, Action::Delete, Stage::Network, operation)
                    .because("nothing wants it any more"),
            );
        }
        if self.desired.remove_volumes {
            self.orphan_volumes();
        }
    }

    /// Data goes only when asked for.
    fn orphan_volumes(&mut self) {
        for volume in orphaned(self.desired, self.observed) {
            let operation = Operation::RemoveVolume { name: volume.name.clone() };
            let address = format!("docker/volume/{}", volume.name);
            self.changes.push(
                Change::new(address, Action::Delete, Stage::Network, operation)
                    .because("its data is to go")
                    .risk(Risk::Destructive)
                    .impact(format!("all data in `{}` is lost", volume.name)),
            );
        }
    }

    pub(super) fn remove(&mut self, container: &Container, reason: &str) {
        let running = is_up(container.state).then_some(container.name.as_str());
        let moment = self.moment(running.into_iter());
        let stage = if moment.after.is_some() { Stage::Counter } else { Stage::Container };
        let operation = Operation::RemoveContainer {
            id: container.id.clone(),
            name: container.name.clone(),
            after: moment.after,
        };
        let change = Change::new(
            format!("docker/container/{}", container.name),
            Action::Delete,
            stage,
            operation,
        );
        let change = change.because(reason).risk(Risk::Disruptive);
        let told = format!("{} stops{}", container.name, moment.told);
        self.changes.push(if moment.told.is_empty() { change } else { change.impact(told) });
    }
}

/// Volumes of the stack that its compose file does not want.
fn orphaned<'a>(
    desired: &'a Desired,
    observed: &'a Observed,
) -> impl Iterator<Item = &'a Volume> + use<'a> {
    let wanted = |volume: &Volume| {
        let mut files = desired.compose.iter().flat_map(|file| file.volumes.values());
        files.any(|wanted| wanted.name == volume.name)
    };
    let ours = |volume: &&Volume| volume.stack() == Some(desired.stack.as_str());
    observed.volumes.iter().filter(ours).filter(move |volume| !wanted(volume))
}

/// Says which data stays behind, and how it goes.
#[must_use]
pub fn remains(desired: &Desired, observed: &Observed) -> Option<Diagnostic> {
    let left: Vec<&str> = orphaned(desired, observed).map(|volume| volume.name.as_str()).collect();
    if desired.remove_volumes || left.is_empty() {
        return None;
    }
    let noun = if left.len() == 1 { "volume" } else { "volumes" };
    let names: Vec<String> = left.iter().map(|name| format!("`{name}`")).collect();
    let note = Diagnostic::note(format!("recorded data stays in the {noun} {}", names.join(", ")));
    // The rest of the stack keeps its data.
    let hint = if desired.compose.is_some() {
        format!("`docker volume rm {}` removes it", left.join(" "))
    } else {
        "`otelctl destroy --volumes` removes it, and the password that opens it".to_owned()
    };
    Some(note.code("docker::volumes-stay").hint(hint))
}
