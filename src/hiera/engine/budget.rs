//! How much one lookup may do, so that hostile data ends in an error at once.

use super::Outcome;
use super::mistake::{fail, mistake_at};
use crate::diagnostic::Location;

/// Expressions that one lookup may evaluate.
const MAX_EXPRESSIONS: usize = 100_000;
/// Bytes of text that interpolation may make.
const MAX_BYTES: usize = 16 << 20;
/// Values that interpolation may copy.
const MAX_VALUES: usize = 2_000_000;
/// Lookups inside lookups.
const MAX_DEPTH: usize = 50;

/// What one lookup has used up.
#[derive(Debug, Default)]
pub struct Budget {
    expressions: usize,
    bytes: usize,
    values: usize,
}

impl Budget {
    /// Counts an expression that is evaluated inside `depth` others.
    pub fn expression(&mut self, depth: usize, at: &Location) -> Outcome<()> {
        self.expressions += 1;
        if depth > MAX_DEPTH {
            return exhausted(format!("lookups nest deeper than {MAX_DEPTH}"), at);
        }
        within(self.expressions, MAX_EXPRESSIONS, "interpolated expressions", at)
    }

    /// Counts text that was made.
    pub fn text(&mut self, bytes: usize, at: &Location) -> Outcome<()> {
        self.bytes += bytes;
        within(self.bytes, MAX_BYTES, "bytes of interpolated text", at)
    }

    /// Counts a value that was copied.
    pub fn value(&mut self, at: &Location) -> Outcome<()> {
        self.values += 1;
        within(self.values, MAX_VALUES, "values", at)
    }
}

fn within(used: usize, limit: usize, what: &str, at: &Location) -> Outcome<()> {
    if used <= limit {
        return Ok(());
    }
    exhausted(format!("one lookup needs more than {limit} {what}"), at)
}

fn exhausted<T>(message: String, at: &Location) -> Outcome<T> {
    let told = mistake_at("hiera::budget", message, at);
    fail(told.hint("keys that look each other up again and again multiply; look each one up once"))
}
