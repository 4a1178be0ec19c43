//! One run at a time for one stack, by a lock that the kernel releases.

use super::disk;
use crate::diagnostic::{Diagnostic, Kind};
use std::fs::{self, File, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

const FILE: &str = "lock";

/// Holds the lock of a stack until it is dropped; a killed process loses it at once.
#[derive(Debug)]
pub struct Lock {
    file: File,
    directory: PathBuf,
    /// Folders that this run made for the lock, innermost first; gone again at
    /// its end, unless something else is in them or the lock is kept.
    temporary: Vec<PathBuf>,
}

impl Lock {
    /// The folder of the lock, below the stack's directory.
    pub const FOLDER: &str = ".otelctl";

    /// Takes the lock below `directory`, or says who holds it.
    ///
    /// # Errors
    /// `Kind::Locked` when another run holds it; disk errors.
    pub fn take(directory: &Path, command: &str) -> Result<Self, Diagnostic> {
        let folder = directory.join(Self::FOLDER);
        let missing = folder.ancestors().take_while(|folder| !folder.exists());
        let temporary: Vec<PathBuf> = missing.map(Path::to_path_buf).collect();
        disk::create_folder(&folder, 0o755)?;
        let path = folder.join(FILE);
        loop {
            let file = open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(held(file, &path)),
                Err(TryLockError::Error(cause)) => return Err(disk::error("lock", &path, &cause)),
            }
            // `destroy` removes the file: a lock on a removed file guards nothing.
            if inode(fs::metadata(&path)).is_some_and(|now| Some(now) == inode(file.metadata())) {
                let lock = Self { file, directory: directory.to_path_buf(), temporary };
                lock.sign(command)?;
                return Ok(lock);
            }
        }
    }

    /// Lets the lock's file and folders stay: there is a stack that they guard.
    pub fn keep(&mut self) {
        self.temporary.clear();
    }

    /// Lets the lock remove its own file and folders at the end of `destroy`.
    pub fn remove_at_end(&mut self) {
        self.temporary = vec![self.directory.join(Self::FOLDER), self.directory.clone()];
    }

    fn sign(&self, command: &str) -> Result<(), Diagnostic> {
        let mut file = &self.file;
        let text = format!("pid {} ({command})\n", std::process::id());
        self.file.set_len(0).and_then(|()| file.write_all(text.as_bytes())).map_err(|cause| {
            disk::error("write", &self.directory.join(Self::FOLDER).join(FILE), &cause)
        })
    }
}

impl Drop for Lock {
    /// A run that changed nothing leaves nothing. Failing here is harmless.
    fn drop(&mut self) {
        let folder = self.directory.join(Self::FOLDER);
        let alone = disk::names(&folder).is_ok_and(|names| names == [FILE]);
        if !self.temporary.is_empty() && alone {
            let _ = fs::remove_file(folder.join(FILE));
            for folder in &self.temporary {
                // Folders that hold something else stay.
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

fn open(path: &Path) -> Result<File, Diagnostic> {
    fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|cause| disk::error("open", path, &cause))
}

fn inode(found: std::io::Result<fs::Metadata>) -> Option<u64> {
    found.ok().map(|found| found.ino())
}

fn held(mut file: File, path: &Path) -> Diagnostic {
    let mut holder = String::new();
    let _ = file.read_to_string(&mut holder);
    let who = match holder.trim() {
        "" => "another run".to_owned(),
        known => format!("another run, {known},"),
    };
    Diagnostic::error(Kind::Locked, format!("{who} holds the lock of this stack"))
        .code("system::locked")
        .cause(format!("`{}` is locked", path.display()))
        .hint("wait until it has ended, then run this again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_run_learns_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path(), "apply").unwrap();
        let refused = Lock::take(folder.path(), "apply").unwrap_err();
        assert_eq!(refused.kind, Kind::Locked);
        assert!(refused.message.contains(&format!("pid {} (apply)", std::process::id())));
        drop(first);
        assert!(Lock::take(folder.path(), "apply").is_ok());
    }

    #[test]
    fn a_run_that_changed_nothing_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let stack = folder.path().join("opt/otel");
        drop(Lock::take(&stack, "apply").unwrap());
        assert_eq!(disk::names(folder.path()).unwrap(), Vec::<String>::new());

        let mut lock = Lock::take(&stack, "apply").unwrap();
        fs::write(stack.join("docker-compose.yaml"), "").unwrap();
        lock.keep();
        drop(lock);
        assert_eq!(disk::names(&stack).unwrap(), [".otelctl", "docker-compose.yaml"]);

        fs::remove_dir_all(stack.join(".otelctl")).unwrap();
        drop(Lock::take(&stack, "apply").unwrap());
        assert_eq!(disk::names(&stack).unwrap(), ["docker-compose.yaml"]);

        let mut lock = Lock::take(&stack, "destroy").unwrap();
        fs::remove_file(stack.join("docker-compose.yaml")).unwrap();
        lock.remove_at_end();
        drop(lock);
        assert!(!stack.exists());
    }
}
