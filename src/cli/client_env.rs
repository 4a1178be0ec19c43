//! `client-env`: prints the environment that Claude Code clients need.

use super::arguments::{Arguments, ClientEnv, ClientForm};
use super::{exit::Outcome, source, terminal::Terminal};
use crate::artifact::path;
use crate::diagnostic::Failure;

/// Runs the command.
pub fn run(
    arguments: &Arguments,
    options: &ClientEnv,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let target = source::target(arguments)?;
    let wanted = match options.format {
        ClientForm::Env => path::CLIENT,
        ClientForm::Json => path::CLIENT_SETTINGS,
    };
    for artifact in target.artifacts.iter().filter(|artifact| artifact.path == wanted) {
        terminal.data(&String::from_utf8_lossy(&artifact.bytes));
    }
    Ok(Outcome::Done)
}
