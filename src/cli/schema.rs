//! `schema`: prints the JSON Schema of a profile.

use super::{exit::Outcome, terminal::Terminal};
use crate::profile;

/// Runs the command.
pub fn run(terminal: &Terminal) -> Outcome {
    terminal.data(&format!("{:#}\n", profile::schema()));
    Outcome::Done
}
