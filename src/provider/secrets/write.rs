//! Carries out one operation on a secret file.

use super::{FILE_MODE, Operation};
use crate::diagnostic::Diagnostic;
use crate::provider::{Execute, Progress};
use crate::secret::Secret;
use crate::system::{disk, random};

/// Writes secret files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writer;

impl Execute for Writer {
    type Operation = Operation;

    async fn execute(&self, operation: &Operation, _: Progress<'_>) -> Result<(), Diagnostic> {
        match operation {
            Operation::SetFolder { path, mode, owner } => {
                disk::create_folder(path, *mode)?;
                disk::set_owner(path, *owner)?;
                disk::set_mode(path, *mode)
            }
            Operation::Write { path, owner, content } => {
                let content = match content {
                    Some(content) => content.clone(),
                    None => Secret::new(random::password()?),
                };
                disk::write_owned(path, content.expose().as_bytes(), FILE_MODE, *owner)
            }
            Operation::SetFile { path, owner } => {
                disk::set_owner(path, *owner)?;
                disk::set_mode(path, FILE_MODE)
            }
            Operation::Remove { path, folders } => {
                disk::remove(path)?;
                for folder in folders {
                    disk::remove_empty_folder(folder)?;
                }
                Ok(())
            }
        }
    }
}
