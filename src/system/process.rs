//! The door to other programs: run one to its end and take what it printed.
//!
//! Nothing relies on the caller's `PATH`: Puppet's exec and systemd may give
//! none. May not know what any program is for.

use crate::diagnostic::{Diagnostic, Kind};
use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};
use thiserror::Error;

/// Where a program is looked for when `PATH` does not have it.
const FOLDERS: [&str; 4] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// What a program left when it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: Vec<u8>,
    /// What it wrote to stderr, as text.
    pub stderr: String,
}

impl Output {
    /// Says that it ended with exit code 0.
    #[must_use]
    pub fn success(&self) -> bool {
        self.code == Some(0)
    }
}

/// Why a program did not even start.
#[derive(Debug, Error)]
pub enum NotStarted {
    /// It is nowhere.
    #[error("`{0}` is not installed")]
    Missing(String),
    /// It is there and cannot be started.
    #[error("cannot start `{program}`")]
    Failed {
        /// The program.
        program: String,
        /// What the system says.
        source: io::Error,
    },
}

impl From<NotStarted> for Diagnostic {
    fn from(error: NotStarted) -> Self {
        match error {
            NotStarted::Missing(_) => Self::error(Kind::Failed, error.to_string()),
            NotStarted::Failed { ref source, .. } => {
                let kind = match source.kind() {
                    io::ErrorKind::PermissionDenied => Kind::Permission,
                    _ => Kind::Failed,
                };
                Self::error(kind, error.to_string()).cause(source.to_string())
            }
        }
    }
}

/// Runs a program to its end, without input and with messages in English.
///
/// # Errors
/// When it does not start; an exit code other than 0 is no error here.
pub fn run(program: &str, arguments: &[&str]) -> Result<Output, NotStarted> {
    run_on(program, arguments, b"")
}

/// Runs a program to its end on this input, with messages in English.
///
/// # Errors
/// When it does not start; an exit code other than 0 is no error here, nor is input that
/// it does not read.
pub fn run_on(program: &str, arguments: &[&str], input: &[u8]) -> Result<Output, NotStarted> {
    let elsewhere = FOLDERS.iter().map(|folder| format!("{folder}/{program}"));
    for path in std::iter::once(program.to_owned()).chain(elsewhere) {
        let mut command = Command::new(&path);
        command.args(arguments).env("LC_ALL", "C").stdout(Stdio::piped()).stderr(Stdio::piped());
        command.stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() });
        match command.spawn().and_then(|child| fed(child, input)) {
            Ok(output) => {
                return Ok(Output {
                    code: output.status.code(),
                    stdout: output.stdout,
                    stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(NotStarted::Failed { program: path, source }),
        }
    }
    Err(NotStarted::Missing(program.to_owned()))
}

/// Feeds a program while its output is read: either may be longer than a pipe.
fn fed(mut child: Child, input: &[u8]) -> io::Result<std::process::Output> {
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        if let Some(mut stdin) = stdin {
            scope.spawn(move || stdin.write_all(input));
        }
        child.wait_with_output()
    })
}

#[cfg(test)]
mod tests {
    use super::{NotStarted, run, run_on};
    use crate::diagnostic::{Diagnostic, Kind};

    #[test]
    fn output_and_exit_code_come_back() {
        let output = run("sh", &["-c", "echo out; echo err >&2; exit 3"]).expect("starts");
        assert_eq!(output.code, Some(3));
        assert_eq!(output.stdout, b"out\n");
        assert_eq!(output.stderr, "err\n");
        assert!(!output.success());
    }

    #[test]
    fn input_longer_than_a_pipe_goes_through() {
        let input = vec![b'x'; 1 << 20];
        assert_eq!(run_on("cat", &[], &input).expect("starts").stdout, input);
        assert!(run_on("true", &[], &input).expect("starts").success());
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run("otelctl-no-such-program", &[]).expect_err("is nowhere");
        assert!(matches!(error, NotStarted::Missing(_)));
        let diagnostic = Diagnostic::from(error);
        assert_eq!(diagnostic.kind, Kind::Failed);
        assert_eq!(diagnostic.message, "`otelctl-no-such-program` is not installed");
    }

    #[test]
    fn what_cannot_be_executed_is_a_matter_of_permission() {
        let error = run("/etc/passwd", &[]).expect_err("is no program");
        assert_eq!(Diagnostic::from(error).kind, Kind::Permission);
    }
}
