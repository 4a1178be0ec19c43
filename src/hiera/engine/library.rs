//! Every file that was read, once for all nodes.

use super::Outcome;
use super::files::{DirectoryEntry, Files};
use super::mistake::{mistake_at, start_of};
use crate::diagnostic::{Diagnostic, Failure};
use crate::hiera::{DataFile, Format, Keys};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many files are kept; those that one node alone reads make room.
const MAX_FILES: usize = 4096;

/// What became of a file: none if it does not exist.
type Read = Result<Option<Arc<DataFile>>, Failure>;

/// A pair of keys, or why there is none.
type KnownKeys = Result<Arc<Keys>, Failure>;

struct Kept {
    read: Read,
    uses: AtomicUsize,
}

/// Files and keys, read once.
pub struct Library {
    pub(super) files: Arc<dyn Files>,
    kept: Mutex<HashMap<(PathBuf, bool), Arc<Kept>>>,
    keys: Mutex<HashMap<(PathBuf, PathBuf), KnownKeys>>,
}

impl Library {
    /// Makes an empty one.
    pub fn new(files: Arc<dyn Files>) -> Self {
        Self { files, kept: Mutex::default(), keys: Mutex::default() }
    }

    /// Makes one that has read its only file already.
    pub fn of_one(path: &str, data: DataFile) -> Self {
        let library = Self::new(Arc::new(Nothing));
        library.keep((PathBuf::from(path), false), Ok(Some(Arc::new(data))));
        library
    }

    /// Reads a data file.
    pub fn data(
        &self,
        path: &Path,
        format: Format,
        layer: &Arc<str>,
    ) -> Outcome<Option<Arc<DataFile>>> {
        let name = (path.to_owned(), format == Format::Json);
        let kept = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get(&name).cloned()
        };
        let kept = match kept {
            Some(kept) => kept,
            None => self.keep(name, self.read(path, format, layer)),
        };
        kept.uses.fetch_add(1, Ordering::Relaxed);
        kept.read.clone().map_err(Box::new)
    }

    fn keep(&self, name: (PathBuf, bool), read: Read) -> Arc<Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_FILES {
            kept.retain(|_, file| file.uses.swap(0, Ordering::Relaxed) > MAX_FILES / 16);
        }
        let file = Arc::new(Kept { read, uses: AtomicUsize::new(0) });
        kept.entry(name).or_insert(file).clone()
    }

    fn read(&self, path: &Path, format: Format, layer: &Arc<str>) -> Read {
        let at = || start_of(path, layer);
        let bytes = self.files.read(path).map_err(|error| placed(error, path, layer))?;
        let Some(bytes) = bytes else { return Ok(None) };
        DataFile::read(&bytes, format, layer, &at().file)
            .map(|file| Some(Arc::new(file)))
            .map_err(Failure::of)
    }

    /// Reads a pair of eyaml's keys.
    pub fn keys(&self, private: &Path, public: &Path) -> Outcome<Arc<Keys>> {
        let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let read = known
            .entry((private.to_owned(), public.to_owned()))
            .or_insert_with(|| self.open_keys(private, public));
        read.clone().map_err(Box::new)
    }

    fn open_keys(&self, private: &Path, public: &Path) -> Result<Arc<Keys>, Failure> {
        let layer: Arc<str> = "eyaml".into();
        let read = |path: &Path| -> Result<Vec<u8>, Failure> {
            let bytes = self.files.read(path).map_err(|error| placed(error, path, &layer))?;
            bytes.ok_or_else(|| {
                let message = format!("there is no eyaml key `{}`", path.display());
                let told = mistake_at("hiera::eyaml", message, &start_of(path, &layer));
                told.hint("set `pkcs7_private_key` and `pkcs7_public_key` in hiera.yaml").into()
            })
        };
        let keys = Keys::from_pem(&read(private)?, &read(public)?).map_err(|error| {
            let message = format!("cannot use the eyaml key `{}`", private.display());
            let told = mistake_at("hiera::eyaml", message, &start_of(private, &layer));
            Failure::from(told.caused_by(&error))
        })?;
        Ok(Arc::new(keys))
    }
}

fn placed(error: Diagnostic, path: &Path, layer: &Arc<str>) -> Failure {
    let at = crate::diagnostic::Origin::File(start_of(path, layer));
    let told = if error.origin.location().is_none() { error.at(&at) } else { error };
    told.into()
}

/// No files at all.
struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
        Ok(None)
    }

    fn list(&self, _: &Path) -> Result<Option<Vec<DirectoryEntry>>, Diagnostic> {
        Ok(None)
    }

    fn is_directory(&self, _: &Path) -> bool {
        false
    }
}
