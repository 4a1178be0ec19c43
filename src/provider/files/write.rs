//! Carries out one file operation.

use super::{FOLDER_MODE, Operation};
use crate::diagnostic::Diagnostic;
use crate::provider::{Execute, Progress};
use crate::system::disk;

/// Writes files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writer;

impl Execute for Writer {
    type Operation = Operation;

    async fn execute(&self, operation: &Operation, _: Progress<'_>) -> Result<(), Diagnostic> {
        match operation {
            Operation::CreateFolder { path } => disk::create_folder(path, FOLDER_MODE),
            Operation::SetFolder { path, owner } => {
                if let Some(owner) = owner {
                    disk::set_owner(path, *owner)?;
                }
                disk::set_mode(path, FOLDER_MODE)
            }
            Operation::Write { path, bytes, mode } => disk::write(path, bytes, *mode),
            Operation::Remove { path } => disk::remove(path),
            Operation::RemoveFolder { path } => disk::remove_empty_folder(path).map(|_| ()),
        }
    }
}
