//! Volumes: made when missing, never changed, since they hold data.

use super::{Comparison, obstacle};
use crate::artifact::compose::ComposeFile;
use crate::plan::{Action, Change, Stage};
use crate::provider::docker::{Operation, VolumeSpec, labels};

impl Comparison<'_> {
    pub(super) fn volumes(&mut self, file: &ComposeFile) {
        for (key, wanted) in &file.volumes {
            let found = self.observed.volumes.iter().find(|volume| volume.name == wanted.name);
            match found {
                None => {
                    let spec = VolumeSpec {
                        name: wanted.name.clone(),
                        labels: labels::volume(&wanted.labels, self.desired, key),
                    };
                    self.changes.push(
                        Change::new(
                            format!("docker/volume/{}", wanted.name),
                            Action::Create,
                            Stage::Network,
                            Operation::CreateVolume(spec),
                        )
                        .because("it does not exist"),
                    );
                }
                Some(volume) if self.is_ours(volume.stack()) => {}
                Some(volume) => {
                    let cure = format!(
                        "keep its data elsewhere and remove it with `docker volume rm {}`",
                        volume.name
                    );
                    let refused = obstacle::foreign("volume", &volume.name, volume.stack(), &cure);
                    self.errors.push(refused);
                }
            }
        }
    }
}
