//! A process that a test runs beside itself.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// A process with all its children; dropping it kills them.
pub struct Running(Child);

impl Running {
    /// Starts a command in a process group of its own.
    pub fn start(command: &mut Command) -> Self {
        let child = command.process_group(0).stdin(Stdio::null()).spawn();
        Self(child.unwrap_or_else(|error| panic!("cannot run {command:?}: {error}")))
    }

    /// What it writes to a standard output that is piped, line by line.
    ///
    /// # Panics
    /// When the output is not piped, or was asked for before.
    pub fn lines(&mut self) -> impl Iterator<Item = String> + use<> {
        let output = self.0.stdout.take().expect("the output is piped");
        BufReader::new(output).lines().map_while(Result::ok)
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The shell's own kill: the program is missing on a small Debian, and this would then
        // wait for ever.
        let kill = format!("kill -s KILL -- -{}", self.id());
        let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}
