//! Looks at secret files; has no way to write.

use super::{Desired, TOP};
use crate::diagnostic::Diagnostic;
use crate::provider::Observe;
use crate::secret::Secret;
use crate::stack::SECRET_PATHS;
use crate::system::disk::{self, EntryKind};
use std::collections::BTreeMap;
use std::time::SystemTime;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: EntryKind,
    /// Permission bits.
    pub mode: u32,
    /// The owner's user id.
    pub owner: u32,
    /// When it was written last.
    pub modified: Option<SystemTime>,
    /// The content of a file whose content is decided by the profile.
    pub content: Option<Secret>,
}

/// What stands below `secrets/`, by path below the stack's directory.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Known files and their folders.
    pub found: BTreeMap<String, Found>,
}

/// Reads secret files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader;

impl Observe for Reader {
    type Desired = Desired;
    type Observed = Observed;

    async fn observe(&self, desired: &Desired) -> Result<Observed, Diagnostic> {
        let mut found = BTreeMap::new();
        let folders = SECRET_PATHS.iter().filter_map(|path| path.rsplit_once('/'));
        let mut paths: Vec<&str> = vec![TOP];
        paths.extend(folders.map(|(folder, _)| folder));
        paths.extend(SECRET_PATHS);
        for path in paths {
            let at = desired.directory.join(path);
            let Some(entry) = disk::entry(&at)? else { continue };
            let compared = |file: &&super::File| file.path == path && file.content.is_some();
            let content = match desired.files.iter().find(compared) {
                Some(_) if entry.kind == EntryKind::File => disk::read(&at)?
                    .and_then(|bytes| String::from_utf8(bytes).ok())
                    .map(Secret::new),
                _ => None,
            };
            let disk::Entry { kind, mode, uid: owner, modified } = entry;
            found.insert(path.to_owned(), Found { kind, mode, owner, modified, content });
        }
        Ok(Observed { found })
    }
}
