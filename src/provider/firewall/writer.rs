//! Applies one operation through netlink, if this binary was built with it.

use super::{Operation, trial};
use crate::diagnostic::Diagnostic;
use crate::provider::{Execute, Progress};

/// Writes the stack's table to the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writer;

impl Execute for Writer {
    type Operation = Operation;

    async fn execute(
        &self,
        operation: &Operation,
        _progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        send(operation)
    }
}

#[cfg(feature = "netlink")]
fn send(operation: &Operation) -> Result<(), Diagnostic> {
    match operation {
        Operation::Replace { ruleset, previous } => super::netlink::replace(ruleset, previous),
        Operation::Delete { table } => super::netlink::delete(table),
        Operation::Check { ruleset } => trial::check(ruleset),
    }
}

#[cfg(not(feature = "netlink"))]
fn send(operation: &Operation) -> Result<(), Diagnostic> {
    let table = match operation {
        Operation::Check { ruleset } => return trial::check(ruleset),
        Operation::Replace { ruleset, previous: _ } => &ruleset.table,
        Operation::Delete { table } => table,
    };
    let message = format!("cannot change the nft table `inet {table}`");
    Err(Diagnostic::error(crate::diagnostic::Kind::Failed, message)
        .cause("this binary was built without the `netlink` feature")
        .hint("build it with `cargo build --features netlink`, or set `otelctl::firewall::manage: false`"))
}

#[cfg(all(test, not(feature = "netlink")))]
mod tests {
    use super::*;

    #[test]
    fn a_binary_without_netlink_says_so() {
        let error = send(&Operation::Delete { table: "otelctl_otel".to_owned() })
            .expect_err("cannot be done");
        assert!(error.causes[0].contains("without the `netlink` feature"));
    }
}
