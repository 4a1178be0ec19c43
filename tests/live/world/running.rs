//! A process that a test runs beside itself.

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

    /// The process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let group = format!("-{}", self.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}
