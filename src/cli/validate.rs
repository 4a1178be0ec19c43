//! `validate`: checks the profile and shows what it asks for.

use super::{arguments::Arguments, exit::Outcome, source, terminal::Terminal};
use crate::diagnostic::Failure;
use crate::pipeline;
use crate::report;

/// Runs the command.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let target = source::target(arguments, terminal)?;
    terminal.data(&report::stack_text(&target.stack, terminal.data_style));
    if target.stack.managed.value {
        terminal.notes(&target.stack.notes);
    } else {
        terminal.notes(&pipeline::unmanaged(&target.stack).notes);
    }
    Ok(Outcome::Done)
}
