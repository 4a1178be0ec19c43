//! How many cases of each category agree.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What became of the cases of one category.
#[derive(Default)]
pub struct Tally {
    /// Answered as Puppet answers.
    pub same: usize,
    /// Answered otherwise, and listed with a reason.
    pub excepted: usize,
    /// Not asked: more than reading is needed.
    pub beyond: usize,
}

/// A table for people.
pub fn shown(table: &BTreeMap<String, Tally>) -> String {
    let mut text = format!("{:<16}{:>6}{:>10}{:>8}\n", "category", "same", "excepted", "beyond");
    for (category, Tally { same, excepted, beyond }) in table {
        let _ = writeln!(text, "{category:<16}{same:>6}{excepted:>10}{beyond:>8}");
    }
    text
}
