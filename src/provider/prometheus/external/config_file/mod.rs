//! Edits of a Prometheus configuration that somebody else wrote.
//!
//! Owns the marked blocks of whole lines and what must hold around them: every
//! other byte stays, and taking a block out gives back what was there before.
//! Pure: text in, text out. May not know HTTP, disk or what is loaded.

mod block;
mod document;
mod insert;
mod line;

pub use block::Arrangement;
pub use insert::{Addition, Item};

use crate::diagnostic::Diagnostic;
use document::Document;

/// What somebody else wrote in the place that is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The line, from 1.
    pub line: usize,
    /// The job's name or the file's path.
    pub name: String,
    /// The stack whose block it stands in.
    pub stack: Option<String>,
}

/// The parts of a configuration without our block that concern us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The jobs of `scrape_configs`.
    pub jobs: Vec<Written>,
    /// The entries of `rule_files`.
    pub rule_files: Vec<Written>,
    /// The entries of `scrape_config_files`.
    pub scrape_files: Vec<Written>,
}

/// Reads which jobs and files a configuration names.
///
/// # Errors
/// When the text is no YAML mapping, with the place.
pub fn read(text: &str, file: &str) -> Result<Listed, Diagnostic> {
    let document = Document::parse(text, file)?;
    let of = |written: Vec<Written>| {
        let of = |w: Written| Written { stack: block::stack_at(text, w.line), ..w };
        written.into_iter().map(of).collect()
    };
    Ok(Listed {
        jobs: of(document.jobs()),
        rule_files: of(document.names("rule_files")),
        scrape_files: of(document.names("scrape_config_files")),
    })
}

/// Takes the stack's block out and puts one with these additions in.
///
/// # Errors
/// Everything that cannot be done without touching somebody else's bytes or
/// changing their meaning, with the place and a hint.
pub fn arrange(
    text: &str,
    file: &str,
    stack: &str,
    additions: &[Addition],
) -> Result<Arrangement, Diagnostic> {
    let (bare, found) = block::remove(text, file, stack)?;
    if additions.is_empty() {
        return Ok(Arrangement { wanted: bare.clone(), bare, found, put: Vec::new() });
    }
    let before = Document::parse(&bare, file)?;
    let wanted = insert::insert(&bare, &before, file, stack, additions)?;
    let (back, put) = block::remove(&wanted, file, stack)?;
    let after = Document::parse(&wanted, file).ok().map(|document| document.meaning());
    if back != bare || after != Some(before.meaning_with(additions)) {
        return Err(line::refuse(file, 1, 1, "the file cannot be edited safely").hint(
            "write `rule_files:` and `scrape_configs:` as plain block lists, one entry a line",
        ));
    }
    Ok(Arrangement { bare, wanted, found, put })
}

#[cfg(test)]
mod tests;
