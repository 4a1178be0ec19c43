//! The marked lines: how they look, and taking them out again.
//!
//! ```text
//! # otelctl:begin otel sum=5f0c2a91
//! # otelctl:was rule_files: [a.yml]
//! rule_files: ["/opt/otel/…", a.yml]
//! # otelctl:end otel
//! ```
//!
//! `was` lines are what the block stands for; they come back when it goes. The
//! sum, which only blocks with such lines have, tells a later edit of the
//! others, which would be lost.

use super::line;
use crate::diagnostic::Diagnostic;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

const BEGIN: &str = "# otelctl:begin ";
const END: &str = "# otelctl:end ";
const WAS: &str = "# otelctl:was";

/// How the lines of a job begin.
const JOB_KEYS: [&str; 7] = [
    "job_name: ",
    "scrape_interval: ",
    "metrics_path: ",
    "honor_labels: ",
    "static_configs:",
    "targets: ",
    "labels: ",
];

/// What takes the place of a line of somebody else's in a report.
const HIDDEN: &str = "# otelctl:was (kept, and put back with the block)";
const KEPT: &str = "(the kept line, with otelctl's entry)";
const UNKNOWN: &str = "(a line that otelctl did not write)";

/// A configuration without and with the stack's block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// The text without the block: what somebody else wrote.
    pub bare: String,
    /// The text as it should be.
    pub wanted: String,
    /// The lines of the block that is there; none when there is none.
    pub found: Vec<String>,
    /// The lines of the block as it should be.
    pub put: Vec<String>,
}

impl Arrangement {
    /// The found lines for a report: somebody else's are replaced.
    #[must_use]
    pub fn shown_before(&self) -> String {
        shown(&self.found, &self.put)
    }

    /// The wanted lines for a report.
    #[must_use]
    pub fn shown_after(&self) -> String {
        shown(&self.put, &self.put)
    }
}

fn shown(lines: &[String], put: &[String]) -> String {
    // A list in flow style holds somebody else's entries beside ours.
    let kept = lines.iter().any(|line| is_was(line));
    let shown = lines.iter().map(|line| match line {
        line if is_was(line) => HIDDEN,
        line if is_ours(line) => line,
        _ if kept => KEPT,
        line if put.contains(line) => line,
        _ => UNKNOWN,
    });
    shown.flat_map(|line| [line, "\n"]).collect()
}

/// Says that a line has a form which only otelctl writes, and holds no other's value.
fn is_ours(line: &str) -> bool {
    let line = line.trim();
    let marker = line.starts_with(BEGIN) || line.starts_with(END);
    let list = ["rule_files:", "scrape_config_files:", "scrape_configs:"].contains(&line);
    let file = line.starts_with("- \"/") && line.ends_with(".yaml\"");
    let line = line.strip_prefix("- ").unwrap_or(line);
    marker || list || file || JOB_KEYS.iter().any(|key| line.starts_with(key))
}

pub(super) fn is_was(line: &str) -> bool {
    line.trim_start().starts_with(WAS)
}

/// Makes a block's lines, without endings, of the lines that it stands for and
/// those that take their place.
pub(super) fn lines(stack: &str, indent: &str, was: &[&str], body: &[String]) -> Vec<String> {
    let sum = if was.is_empty() { String::new() } else { format!(" sum={}", sum(body)) };
    let mut lines = vec![format!("{indent}{BEGIN}{stack}{sum}")];
    lines.extend(was.iter().map(|line| format!("{indent}{WAS} {line}")));
    lines.extend(body.iter().cloned());
    lines.push(format!("{indent}{END}{stack}"));
    lines
}

