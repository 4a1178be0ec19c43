//! How a value came about, for people and for programs.
//!
//! What is confidential is not in an explanation, so it cannot be told here.

use crate::diagnostic::Location;
use crate::hiera::{Explanation, Node, Step, print};
use serde_json::{Value as Json, json};

/// How wide the text may become, in characters; a path or a word may be longer.
const WIDTH: usize = 80;
/// How many lines of one value are shown.
const MAX_LINES: usize = 40;
const INDENT: usize = 2;
const HIDDEN: &str = "(hidden)";

/// Leaves out everything but what was searched for `lookup_options`.
pub fn options_alone(explanation: Explanation) -> Explanation {
    let steps = explanation.steps.into_iter().flat_map(about_options).collect();
    Explanation { steps }
}

fn about_options(step: Step) -> Vec<Step> {
    match step {
        Step::Searched { ref what, .. } if what.contains("`lookup_options`") => vec![step],
        Step::Searched { steps, .. } => steps.into_iter().flat_map(about_options).collect(),
        Step::Note(ref note) if note.contains("`lookup_options`") => vec![step],
        Step::Failed(_) => vec![step],
        _ => Vec::new(),
    }
}

/// Hides every value that was found.
pub fn without_values(explanation: Explanation) -> Explanation {
    Explanation { steps: explanation.steps.into_iter().map(without_value).collect() }
}

fn without_value(step: Step) -> Step {
    match step {
        Step::Searched { what, steps } => {
            Step::Searched { what, steps: steps.into_iter().map(without_value).collect() }
        }
        Step::Found { key, location, .. } => Step::Found { key, location, value: None },
        other => other,
    }
}

/// Tells the steps as an indented text.
pub fn text(explanation: &Explanation) -> String {
    let mut text = String::new();
    for step in &explanation.steps {
        tell(step, 0, &mut text);
    }
    text
}

fn tell(step: &Step, depth: usize, text: &mut String) {
    match step {
        Step::Searched { what, steps } => {
            line(what, depth, text);
            for step in steps {
                tell(step, depth + 1, text);
            }
        }
        Step::NoFile(path) => line(&format!("no such file: {path}"), depth, text),
        Step::NotFound(key) => line(&format!("not found: {key}"), depth, text),
        Step::Found { key, location, value } => {
            line(&format!("found `{key}` at {}", shown(location)), depth, text);
            let width = WIDTH.saturating_sub((depth + 1) * INDENT);
            for part in lines(value.as_ref(), width) {
                indent(depth + 1, text);
                text.push_str(&part);
                text.push('\n');
            }
        }
        Step::Overridden(at) => line(&format!("overrides {}", shown(at)), depth, text),
        Step::Note(note) => line(note, depth, text),
        Step::Failed(reason) => line(&format!("failed: {reason}"), depth, text),
    }
}

fn line(told: &str, depth: usize, text: &mut String) {
    let first = " ".repeat(depth * INDENT);
    let next = " ".repeat(depth * INDENT + 2 * INDENT);
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(&first)
        .subsequent_indent(&next)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    text.push_str(&textwrap::fill(told, options));
    text.push('\n');
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n(' ', depth * INDENT));
}

/// A value as JSON: on one line if it fits, else spread out.
fn lines(value: Option<&Node>, width: usize) -> Vec<String> {
    let Some(value) = value else { return vec![HIDDEN.to_owned()] };
    // Infinity has no JSON, but Ruby's notation.
    let one = print::json(value).unwrap_or_else(|_| print::to_s(value));
    if one.chars().count() <= width {
        return vec![one];
    }
    let spread = match serde_json::from_str::<Json>(&one) {
        Ok(json @ (Json::Array(_) | Json::Object(_))) => format!("{json:#}"),
        _ => one,
    };
    let mut lines: Vec<String> = spread.lines().map(str::to_owned).collect();
    let left = lines.len().saturating_sub(MAX_LINES);
    if left > 1 {
        lines.truncate(MAX_LINES);
        lines.push(format!("… and {left} lines more"));
    }
    lines
}

fn shown(location: &Location) -> String {
    format!("{}:{}:{}", location.file, location.line, location.column)
}

/// Tells the steps as a tree.
pub fn json(explanation: &Explanation) -> String {
    let steps: Vec<Json> = explanation.steps.iter().map(tree).collect();
    format!("{}\n", json!({ "steps": steps }))
}

fn tree(step: &Step) -> Json {
    match step {
        Step::Searched { what, steps } => {
            json!({ "searched": what, "steps": steps.iter().map(tree).collect::<Vec<_>>() })
        }
        Step::NoFile(path) => json!({ "no_file": path }),
        Step::NotFound(key) => json!({ "not_found": key }),
        Step::Found { key, location, value } => {
            let mut found = json!({ "found": key, "hidden": value.is_none() });
            if let (Some(value), Some(entries)) = (value, found.as_object_mut()) {
                entries.insert("value".to_owned(), plain(value));
            }
            placed(found, location)
        }
        Step::Overridden(location) => {
            placed(json!({ "overrides": location.layer.as_ref() }), location)
        }
        Step::Note(note) => json!({ "note": note }),
        Step::Failed(reason) => json!({ "failed": reason }),
    }
}

fn plain(value: &Node) -> Json {
    let parsed = print::json(value).ok().and_then(|text| serde_json::from_str(&text).ok());
    parsed.unwrap_or_else(|| Json::String(print::to_s(value)))
}

fn placed(mut told: Json, location: &Location) -> Json {
    let Location { layer, file, line, column } = location;
    if let Some(entries) = told.as_object_mut() {
        entries.insert("layer".to_owned(), json!(layer.as_ref()));
        entries.insert("file".to_owned(), json!(file.as_ref()));
        entries.insert("line".to_owned(), json!(line));
        entries.insert("column".to_owned(), json!(column));
    }
    told
}
