//! `templates`: the embedded templates; and the user's own in place of them.

use super::arguments::Render;
use super::{exit::Outcome, terminal::Terminal};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::render::{Override, originals};
use crate::system::disk::{self, EntryKind};
use std::path::Path;

/// Mode of a template that is written for the user to change.
const MODE: u32 = 0o644;

/// Prints the embedded templates, or writes them to a folder; what differs there stays.
pub fn run(options: &Render, terminal: &Terminal) -> Result<Outcome, Failure> {
    let Some(folder) = &options.output else {
        for (path, text) in originals() {
            terminal.data(&format!("==> {path} <==\n{text}\n"));
        }
        return Ok(Outcome::Done);
    };
    let mut changed = Vec::new();
    for (path, text) in originals() {
        let at = folder.join(path);
        if disk::read(&at)?.is_some_and(|bytes| bytes != text.as_bytes()) {
            let message = format!("`{}` is there, and is not the original", at.display());
            let error = Diagnostic::error(Kind::Refused, message).code("templates::changed");
            changed.push(error.hint("write to another folder, or remove it"));
        }
    }
    Failure::check(changed)?;
    for (path, text) in originals() {
        let at = folder.join(path);
        if let Some(parent) = at.parent() {
            disk::create_folder(parent, 0o755)?;
        }
        disk::write(&at, text.as_bytes(), MODE)?;
        terminal.data(&format!("{}\n", at.display()));
    }
    Ok(Outcome::Done)
}

/// Reads the user's own templates: every file below a folder stands for the one of its path.
///
/// # Errors
/// Every file that stands for none, or is no text.
pub fn overrides(folder: &Path) -> Result<Vec<Override>, Failure> {
    if disk::entry(&folder.join("."))?.is_none_or(|entry| entry.kind != EntryKind::Folder) {
        let error = format!("there is no folder `{}`", folder.display());
        let error = Diagnostic::error(Kind::Usage, error).code("templates::missing");
        return Err(error.hint("check the path after `--templates`").into());
    }
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let mut folders = vec![String::new()];
    while let Some(below) = folders.pop() {
        for name in disk::names(&folder.join(&below))? {
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            let at = folder.join(&path);
            let is_folder = disk::entry(&at)?.is_some_and(|e| e.kind == EntryKind::Folder);
            match (is_folder, path.as_str()) {
                // A folder of templates may well be a repository.
                (true, ".git") => {}
                (true, _) => folders.push(path),
                (false, _) => match own(&path, &at) {
                    Ok(own) => found.push(own),
                    Err(error) => errors.push(error),
                },
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Failure::check(errors)?;
    Ok(found)
}

fn own(path: &str, at: &Path) -> Result<Override, Diagnostic> {
    let file = at.display().to_string();
    let mut own = Override::new(path, file.clone(), String::new())?;
    let bytes = disk::read(at)?.unwrap_or_default();
    own.text = String::from_utf8(bytes).map_err(|cause| {
        let error = Diagnostic::error(Kind::Profile, format!("`{file}` is not UTF-8 text"));
        error.code("templates::encoding").caused_by(&cause.utf8_error())
    })?;
    Ok(own)
}
