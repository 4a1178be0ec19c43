//! Files that hold a secret for one container: observe, diff, execute.
//!
//! Each lies alone with its like in `secrets/SERVICE/` (0500), has mode 0400
//! and belongs to the container's user, who alone can read it besides root.
//! A generated one lives exactly as long as the volume that it opens. May not
//! know what the secrets are for.

mod diff;
mod observe;
mod write;

pub use diff::diff;
pub use observe::{Found, Observed, Reader};
pub use write::Writer;

use crate::diagnostic::Failure;
use crate::secret::{Environment, Secret};
use crate::stack::{self, SecretFile};
use std::path::PathBuf;

/// Permission bits of a secret file.
pub const FILE_MODE: u32 = 0o400;
/// Permission bits of the folder that a container gets.
pub const FOLDER_MODE: u32 = 0o500;
/// Permission bits of the folder around all of them.
pub const TOP_MODE: u32 = 0o700;
/// The folder around all of them, below the stack's directory.
pub const TOP: &str = "secrets";

/// The secret files that should stand below the stack's directory.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The stack's directory.
    pub directory: PathBuf,
    /// What should be there.
    pub files: Vec<File>,
    /// Whether generated secrets that nobody needs go: with the volumes that they open.
    pub remove_generated: bool,
}

/// One secret file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path below the stack's directory: `secrets/SERVICE/NAME`.
    pub path: String,
    /// The container's user.
    pub owner: u32,
    /// What stands in it; none: made once at random.
    pub content: Option<Secret>,
}

/// Fetches what the profile refers to.
///
/// # Errors
/// Every secret that cannot be found.
pub fn files(files: &[SecretFile], environment: Environment<'_>) -> Result<Vec<File>, Failure> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for SecretFile { path, owner, content } in files {
        let content = match content {
            stack::Content::Generated { volume: _ } => Ok(None),
            stack::Content::Given { key, reference } => reference
                .value
                .resolve(key, environment)
                .map(Some)
                .map_err(|error| error.at(&reference.origin)),
            stack::Content::BasicAuthorization { username, key, password } => password
                .value
                .resolve(key, environment)
                .map(|password| Some(Secret::basic_authorization(username, &password)))
                .map_err(|error| error.at(&password.origin)),
        };
        match content {
            Ok(content) => found.push(File { path: path.clone(), owner: *owner, content }),
            Err(error) => missing.push(error),
        }
    }
    Failure::check(missing)?;
    Ok(found)
}

/// One call to the file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Makes a folder, or sets the mode and owner of one.
    SetFolder {
        /// The absolute path.
        path: PathBuf,
        /// Permission bits.
        mode: u32,
        /// The owner's user id.
        owner: u32,
    },
    /// Replaces a file as a whole.
    Write {
        /// The absolute path.
        path: PathBuf,
        /// The owner's user id.
        owner: u32,
        /// The content; none: made at random.
        content: Option<Secret>,
    },
    /// Sets the mode and owner of a file.
    SetFile {
        /// The absolute path.
        path: PathBuf,
        /// The owner's user id.
        owner: u32,
    },
    /// Removes a file, then its folders as far as they are empty.
    Remove {
        /// The absolute path.
        path: PathBuf,
        /// Its folders, innermost first.
        folders: Vec<PathBuf>,
    },
}
