//! `render`: writes what was rendered to a folder, or prints it.

use super::arguments::{Arguments, Render};
use super::{exit::Outcome, nodes, source, terminal::Terminal};
use crate::diagnostic::Failure;
use crate::system::disk;

/// Runs the command.
pub fn run(
    arguments: &Arguments,
    options: &Render,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    if let Some(folder) = &options.nodes {
        return nodes::run(arguments, options, folder, terminal);
    }
    let target = source::target(arguments, terminal)?;
    for artifact in &target.artifacts {
        let Some(folder) = &options.output else {
            let text = String::from_utf8_lossy(&artifact.bytes);
            terminal.data(&format!("==> {} <==\n{text}\n", artifact.path));
            continue;
        };
        let path = folder.join(&artifact.path);
        if let Some(parent) = path.parent() {
            disk::create_folder(parent, 0o755)?;
        }
        disk::write(&path, &artifact.bytes, artifact.mode)?;
        terminal.data(&format!("{}\n", path.display()));
    }
    terminal.notes(&target.stack.notes);
    Ok(Outcome::Done)
}
