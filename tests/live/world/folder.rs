//! The folder of a world, and the removal of what worlds left whose process was killed.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Short, since a path of a socket has at most 107 bytes; on a disk, since images are unpacked here.
const PARENT: &str = "/var/tmp";
const PREFIX: &str = "otelctl-live-";

/// A folder that goes with its world.
pub struct Folder {
    root: TempDir,
    files: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes a folder, after removing those of worlds that are gone.
    pub fn new(name: &str) -> Self {
        // Held while one is made, so that no other process takes it for a dead one.
        let door =
            File::create(Path::new(PARENT).join(".otelctl-live.lock")).expect("open the lock");
        door.lock().expect("lock");
        sweep();
        let prefix = format!("{PREFIX}{}-", name.get(..20).unwrap_or(name));
        let root =
            tempfile::Builder::new().prefix(&prefix).tempdir_in(PARENT).expect("make a folder");
        let lock = File::create(root.path().join("lock")).expect("make a lock");
        lock.lock().expect("lock");
        let files = root.path().join("files");
        fs::create_dir(&files).expect("make a folder");
        for path in [root.path(), &files] {
            fs::set_permissions(path, Permissions::from_mode(0o755)).expect("set the mode");
        }
        Self { root, files, _lock: lock }
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The part of the folder that is the test's own.
    pub fn files(&self) -> &Path {
        &self.files
    }

    /// The engine's socket.
    pub fn socket(&self) -> PathBuf {
        self.path("docker.sock")
    }

    /// The engine's control group, which has the folder's name.
    pub fn control_group(&self) -> String {
        format!("/{}", self.root.path().file_name().unwrap_or_default().display())
    }

    /// Opens the log of a program, to append to it.
    pub fn log(&self, program: &str) -> File {
        let path = self.path(&format!("{program}.log"));
        File::options().create(true).append(true).open(path).expect("open the log")
    }

    /// The last lines of the log of a program.
    pub fn log_tail(&self, program: &str) -> String {
        let log = fs::read_to_string(self.path(&format!("{program}.log"))).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove_control_groups(&self.control_group());
    }
}

/// Removes the folders that no living process holds. Their namespaces and what ran in them
/// went when that process did.
fn sweep() {
    for entry in fs::read_dir(PARENT).into_iter().flatten().flatten() {
        let name = entry.file_name().display().to_string();
        if !name.starts_with(PREFIX) {
            continue;
        }
        let held = File::open(entry.path().join("lock")).is_ok_and(|lock| lock.try_lock().is_err());
        if !held {
            remove_control_groups(&name);
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Removes a control group from every hierarchy (one in version 2, several in version 1).
fn remove_control_groups(name: &str) {
    let name = name.trim_start_matches('/');
    let root = Path::new("/sys/fs/cgroup");
    remove_control_group(&root.join(name));
    for hierarchy in fs::read_dir(root).into_iter().flatten().flatten() {
        remove_control_group(&hierarchy.path().join(name));
    }
}

/// Removes a control group from its leaves up: only its folders can be removed, not its files.
fn remove_control_group(group: &Path) {
    for entry in fs::read_dir(group).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_control_group(&entry.path());
        }
    }
    let _ = fs::remove_dir(group);
}