fn sum(body: &[String]) -> String {
    let mut hash = Sha256::new();
    for line in body {
        hash.update(line.trim_end());
        hash.update("\n");
    }
    hash.finalize().iter().take(4).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The stack whose block holds a line, counted from 1.
pub(super) fn stack_at(text: &str, line: usize) -> Option<String> {
    let marks = text.lines().take(line).filter_map(|line| {
        let line = line.trim();
        let begin = line.strip_prefix(BEGIN).and_then(|name| name.split(' ').next());
        begin.map(Some).or_else(|| line.starts_with(END).then_some(None))
    });
    marks.last().flatten().map(str::to_owned)
}

/// A block that is being read.
struct Open<'a> {
    line: usize,
    sum: &'a str,
    was: Vec<String>,
    body: Vec<String>,
}

/// Takes out every block of a stack, and returns the rest and the blocks' lines.
pub(super) fn remove(
    text: &str,
    file: &str,
    stack: &str,
) -> Result<(String, Vec<String>), Diagnostic> {
    let (mut rest, mut found) = (String::with_capacity(text.len()), Vec::new());
    let mut open: Option<Open<'_>> = None;
    for (number, full) in text.split_inclusive('\n').enumerate().map(|(at, l)| (at + 1, l)) {
        let trimmed = line::body(full).trim();
        let begin = trimmed.strip_prefix(BEGIN).and_then(|name| marked(name, stack));
        let end = trimmed.strip_prefix(END) == Some(stack);
        match (&mut open, begin, end) {
            (None, None, false) => {
                rest.push_str(full);
                continue;
            }
            (None, Some(sum), _) => {
                open = Some(Open { line: number, sum, was: Vec::new(), body: Vec::new() });
            }
            (Some(block), None, true) => {
                block.check(file, stack)?;
                put_back(&mut rest, &block.was, line::ending(full).is_empty());
                open = None;
            }
            (Some(block), None, false) => {
                match line::body(full).trim_start_matches(' ').strip_prefix(WAS) {
                    Some(was) => {
                        let was = was.strip_prefix(' ').unwrap_or(was);
                        block.was.push(format!("{was}{}", line::ending(full)));
                    }
                    None => block.body.push(line::body(full).to_owned()),
                }
            }
            (None, None, true) => {
                return Err(unpaired(file, number, &format!("{END}{stack}"), BEGIN, stack));
            }
            (Some(block), Some(_), _) => {
                return Err(unpaired(file, block.line, &format!("{BEGIN}{stack}"), END, stack));
            }
        }
        found.push(line::body(full).to_owned());
    }
    match open {
        Some(block) => Err(unpaired(file, block.line, &format!("{BEGIN}{stack}"), END, stack)),
        None => Ok((rest, found)),
    }
}

/// The sum that a marker carries, or nothing, when it names the stack.
fn marked<'a>(name: &'a str, stack: &str) -> Option<&'a str> {
    let (name, more) = name.split_once(' ').unwrap_or((name, ""));
    (name == stack).then(|| more.trim().strip_prefix("sum=").unwrap_or_default())
}

/// Restores what a block stood for; a block without a last newline ends the file.
fn put_back(rest: &mut String, was: &[String], at_end: bool) {
    rest.extend(was.iter().map(String::as_str));
    if at_end {
        let ending = line::ending(rest.split_inclusive('\n').next_back().unwrap_or_default()).len();
        rest.truncate(rest.len() - ending);
    }
}

impl Open<'_> {
    /// Lines that stand for somebody else's may have been edited by them.
    fn check(&self, file: &str, stack: &str) -> Result<(), Diagnostic> {
        if self.was.is_empty() || self.sum == sum(&self.body) {
            return Ok(());
        }
        let message = format!("the lines of the block `{stack}` were edited, and would be lost");
        Err(line::refuse(file, self.line, 1, &message).hint(
            "make the edit in the line after `otelctl:was` and undo it below, or remove the block \
             and keep the list as you want it",
        ))
    }
}

fn unpaired(file: &str, line: usize, has: &str, lacks: &str, stack: &str) -> Diagnostic {
    line::refuse(file, line, 1, &format!("`{has}` stands alone")).hint(format!(
        "put `{lacks}{stack}` back on a line of its own, or remove what is left of the block"
    ))
}
