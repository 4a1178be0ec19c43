//! What was made before from the same input, for as long as one process renders.
//!
//! Ten thousand hosts of one hierarchy differ in a few addresses, and most of
//! their files are the same. May not know what it keeps.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// How many results of one kind are kept, twice: what is the same for many hosts comes
/// again soon, and memory stays flat however many hosts there are.
const KEPT: usize = 32;

/// Results by their input.
pub struct Memo<K, V>(Mutex<Results<K, V>>);

/// What was asked for since some time, and what was before that.
struct Results<K, V> {
    recent: HashMap<K, V>,
    older: HashMap<K, V>,
}

impl<K: Eq + Hash, V: Clone> Results<K, V> {
    fn get(&mut self, key: &K) -> Option<V> {
        if let Some(made) = self.recent.get(key) {
            return Some(made.clone());
        }
        let (key, made) = self.older.remove_entry(key)?;
        self.insert(key, made.clone());
        Some(made)
    }

    fn insert(&mut self, key: K, made: V) {
        if self.recent.len() >= KEPT {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(key, made);
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// The result for an input, made if it was not made before; errors are not kept.
    ///
    /// Two threads may make the same at once: both are right.
    ///
    /// # Errors
    /// What making it fails with.
    pub fn get_or<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        let known = self.results().get(&key);
        if let Some(known) = known {
            return Ok(known);
        }
        let new = make()?;
        self.results().insert(key, new.clone());
        Ok(new)
    }

    fn results(&self) -> std::sync::MutexGuard<'_, Results<K, V>> {
        // A thread that panicked left whole maps: each change of them is one call.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Results { recent: HashMap::new(), older: HashMap::new() }))
    }
}

/// The bytes of an artifact as a key: the same bytes in memory, not equal ones.
#[derive(Clone)]
pub struct Same(pub Arc<[u8]>);

impl Same {
    fn address(&self) -> usize {
        // The reference that is kept with it keeps the address from being used again.
        Arc::as_ptr(&self.0).cast::<u8>() as usize
    }
}

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        self.address() == other.address()
    }
}

impl Eq for Same {}

impl Hash for Same {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}

impl<K, V> fmt::Debug for Memo<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Memo, Same};
    use std::convert::Infallible;
    use std::sync::Arc;

    #[test]
    fn the_same_is_made_once_and_memory_is_bounded() {
        let memo = Memo::default();
        let mut made = 0;
        for input in [1, 2, 1, 2] {
            let result: Result<_, Infallible> = memo.get_or(input, || {
                made += 1;
                Ok(input * 10)
            });
            assert_eq!(result, Ok(input * 10));
        }
        assert_eq!(made, 2);
        for input in 3..1000 {
            let _: Result<_, Infallible> = memo.get_or(input, || Ok(input));
            let _: Result<_, Infallible> = memo.get_or(1, || {
                made += 1;
                Ok(10)
            });
            let results = memo.results();
            assert!(results.recent.len() <= KEPT && results.older.len() <= KEPT);
        }
        assert_eq!(made, 2, "what is asked for again and again is kept");
    }

    #[test]
    fn an_error_is_not_kept() {
        let memo: Memo<u8, u8> = Memo::default();
        assert_eq!(memo.get_or(1, || Err("no")), Err("no"));
        assert_eq!(memo.get_or(1, || Ok::<_, ()>(7)), Ok(7));
    }

    #[test]
    fn equal_bytes_in_two_places_are_two_keys() {
        let bytes: Arc<[u8]> = (*b"x").into();
        assert!(Same(bytes.clone()) == Same(bytes.clone()));
        assert!(Same(bytes) != Same((*b"x").into()));
    }
}
