//! Why the kernel did not do a batch, in words for people.
//!
//! May not know how a batch is made or sent.

use crate::diagnostic::{Diagnostic, Kind};
use nftnl::nftnl_sys::libc;
use std::io;

/// What one message of a batch asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// What the kernel refuses, if it refuses this message.
    what: String,
    /// Whether it builds on what was there when it was planned.
    observed: bool,
}

impl Step {
    /// A step that builds on nothing but what the batch itself makes.
    pub(super) const fn new(what: String) -> Self {
        Self { what, observed: false }
    }

    /// A step that builds on what was observed.
    pub(super) const fn of_observed(what: String) -> Self {
        Self { what, observed: true }
    }
}

/// Why the batch was not done; nothing of it was.
#[derive(Debug)]
pub(super) struct Refusal {
    error: io::Error,
    /// What the kernel refused, when it says so of one message.
    step: Option<Step>,
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self { error, step: None }
    }
}

impl Refusal {
    /// The kernel's answer to one message.
    pub(super) const fn of(error: io::Error, step: Option<Step>) -> Self {
        Self { error, step }
    }

    /// The error about a table.
    pub(super) fn diagnostic(self, table: &str) -> Diagnostic {
        let Self { error, step } = self;
        let denied = error.kind() == io::ErrorKind::PermissionDenied;
        let kind = if denied { Kind::Permission } else { Kind::Failed };
        let message = format!("cannot change the nft table `inet {table}`");
        let mut diagnostic = Diagnostic::error(kind, message);
        let observed = step.as_ref().is_some_and(|step| step.observed);
        if let Some(Step { what, observed: _ }) = step {
            diagnostic = diagnostic.cause(format!("the kernel refuses {what}"));
        }
        diagnostic = diagnostic.cause(error.to_string());
        match error.raw_os_error() {
            _ if denied => diagnostic.hint("run it as root or with CAP_NET_ADMIN"),
            // No such chain any more, a new jump to it, or another hook: the last
            // is EEXIST to older kernels and EOPNOTSUPP to newer ones.
            Some(libc::ENOENT | libc::EBUSY | libc::EEXIST | libc::EOPNOTSUPP) if observed => {
                diagnostic.hint(
                    "run it again: somebody changed the table after it was read, and nothing was done",
                )
            }
            Some(
                libc::ENOENT | libc::EOPNOTSUPP | libc::EPROTONOSUPPORT | libc::EAFNOSUPPORT,
            ) => diagnostic.hint(
                "load the kernel's modules: `modprobe -a nf_tables nft_ct nft_fib_inet nf_conntrack`",
            ),
            _ => diagnostic,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(code: i32, step: fn(String) -> Step) -> String {
        let error = io::Error::from_raw_os_error(code);
        let diagnostic =
            Refusal::of(error, Some(step("chain `x`".to_owned()))).diagnostic("otelctl_otel");
        assert_eq!(diagnostic.causes[0], "the kernel refuses chain `x`");
        let kind = if code == libc::EPERM { Kind::Permission } else { Kind::Failed };
        assert_eq!(diagnostic.kind, kind);
        diagnostic.hint.unwrap_or_default()
    }

    #[test]
    fn denial_missing_modules_and_a_changed_table_have_a_cure_each() {
        assert!(hint(libc::EPERM, Step::new).contains("CAP_NET_ADMIN"));
        for code in [libc::ENOENT, libc::EOPNOTSUPP] {
            assert!(hint(code, Step::new).contains("modprobe"));
        }
        for code in [libc::ENOENT, libc::EBUSY, libc::EEXIST, libc::EOPNOTSUPP] {
            assert!(hint(code, Step::of_observed).contains("run it again"));
        }
        assert_eq!(hint(libc::ENOMEM, Step::of_observed), "");
    }
}
