//! `verify --client`: what is wrong with the environment of Claude Code.

use super::arguments::{Arguments, Verify};
use super::{exit, source, terminal::Terminal};
use crate::client::{Effective, diagnose};
use crate::diagnostic::Failure;
use crate::report;
use crate::verify::{self, Outcome};

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Verify,
    terminal: &Terminal,
) -> Result<exit::Outcome, Failure> {
    let target = source::target_if_any(arguments, terminal)?;
    let stack = target.as_ref().map(|target| &target.stack);
    let (mut sources, mut errors) = (Vec::new(), Vec::new());
    for named in &options.client {
        match named.read() {
            Ok(found) => sources.extend(found),
            Err(failure) => errors.extend(failure.diagnostics().iter().cloned()),
        }
    }
    Failure::check(errors)?;
    let effective = Effective::of(&sources);
    let diagnosis = diagnose(&effective, stack);
    let mut checks = verify::environment_checks(&diagnosis);
    let mut told: Vec<_> =
        diagnosis.findings.iter().map(|finding| finding.diagnostic.clone()).collect();
    if !options.offline {
        let spinner = terminal.spinner();
        let progress = |line: &str| spinner.set_message(line.to_owned());
        let tried = verify::receiver_checks(&diagnosis, &effective, stack, &progress).await;
        spinner.finish_and_clear();
        told.extend(tried.iter().filter_map(|check| match &check.outcome {
            Outcome::Failed(error) => Some(error.clone()),
            Outcome::Passed { .. } | Outcome::NotReached => None,
        }));
        checks.extend(tried);
    }
    terminal.data(&report::checks_text(&checks, terminal.data_style));
    // A receiver of several ways may fail once for each.
    let mut unique = Vec::new();
    for diagnostic in told {
        if !unique.contains(&diagnostic) {
            unique.push(diagnostic);
        }
    }
    terminal.notes(&Failure::check(unique)?);
    Ok(exit::Outcome::Done)
}
