//! What a command or a request came back with.

use std::process::Command;

/// What a command came back with.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit code; 128 and the signal's number where one ended the command.
    pub status: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Output {
    /// Runs a command to its end, with nothing on its standard input unless it was given some.
    pub fn of(command: &mut Command) -> Self {
        use std::os::unix::process::ExitStatusExt;
        let output = command.output();
        let output = output.unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
        let signal = output.status.signal().unwrap_or_default();
        Self {
            status: output.status.code().unwrap_or(128 + signal),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Standard output without the white space around it.
    ///
    /// # Panics
    /// When the command failed.
    #[track_caller]
    pub fn ok(self) -> String {
        let Self { status, stdout, stderr } = self;
        assert!(status == 0, "exit code {status}\nstdout:\n{stdout}\nstderr:\n{stderr}");
        stdout.trim().to_owned()
    }
}

/// What an HTTP request came back with.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code; 0 where nothing answered.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Response {
    /// Runs a curl that writes the status code on a last line of its own.
    pub fn of(curl: &mut Command) -> Self {
        let output = Output::of(curl);
        let (body, status) = output.stdout.rsplit_once('\n').unwrap_or_default();
        Self { status: status.parse().unwrap_or_default(), body: body.to_owned() }
    }
}
