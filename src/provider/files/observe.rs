//! Reads what stands at the known paths.

use super::{Desired, folders};
use crate::artifact::{MARK, path};
use crate::diagnostic::Diagnostic;
use crate::provider::Observe;
use crate::system::Lock;
use crate::system::disk::{self, EntryKind};
use std::collections::BTreeMap;

/// What stands at one known path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether it is a plain file that carries otelctl's mark.
    pub ours: bool,
    /// The content of a plain file.
    pub bytes: Vec<u8>,
    /// Permission bits.
    pub mode: u32,
    /// The owner's user id.
    pub owner: u32,
}

/// What stands where a folder belongs: its permission bits and owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Whether it is a folder at all.
    pub is_folder: bool,
    /// Permission bits.
    pub mode: u32,
    /// The owner's user id.
    pub owner: u32,
}

/// What stands below the stack's directory, by relative path.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Files at known paths, and those that a killed run left unfinished.
    pub files: BTreeMap<String, Found>,
    /// Folders of the known paths.
    pub folders: BTreeMap<String, Folder>,
    /// Whether the stack's directory holds other things and nothing of ours.
    pub occupied: bool,
    /// The stack that the files are of, by the name in `.env`.
    pub stack: Option<String>,
}

/// Reads files; has no way to write.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader;

impl Observe for Reader {
    type Desired = Desired;
    type Observed = Observed;

    async fn observe(&self, desired: &Desired) -> Result<Observed, Diagnostic> {
        let mut observed = Observed::default();
        let wanted = desired.artifacts.iter().map(|artifact| artifact.path.as_str());
        let paths: Vec<&str> = desired.known.iter().map(String::as_str).chain(wanted).collect();
        for path in folders(paths.iter().copied()) {
            let folder = desired.directory.join(&path);
            if let Some(entry) = disk::entry(&folder)? {
                let is_folder = entry.kind == EntryKind::Folder;
                let found = Folder { is_folder, mode: entry.mode, owner: entry.uid };
                observed.folders.insert(path.clone(), found);
            }
            let unfinished =
                |name: &String| name.starts_with('.') && name.ends_with(disk::UNFINISHED);
            for name in disk::names(&folder)?.iter().filter(|name| unfinished(name)) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                let left = Found { ours: true, bytes: Vec::new(), mode: 0, owner: 0 };
                observed.files.insert(path, left);
            }
        }
        for path in paths {
            if observed.files.contains_key(path) {
                continue;
            }
            let at = desired.directory.join(path);
            let Some(entry) = disk::entry(&at)? else { continue };
            let bytes = match entry.kind {
                EntryKind::File => disk::read(&at)?.unwrap_or_default(),
                EntryKind::Folder | EntryKind::Other => Vec::new(),
            };
            let ours = entry.kind == EntryKind::File && carries_mark(&bytes);
            let found = Found { ours, bytes, mode: entry.mode, owner: entry.uid };
            observed.files.insert(path.to_owned(), found);
        }
        let own = |name: &String| {
            name == Lock::FOLDER || paths_below(&desired.known).any(|known| known == name)
        };
        let ours = observed.files.values().any(|found| found.ours);
        observed.occupied = !ours && !disk::names(&desired.directory)?.iter().all(own);
        let environment = observed.files.get(path::ENV).filter(|found| found.ours);
        observed.stack = environment.and_then(|found| stack_name(&found.bytes));
        Ok(observed)
    }
}

/// The first components of the known paths.
fn paths_below(known: &[String]) -> impl Iterator<Item = &str> {
    known.iter().filter_map(|path| path.split('/').next())
}

/// The project that docker-compose takes the folder for.
fn stack_name(environment: &[u8]) -> Option<String> {
    String::from_utf8_lossy(environment)
        .lines()
        .find_map(|line| line.strip_prefix("COMPOSE_PROJECT_NAME="))
        .map(|name| name.trim().to_owned())
}

/// The mark stands near the top: an edit below does not make a file foreign.
fn carries_mark(bytes: &[u8]) -> bool {
    let top = bytes.get(..bytes.len().min(400)).unwrap_or_default();
    String::from_utf8_lossy(top).contains(MARK)
}
