//! Has nftables and the kernel judge a table that is not there yet.

use super::Operation;
use crate::artifact::ruleset::Ruleset;
use crate::diagnostic::{Diagnostic, Kind};
use crate::plan::{Action, Change, Stage};
use crate::system::process;

/// Decides to try what is about to be loaded. Pure.
#[must_use]
pub fn trial(operation: &Operation) -> Option<Change<Operation>> {
    let Operation::Replace { ruleset, previous: _ } = operation else { return None };
    let address = format!("trial/nft/table/inet {}", ruleset.table);
    let operation = Operation::Check { ruleset: ruleset.clone() };
    Some(Change::new(address, Action::Create, Stage::Trial, operation))
}

/// Runs `nft --check`, which asks the kernel and changes nothing.
pub(super) fn check(ruleset: &Ruleset) -> Result<(), Diagnostic> {
    let text = ruleset.to_string();
    let output = process::run_on("nft", &["--check", "--file", "-"], text.as_bytes())?;
    if output.success() {
        return Ok(());
    }
    let said: Vec<&str> = output.stderr.lines().take(4).collect();
    let denied = output.stderr.contains("Operation not permitted");
    let kind = if denied { Kind::Permission } else { Kind::Failed };
    let message = format!("nft refuses the table `inet {}`", ruleset.table);
    Err(Diagnostic::error(kind, message)
        .code("trial::failed")
        .cause(format!("`nft --check` says:\n{}", said.join("\n")))
        .hint("nothing was changed; cure what the causes name, then apply again"))
}
