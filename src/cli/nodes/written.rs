//! Files that many nodes have alike, written once.
//!
//! May not know what is in them.

use crate::artifact::Artifact;
use crate::diagnostic::Diagnostic;
use crate::system::disk;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What is smaller is as quickly written as linked.
const WORTH: usize = 4096;
/// How many files are remembered.
const KEPT: usize = 64;

/// Where the same bytes were written before; they are kept, so that their address stays theirs.
type Places = HashMap<(usize, u32), (Arc<[u8]>, PathBuf)>;

/// Files by their bytes and mode.
#[derive(Default)]
pub struct Written(Mutex<Places>);

impl Written {
    /// Writes a file, or gives a file that is the same one more name.
    ///
    /// # Errors
    /// What the disk says.
    pub fn write(&self, path: &Path, artifact: &Artifact) -> Result<(), Diagnostic> {
        let Artifact { bytes, mode, .. } = artifact;
        if bytes.len() < WORTH {
            return disk::write_anew(path, bytes, *mode);
        }
        let key = (Arc::as_ptr(bytes).addr(), *mode);
        let known = self.places().get(&key).map(|(_, place)| place.clone());
        // A file can have only so many names, and somebody may have removed it.
        if known.is_some_and(|known| disk::link_anew(&known, path).is_ok()) {
            return Ok(());
        }
        disk::write_anew(path, bytes, *mode)?;
        let mut places = self.places();
        if places.len() >= KEPT {
            places.clear();
        }
        places.insert(key, (bytes.clone(), path.to_owned()));
        Ok(())
    }

    fn places(&self) -> std::sync::MutexGuard<'_, Places> {
        // A thread that panicked left a whole map: each change of it is one call.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
