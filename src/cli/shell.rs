//! `completions` and `man`: what a shell and `man` know about the command line.

use super::arguments::{Arguments, Completions};
use super::{exit, exit::Outcome, terminal::Terminal};
use crate::diagnostic::Failure;
use clap::CommandFactory as _;

/// Prints the completions of a shell.
pub fn completions(options: &Completions, terminal: &Terminal) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "otelctl", &mut text);
    terminal.data(&String::from_utf8_lossy(&text));
    Outcome::Done
}

/// Prints the manual page.
pub fn man(terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Arguments::command())
        .render(&mut text)
        .map_err(|cause| exit::cannot_write("the manual page", &cause))?;
    terminal.data(&String::from_utf8_lossy(&text));
    Ok(Outcome::Done)
}
