//! `docs/promises.md` covers the user's document, and names tests that exist.

#![cfg(test)]

use std::fs;
use std::path::Path;

const DOCUMENT: &str = include_str!("fixtures/opentelemetry-collector-setup.md");
const PROMISES: &str = include_str!("../docs/promises.md");

/// The cells of the table's rows, without its head.
fn rows() -> Vec<[String; 3]> {
    let table = PROMISES.split("\n## ").next().expect("a table");
    let rows: Vec<[String; 3]> = table
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            <[&str; 3]>::try_from(cells).expect(line).map(str::to_owned)
        })
        .collect();
    assert!(rows.len() > 40, "the whole table is read");
    rows
}

/// What in the document promises something: list items, commands, metrics, dashboards.
fn promises() -> Vec<String> {
    let mut found = Vec::new();
    for line in DOCUMENT.lines() {
        let numbered = line.split_once(". ").filter(|(number, _)| number.parse::<u8>().is_ok());
        if let Some(item) = line.strip_prefix("- ").or(numbered.map(|(_, item)| item)) {
            found.push(item.to_owned());
        } else if line.starts_with("sudo ") {
            found.push(line.to_owned());
        } else if let Some(title) = line.strip_prefix("### Claude Code ") {
            found.push(format!("Claude Code {title}"));
        } else if let Some((metric, _)) =
            line.strip_prefix("| `").and_then(|row| row.split_once('`'))
        {
            found.push(format!("`{metric}`"));
        }
    }
    assert!(found.len() > 35, "{found:?}");
    found
}

#[test]
fn every_promise_of_the_document_has_its_row() {
    let rows = rows();
    for promise in promises() {
        assert!(rows.iter().any(|[said, ..]| *said == promise), "no row for: {promise}");
    }
}

#[test]
fn every_row_stands_in_the_document() {
    for [said, ..] in rows() {
        assert!(DOCUMENT.contains(&said), "the document does not say: {said}");
    }
}

#[test]
fn every_test_that_is_named_exists() {
    for [said, _, proofs] in rows() {
        let named: Vec<&str> = proofs.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "nothing proves: {said}");
        for name in named {
            let (file, function) = name.split_once(": ").expect(name);
            let folder = if file.starts_with("src/") { "" } else { "tests" };
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(file);
            let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            let is_it = |pair: &[&str]| {
                pair[0] == "#[test]" && pair[1].starts_with(&format!("fn {function}("))
            };
            assert!(lines.windows(2).any(is_it), "{} has no test `{function}`", path.display());
        }
    }
}
