//! The files below a folder, without following symbolic links.

use super::disk::{self, EntryKind};
use crate::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};

/// Deeper than anybody sorts files.
const DEEPEST: usize = 64;

/// The files below a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Regular files whose names end as wanted, sorted.
    pub files: Vec<PathBuf>,
    /// Symbolic links, which were not followed.
    pub links: usize,
}

/// Finds the files below a folder whose names end so.
///
/// # Errors
/// When a folder cannot be read.
pub fn tree(folder: &Path, ending: &str) -> Result<Tree, Diagnostic> {
    let mut tree = Tree::default();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for name in disk::names(&folder)? {
            let path = folder.join(&name);
            // What went away meanwhile is not there.
            let Some(entry) = disk::entry(&path)? else { continue };
            match entry.kind {
                EntryKind::Folder if depth < DEEPEST => folders.push((path, depth + 1)),
                EntryKind::File if name.ends_with(ending) => tree.files.push(path),
                EntryKind::Other => tree.links += 1,
                EntryKind::File | EntryKind::Folder => {}
            }
        }
    }
    tree.files.sort();
    Ok(tree)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn links_lead_nowhere() {
        let directory = tempfile::tempdir().unwrap();
        let at = |path: &str| directory.path().join(path);
        fs::create_dir_all(at("inside/deep")).unwrap();
        fs::create_dir_all(at("outside")).unwrap();
        for file in ["inside/b.jsonl", "inside/deep/a.jsonl", "inside/c.txt", "outside/d.jsonl"] {
            fs::write(at(file), "").unwrap();
        }
        std::os::unix::fs::symlink(at("outside"), at("inside/out")).unwrap();
        std::os::unix::fs::symlink(at("inside"), at("inside/deep/round")).unwrap();
        std::os::unix::fs::symlink(at("outside/d.jsonl"), at("inside/e.jsonl")).unwrap();
        let tree = tree(&at("inside"), ".jsonl").unwrap();
        assert_eq!(tree.files, [at("inside/b.jsonl"), at("inside/deep/a.jsonl")]);
        assert_eq!(tree.links, 3);
    }
}
