//! What a command came to, and the exit code for it.

use crate::diagnostic::{Diagnostic, Failure, Kind};

/// How a command that did not fail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, or nothing to do.
    Done,
    /// Changes are pending (`plan`) or were made (`apply`), and `--detailed-exitcode` was given.
    Changes,
}

impl Outcome {
    /// Says that there are or were changes, if the user wants to know by the exit code.
    pub const fn of(changes: bool, detailed: bool) -> Self {
        if changes && detailed { Self::Changes } else { Self::Done }
    }

    /// Returns the documented exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Changes => 2,
        }
    }
}

/// The table of exit codes for `--help`.
pub fn table() -> String {
    let mut rows = vec![
        (0, "done, or nothing to do"),
        (2, "changes pending (plan) or made (apply), with --detailed-exitcode"),
    ];
    rows.extend(Kind::ALL.iter().map(|kind| (kind.exit_code(), kind.meaning())));
    rows.sort_unstable();
    let lines = rows.iter().map(|(code, meaning)| format!("  {code:>3}  {meaning}\n"));
    format!("Exit codes:\n{}", lines.collect::<String>())
}

/// Something that cannot happen, happened.
pub fn bug(message: &str, cause: &dyn std::error::Error) -> Failure {
    Diagnostic::error(Kind::Bug, message).caused_by(cause).into()
}

/// Text that cannot be made of what is known to be fine.
pub fn cannot_write(what: &str, cause: &dyn std::error::Error) -> Diagnostic {
    Diagnostic::error(Kind::Bug, format!("cannot write {what}")).caused_by(cause)
}
