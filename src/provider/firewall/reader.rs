//! Reads the table with `nft -j`.

use super::{Desired, Listing, Observed};
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::Observe;
use crate::system::process::{self, NotStarted, Output};

/// Reads the stack's table from the kernel; cannot write.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader;

impl Observe for Reader {
    type Desired = Desired;
    type Observed = Observed;

    async fn observe(&self, desired: &Desired) -> Result<Observed, Diagnostic> {
        let Desired { table, ruleset } = desired;
        match process::run("nft", &["-j", "list", "table", "inet", table]) {
            Ok(output) => read(table, &output),
            // A host without nftables has no table of ours to remove.
            Err(NotStarted::Missing(_)) if ruleset.is_none() => Ok(Observed::Absent),
            Err(error) => Err(Diagnostic::from(error)
                .hint("install nftables: `apt-get install nftables` or `dnf install nftables`")),
        }
    }
}

fn read(table: &str, output: &Output) -> Result<Observed, Diagnostic> {
    let Output { code: _, stdout, stderr } = output;
    if output.success() {
        return Listing::read(stdout).map(Observed::Present).ok_or_else(|| {
            Diagnostic::error(Kind::Failed, format!("cannot read the nft table `inet {table}`"))
                .cause("`nft -j list table` did not print the JSON it documents")
                .hint("upgrade nftables to 1.0.2 or later")
        });
    }
    if stderr.contains("No such file or directory") {
        return Ok(Observed::Absent);
    }
    let denied = stderr.contains("Operation not permitted");
    let kind = if denied { Kind::Permission } else { Kind::Failed };
    let mut error = Diagnostic::error(kind, format!("cannot list the nft table `inet {table}`"));
    for line in stderr.lines().filter(|line| !line.trim().is_empty()) {
        error = error.cause(format!("nft: {}", line.trim()));
    }
    Err(if denied { error.hint("run it as root or with CAP_NET_ADMIN") } else { error })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(stderr: &str) -> Result<Observed, Diagnostic> {
        let output = Output { code: Some(1), stdout: Vec::new(), stderr: stderr.to_owned() };
        read("otelctl_otel", &output)
    }

    #[test]
    fn a_missing_table_is_no_error() {
        let stderr = "Error: No such file or directory\nlist table inet otelctl_otel\n";
        assert_eq!(failed(stderr), Ok(Observed::Absent));
    }

    #[test]
    fn a_lack_of_permission_is_told_apart() {
        let error = failed(
            "Operation not permitted (you must be root)\n\
             netlink: Error: cache initialization failed: Operation not permitted\n",
        )
        .expect_err("is denied");
        assert_eq!(error.kind, Kind::Permission);
        assert_eq!(error.causes[0], "nft: Operation not permitted (you must be root)");
        assert!(error.hint.is_some());
        assert_eq!(failed("Error: something else\n").expect_err("fails").kind, Kind::Failed);
    }

    #[test]
    fn output_that_is_no_json_is_an_error() {
        let output = Output { code: Some(0), stdout: b"table".to_vec(), stderr: String::new() };
        assert_eq!(read("x", &output).expect_err("cannot be read").kind, Kind::Failed);
    }
}
