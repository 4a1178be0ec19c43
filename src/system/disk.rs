//! Reading and atomic writing of files; every error names the path.

use crate::diagnostic::{Diagnostic, Kind};
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The suffix of a file that is being written; a killed run may leave one behind.
pub const UNFINISHED: &str = ".otelctl-new";

/// What stands at a path, without following a last symbolic link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// Anything else: symbolic link, device, socket.
    Other,
}

/// An entry's kind, permission bits, owner and age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// The permission bits, without the file type.
    pub mode: u32,
    /// The owner's user id.
    pub uid: u32,
    /// When its content was written last; none where the file system does not say.
    pub modified: Option<SystemTime>,
}

/// What a file that takes the place of another has in common with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// The permission bits.
    pub mode: u32,
    /// The owner's user id.
    pub uid: u32,
    /// The group's id.
    pub gid: u32,
}

/// Makes a diagnostic of an I/O error; denied access has its own kind.
#[must_use]
pub fn error(action: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let kind = match error.kind() {
        io::ErrorKind::PermissionDenied => Kind::Permission,
        _ => Kind::Failed,
    };
    let made = Diagnostic::error(kind, format!("cannot {action} `{}`", path.display()))
        .code("system::disk")
        .caused_by(error);
    match error.kind() {
        io::ErrorKind::PermissionDenied => made.hint("run it as root, for example with `sudo`"),
        io::ErrorKind::StorageFull => made.hint("free some space; nothing was replaced by half"),
        io::ErrorKind::ReadOnlyFilesystem => made.hint("the file system is mounted read-only"),
        _ => made,
    }
}

/// Reads a whole file; a missing one is `None`.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(gone) if is_absent(&gone) => Ok(None),
        Err(other) => Err(error("read", path, &other)),
    }
}

/// Reads a whole file of at most this many bytes; a missing one is `None`.
///
/// # Errors
/// As [`read`]; `Kind::Profile` when there is more, of which nothing is kept.
pub fn read_at_most(path: &Path, most: usize) -> Result<Option<Vec<u8>>, Diagnostic> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(gone) if is_absent(&gone) => return Ok(None),
        Err(other) => return Err(error("read", path, &other)),
    };
    let mut bytes = Vec::new();
    // A device says nothing of its size, so one byte too many is asked for.
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(|cause| error("read", path, &cause))?;
    if bytes.len() > most {
        let message = format!("`{}` is larger than {} MiB", path.display(), most >> 20);
        return Err(Diagnostic::error(Kind::Profile, message));
    }
    Ok(Some(bytes))
}

/// Looks at a path without following a last symbolic link; a missing one is `None`.
pub fn entry(path: &Path) -> Result<Option<Entry>, Diagnostic> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(Entry {
            kind: if found.is_file() {
                EntryKind::File
            } else if found.is_dir() {
                EntryKind::Folder
            } else {
                EntryKind::Other
            },
            mode: found.mode() & 0o7777,
            uid: found.uid(),
            modified: found.modified().ok(),
        })),
        Err(gone) if is_absent(&gone) => Ok(None),
        Err(other) => Err(error("inspect", path, &other)),
    }
}

