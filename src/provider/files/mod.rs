//! Files below the stack's directory: observe, diff, execute.
//!
//! Owns the artifacts' paths and nothing else there: a file that does not
//! carry otelctl's mark is somebody else's. May not know what the files mean.

mod diff;
mod observe;
mod write;

pub use diff::{diff, stack_of_another};
pub use observe::{Folder, Found, Observed, Reader};
pub use write::Writer;

use crate::artifact::Artifact;
use std::path::PathBuf;

/// Permission bits of the folders: containers read them as other users.
pub const FOLDER_MODE: u32 = 0o755;

/// The files that should stand below the stack's directory.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The stack's name.
    pub stack: String,
    /// The stack's directory.
    pub directory: PathBuf,
    /// What should be there; empty: nothing.
    pub artifacts: Vec<Artifact>,
    /// Every path that any profile could make; those not desired are removed.
    pub known: Vec<String>,
    /// The user id that owns what otelctl writes; `None`: not compared, since
    /// a plan by another user than root knows only its own.
    pub owner: Option<u32>,
    /// Paths of foreign files that the user lets otelctl replace.
    pub adopt: Vec<String>,
}

/// One call to the file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Makes a folder and its parents.
    CreateFolder {
        /// The absolute path.
        path: PathBuf,
    },
    /// Sets a folder's mode and owner.
    SetFolder {
        /// The absolute path.
        path: PathBuf,
        /// The owner's user id.
        owner: Option<u32>,
    },
    /// Replaces a file as a whole.
    Write {
        /// The absolute path.
        path: PathBuf,
        /// The whole content.
        bytes: Vec<u8>,
        /// Permission bits.
        mode: u32,
    },
    /// Removes a file.
    Remove {
        /// The absolute path.
        path: PathBuf,
    },
    /// Removes a folder, if it is empty by then.
    RemoveFolder {
        /// The absolute path.
        path: PathBuf,
    },
}

/// The folders of a set of paths, outermost first; the stack's directory is the empty path.
fn folders<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut folders = vec![String::new()];
    for path in paths {
        let mut at = 0;
        while let Some(next) = path.get(at..).and_then(|rest| rest.find('/')) {
            at += next;
            folders.extend(path.get(..at).map(str::to_owned));
            at += 1;
        }
    }
    folders.sort();
    folders.dedup();
    folders
}

#[cfg(test)]
mod tests {
    #[test]
    fn folders_come_outermost_first_and_once() {
        let folders = super::folders(["a/b/c", "a/d", "e", "a/b/f"]);
        assert_eq!(folders, ["", "a", "a/b"]);
    }
}
