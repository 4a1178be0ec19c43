//! `promtool`, which reads a configuration as Prometheus does.

use super::refusal::without_values;
use crate::diagnostic::{Diagnostic, Kind};
use crate::system::{Running, process};
use std::path::{Path, PathBuf};

const NAME: &str = "promtool";

/// How many lines of its complaint are told.
const LINES: usize = 8;

/// Finds the one beside the running Prometheus, which knows the same files,
/// else the one that the system has.
pub(super) fn find(running: Option<&Running>) -> Option<PathBuf> {
    let beside =
        running.and_then(|running| Some(running.executable.as_ref()?.with_file_name(NAME)));
    let starts = |path: &PathBuf| {
        path.to_str().is_some_and(|path| process::run(path, &["--version"]).is_ok())
    };
    beside.into_iter().chain([PathBuf::from(NAME)]).find(starts)
}

/// Has a candidate checked; its complaint becomes the causes.
pub(super) fn check(promtool: &Path, candidate: &Path, path: &Path) -> Result<(), Diagnostic> {
    let (program, file) = (promtool.to_string_lossy(), candidate.to_string_lossy());
    let output = process::run(&program, &["check", "config", &file])?;
    if output.success() {
        return Ok(());
    }
    let message = format!("promtool refuses `{}` with the stack's entries", path.display());
    let told = format!("{}\n{}", output.stderr, String::from_utf8_lossy(&output.stdout));
    let lines = told.lines().map(str::trim).filter(|line| {
        !line.is_empty() && !line.starts_with("Checking ") && !line.starts_with("SUCCESS")
    });
    let name = |path: &Path| path.display().to_string();
    Err(lines
        .take(LINES)
        .map(|line| without_values(&line.replace(&name(candidate), &name(path))))
        .fold(Diagnostic::error(Kind::Refused, message), Diagnostic::cause)
        .code("prometheus::promtool")
        .hint("correct what it names and apply again; nothing was replaced"))
}
