//! What there is to say about the keys of data files, worked out once for all nodes.
//!
//! May not know what a value means.

use super::keys;
use crate::diagnostic::Diagnostic;
use crate::hiera::DataFile;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many files are remembered: more than a node of any hierarchy reads.
const KEPT: usize = 4096;

/// A file, which keeps its address from being used again, and what there is to say.
type Judged = (Arc<DataFile>, Arc<[Diagnostic]>);

/// Judgements by file.
#[derive(Debug, Default)]
pub struct Judgements(Mutex<HashMap<usize, Judged>>);

impl Judgements {
    /// What there is to say about a file as a whole and about each of its keys.
    pub fn of(&self, file: &Arc<DataFile>) -> Arc<[Diagnostic]> {
        let address = Arc::as_ptr(file).addr();
        if let Some((_, said)) = self.known().get(&address) {
            return said.clone();
        }
        let keys = file.entries().iter().filter_map(keys::judge);
        let said: Arc<[Diagnostic]> = file.remarks().iter().cloned().chain(keys).collect();
        let mut known = self.known();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(address, (file.clone(), said.clone()));
        said
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<usize, Judged>> {
        // A thread that panicked left a whole map: entries are only ever added.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Judgements;
    use crate::hiera::DataFile;
    use std::sync::Arc;

    #[test]
    fn a_file_is_judged_once_and_an_equal_one_at_its_own_place() {
        let judgements = Judgements::default();
        let file = |name: &str| Arc::new(DataFile::parse("otelctl::zzz: 1\n", name).unwrap());
        let (one, other) = (file("a.yaml"), file("b.yaml"));
        let said = judgements.of(&one);
        assert!(Arc::ptr_eq(&said, &judgements.of(&one)));
        assert_eq!(said[0].origin.to_string(), "a.yaml:1:1");
        assert_eq!(judgements.of(&other)[0].origin.to_string(), "b.yaml:1:1");
    }
}
