//! `client-env`: prints the environment that Claude Code clients need.

use super::{arguments::Arguments, exit::Outcome, source, terminal::Terminal};
use crate::artifact::path;
use crate::diagnostic::Failure;

/// Runs the command.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let target = source::target(arguments)?;
    for artifact in target.artifacts.iter().filter(|artifact| artifact.path == path::CLIENT) {
        terminal.data(&String::from_utf8_lossy(&artifact.bytes));
    }
    Ok(Outcome::Done)
}
