//! What carries our label and is not desired: removed.

use super::Comparison;
use super::container::is_one_off;
use crate::plan::{Action, Change, Risk, Stage};
use crate::provider::docker::{Container, Operation};

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
        for volume in &self.observed.volumes {
            let wanted = self
                .desired
                .compose
                .iter()
                .flat_map(|file| file.volumes.values())
                .any(|wanted| wanted.name == volume.name);
            if wanted || !self.is_ours(volume.stack()) {
                continue;
            }
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
        let operation =
            Operation::RemoveContainer { id: container.id.clone(), name: container.name.clone() };
        let address = format!("docker/container/{}", container.name);
        self.changes.push(
            Change::new(address, Action::Delete, Stage::Container, operation)
                .because(reason)
                .risk(Risk::Disruptive),
        );
    }
}
