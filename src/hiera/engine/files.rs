//! The door to files. Whoever owns the disk implements it.

use crate::diagnostic::Diagnostic;
use std::path::Path;

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// The name without its directory.
    pub name: String,
    /// Whether it is a directory, links followed.
    pub is_directory: bool,
}

/// Reads files and lists directories, and can do nothing else.
pub trait Files: Send + Sync {
    /// Reads a whole file; none when there is no such file.
    ///
    /// # Errors
    /// What is there cannot be read: a directory, a missing permission.
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Diagnostic>;

    /// Lists a directory in any order; none when there is no such directory.
    ///
    /// # Errors
    /// It cannot be read.
    fn list(&self, path: &Path) -> Result<Option<Vec<DirectoryEntry>>, Diagnostic>;

    /// Says whether there is a directory.
    fn is_directory(&self, path: &Path) -> bool;
}
