//! The cases that are answered otherwise on purpose, from `exceptions.txt`.

use std::collections::BTreeMap;

/// Case and reason.
pub fn read() -> BTreeMap<String, String> {
    let lines = include_str!("exceptions.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parted = lines.map(|line| line.split_once(' ').expect("a case, a space, a reason"));
    parted.map(|(id, reason)| (id.to_owned(), reason.trim().to_owned())).collect()
}
