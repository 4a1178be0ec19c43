//! Carries out one operation on a unit. Decides nothing itself.

use super::Operation;
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::{Execute, Progress};
use crate::system::{disk, process};

/// Installs, starts and removes units.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writer;

impl Execute for Writer {
    type Operation = Operation;

    async fn execute(
        &self,
        operation: &Operation,
        progress: Progress<'_>,
    ) -> Result<(), Diagnostic> {
        match operation {
            Operation::Realise { unit, write, reload, enable, start } => {
                if let Some((path, bytes)) = write {
                    disk::write(path, bytes, 0o644)?;
                }
                if *reload {
                    systemctl(&["daemon-reload"], unit)?;
                }
                if *enable {
                    systemctl(&["reenable", unit], unit)?;
                }
                if *start {
                    progress(&format!("starting {unit}"));
                    systemctl(&["start", unit], unit)?;
                }
                Ok(())
            }
            Operation::Remove { unit, path } => {
                progress(&format!("stopping {unit}"));
                systemctl(&["disable", "--now", unit], unit)?;
                disk::remove(path)?;
                systemctl(&["daemon-reload"], unit)?;
                // A unit that had failed would be listed for ever; one that had not is unknown.
                let _ = process::run("systemctl", &["reset-failed", unit]);
                Ok(())
            }
        }
    }
}

fn systemctl(arguments: &[&str], unit: &str) -> Result<(), Diagnostic> {
    let all = [&["--quiet", "--no-ask-password"], arguments].concat();
    let output = process::run("systemctl", &all)?;
    if output.success() {
        return Ok(());
    }
    let denied = ["Access denied", "authentication required", "Permission denied"];
    let denied = denied.iter().any(|words| output.stderr.contains(words));
    let kind = if denied { Kind::Permission } else { Kind::Failed };
    let error = Diagnostic::error(kind, format!("`systemctl {}` fails", arguments.join(" ")))
        .code("service::systemctl");
    let lines = output.stderr.lines().filter(|line| !line.trim().is_empty());
    let error = lines.fold(error, |error, line| error.cause(line.trim().to_owned()));
    Err(error.hint(if denied {
        "run it as root, for example with `sudo`".to_owned()
    } else {
        format!("see `journalctl -u {unit}`")
    }))
}