/// Lists the names in a folder, sorted; a missing folder has none.
pub fn names(folder: &Path) -> Result<Vec<String>, Diagnostic> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(gone) if is_absent(&gone) => return Ok(Vec::new()),
        Err(other) => return Err(error("list", folder, &other)),
    };
    let mut names = Vec::new();
    for item in listing {
        let item = item.map_err(|cause| error("list", folder, &cause))?;
        names.push(item.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Replaces a file as a whole: whoever reads it sees the old or the new
/// content, also after a crash.
pub fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Diagnostic> {
    replace(path, bytes, mode, None)
}

/// Writes a file that can be made again at any time: nobody waits for the disk, and a crash
/// may leave half of it. What had the name before keeps its other names as they are.
pub fn write_anew(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Diagnostic> {
    let create = || fs::File::create_new(path);
    let created = match create() {
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path).and_then(|()| create())
        }
        created => created,
    };
    let written = created.and_then(|mut file| {
        file.write_all(bytes)?;
        file.set_permissions(fs::Permissions::from_mode(mode))
    });
    written.map_err(|cause| error("write", path, &cause))
}

/// Gives a file one more name, in place of what had it before.
pub fn link_anew(file: &Path, path: &Path) -> Result<(), Diagnostic> {
    remove(path)?;
    fs::hard_link(file, path).map_err(|cause| error("link", path, &cause))
}

/// Like [`write`], with an owner: nobody else can read it for a moment.
pub fn write_owned(path: &Path, bytes: &[u8], mode: u32, uid: u32) -> Result<(), Diagnostic> {
    replace(path, bytes, mode, Some(uid))
}

fn replace(path: &Path, bytes: &[u8], mode: u32, uid: Option<u32>) -> Result<(), Diagnostic> {
    let unfinished = unfinished(path);
    let result = write_unfinished(&unfinished, bytes, mode, uid)
        .and_then(|()| fs::rename(&unfinished, path))
        .and_then(|()| sync_folder(path));
    result.map_err(|cause| {
        // Best effort: the next apply removes what is left here.
        let _ = fs::remove_file(&unfinished);
        error("write", path, &cause)
    })
}

/// Follows every symbolic link of a path; a missing file is `None`.
pub fn real_path(path: &Path) -> Result<Option<PathBuf>, Diagnostic> {
    match fs::canonicalize(path) {
        Ok(real) => Ok(Some(real)),
        Err(gone) if is_absent(&gone) => Ok(None),
        Err(other) => Err(error("follow", path, &other)),
    }
}

/// Looks at a file's mode and owners.
pub fn attributes(path: &Path) -> Result<Attributes, Diagnostic> {
    let found = fs::metadata(path).map_err(|cause| error("inspect", path, &cause))?;
    Ok(Attributes { mode: found.mode() & 0o7777, uid: found.uid(), gid: found.gid() })
}

/// Writes what shall take a file's place beside it, and returns where; [`commit`] does the rest.
pub fn stage(path: &Path, bytes: &[u8], like: Attributes) -> Result<PathBuf, Diagnostic> {
    let staged = unfinished(path);
    let Attributes { mode, uid, gid } = like;
    let written = write_unfinished(&staged, bytes, 0o600, None)
        .and_then(|()| {
            let made = fs::metadata(&staged)?;
            if (made.uid(), made.gid()) == (uid, gid) {
                return Ok(());
            }
            std::os::unix::fs::chown(&staged, Some(uid), Some(gid))
        })
        .and_then(|()| fs::set_permissions(&staged, fs::Permissions::from_mode(mode)))
        .and_then(|()| fs::File::open(&staged)?.sync_all());
    written.map_err(|cause| {
        // Best effort: the next apply removes what is left here.
        let _ = fs::remove_file(&staged);
        error("write", &staged, &cause)
    })?;
    Ok(staged)
}

/// Puts a staged file in the place it was written for.
pub fn commit(staged: &Path, path: &Path) -> Result<(), Diagnostic> {
    fs::rename(staged, path)
        .and_then(|()| sync_folder(path))
        .map_err(|cause| error("replace", path, &cause))
}

/// Where a file lies while it is being written.
#[must_use]
pub fn staged_path(path: &Path) -> PathBuf {
    unfinished(path)
}

fn write_unfinished(path: &Path, bytes: &[u8], mode: u32, uid: Option<u32>) -> io::Result<()> {
    // A leftover of a killed run may have another owner's bits: start anew.
    match fs::remove_file(path) {
        Err(cause) if !is_absent(&cause) => return Err(cause),
        _ => {}
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    if let Some(uid) = uid {
        std::os::unix::fs::fchown(&file, Some(uid), None)?;
    }
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.sync_all()
}

fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(UNFINISHED);
    path.with_file_name(name)
}

/// Makes a folder and its missing parents; all new ones get the mode.
pub fn create_folder(path: &Path, mode: u32) -> Result<(), Diagnostic> {
    // A relative path ends in the empty one: the working directory.
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
    for folder in missing.into_iter().rev() {
        fs::create_dir(folder).map_err(|cause| error("create folder", folder, &cause))?;
        set_mode(folder, mode)?;
    }
    Ok(())
}

/// Sets permission bits, whatever the umask says.
pub fn set_mode(path: &Path, mode: u32) -> Result<(), Diagnostic> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(|cause| error("change the mode of", path, &cause))
}

/// Sets the owner's user id and leaves the group.
pub fn set_owner(path: &Path, uid: u32) -> Result<(), Diagnostic> {
    std::os::unix::fs::chown(path, Some(uid), None)
        .map_err(|cause| error("change the owner of", path, &cause))
}

/// Removes a file; a missing one is fine.
pub fn remove(path: &Path) -> Result<(), Diagnostic> {
    match fs::remove_file(path) {
        Err(cause) if !is_absent(&cause) => Err(error("remove", path, &cause)),
        _ => Ok(()),
    }
}

/// Removes a folder if it is empty; returns whether it is gone.
pub fn remove_empty_folder(path: &Path) -> Result<bool, Diagnostic> {
    match fs::remove_dir(path) {
        Ok(()) => Ok(true),
        Err(cause) if is_absent(&cause) => Ok(true),
        Err(cause) if cause.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
        Err(cause) => Err(error("remove folder", path, &cause)),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_has_its_mode_and_leaves_nothing_unfinished() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(folder.path().join(".file.otelctl-new"), "left by a killed run").unwrap();
        write(&path, b"one", 0o644).unwrap();
        write(&path, b"two", 0o400).unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), b"two");
        assert_eq!(entry(&path).unwrap().unwrap().mode, 0o400);
        assert_eq!(names(folder.path()).unwrap(), ["file"]);
    }

    #[test]
    fn a_staged_file_is_like_the_one_it_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("file"), folder.path().join("link"));
        write(&path, b"one", 0o640).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(real_path(&link).unwrap(), Some(fs::canonicalize(&path).unwrap()));
        assert_eq!(real_path(&folder.path().join("gone")).unwrap(), None);
        let like = attributes(&link).unwrap();
        let staged = stage(&path, b"two", like).unwrap();
        assert_eq!(staged, staged_path(&path));
        assert_eq!(read(&path).unwrap().unwrap(), b"one");
        commit(&staged, &path).unwrap();
        assert_eq!(
            (read(&path).unwrap().unwrap(), attributes(&path).unwrap()),
            (b"two".to_vec(), like)
        );
        assert_eq!(names(folder.path()).unwrap(), ["file", "link"]);
    }

    #[test]
    fn what_is_not_there_is_no_error_and_what_fails_names_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let gone = folder.path().join("gone/deeper");
        assert_eq!(read(&gone).unwrap(), None);
        assert_eq!(entry(&gone).unwrap(), None);
        assert!(names(&gone).unwrap().is_empty());
        remove(&gone).unwrap();
        assert!(remove_empty_folder(&gone).unwrap());
        let failed = write(&gone, b"", 0o644).unwrap_err();
        assert!(failed.message.contains("gone/deeper"), "{}", failed.message);
    }
}
