//! Puts entries into the lists of a configuration, as blocks of whole lines.

use super::document::{Document, Node, Shape};
use super::{block, line};
use crate::diagnostic::Diagnostic;

/// One entry of a list, in both ways to write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Lines of block style; the first begins with `- `.
    pub lines: Vec<String>,
    /// The same in flow style, on one line.
    pub flow: String,
}

/// Entries for one top-level list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The key of the list, such as `rule_files`.
    pub key: &'static str,
    /// What comes first in it.
    pub items: Vec<Item>,
}

/// Whole lines that take the place of others, or of none.
struct Edit {
    at: usize,
    until: usize,
    lines: Vec<String>,
}

/// Puts the additions in; what they cannot do safely is refused.
pub(super) fn insert(
    text: &str,
    document: &Document,
    file: &str,
    stack: &str,
    additions: &[Addition],
) -> Result<String, Diagnostic> {
    if let Some(root) = document.flow_root() {
        let message = "the file is one flow mapping, which has no lines of its own for otelctl";
        return Err(line::refuse(file, root.line, root.column, message)
            .hint("write its settings one a line, without the outer braces"));
    }
    // A file whose last line has no ending gets one for the work; the lines that
    // stand last in the end go without.
    let style = line::style(text);
    let open = !text.is_empty() && !text.ends_with('\n');
    let text = &format!("{text}{}", if open { style } else { "" });
    let mut edits = Vec::new();
    let margin = document.entries().first().map_or(0, |(key, _)| key.column - 1);
    let margin = " ".repeat(margin);
    let mut tail = Vec::new();
    for addition in additions {
        if let Some((key, value)) = document.entry(addition.key) {
            edits.push(edit(text, file, stack, addition, (key, value))?);
        } else {
            tail.push(format!("{margin}{}:", addition.key));
            tail.extend(block_lines(addition, &format!("{margin}  ")));
        }
    }
    if !tail.is_empty() {
        if document.ends_open {
            let last = text.lines().count();
            let message = "the last line belongs to a block scalar and has no newline";
            return Err(line::refuse(file, last, 1, message).hint("end the file with a newline"));
        }
        let lines = block::lines(stack, &margin, &[], &tail);
        edits.push(Edit { at: text.len(), until: text.len(), lines });
    }
    for edit in &edits {
        inside_another(text, file, edit)?;
    }
    edits.sort_by_key(|edit| edit.at);
    let mut new = edits.iter().rev().fold(text.clone(), |text, edit| edit.apply(&text, style));
    if open {
        new.truncate(new.len() - style.len());
    }
    Ok(new)
}

fn edit(
    text: &str,
    file: &str,
    stack: &str,
    addition: &Addition,
    (key, value): (&Node, &Node),
) -> Result<Edit, Diagnostic> {
    let refuse = |message: &str| {
        let message = format!("`{}` {message}", addition.key);
        Err(line::refuse(file, value.line, value.column, &message)
            .hint(format!("write `{}` as a plain block list, one entry a line", addition.key)))
    };
    if value.marked || matches!(value.shape, Shape::Alias(_)) {
        return refuse("carries an anchor, an alias or a tag");
    }
    let margin = " ".repeat(key.column - 1);
    let key_end = line::end_of(text, key.end);
    match &value.shape {
        // Nothing stands there: the entries go below the key.
        Shape::Scalar { text: nothing, .. } if value.is_null() && nothing.is_empty() => {
            let indent = format!("{margin}  ");
            let lines = block::lines(stack, &indent, &[], &block_lines(addition, &indent));
            Ok(Edit { at: key_end, until: key_end, lines })
        }
        Shape::Sequence { flow: false, .. } => {
            let indent = first_indent(text.get(key_end..).unwrap_or_default());
            let lines = block::lines(stack, &indent, &[], &block_lines(addition, &indent));
            Ok(Edit { at: key_end, until: key_end, lines })
        }
        Shape::Scalar { .. } if value.is_null() => {
            let mut new = vec![format!("{margin}{}:", addition.key)];
            new.extend(block_lines(addition, &format!("{margin}  ")));
            Ok(replace(text, stack, &margin, (key, value), &new))
        }
        Shape::Sequence { items, flow: true } => {
            let (at, until) = lines_of(text, key, value);
            let entries: Vec<&str> = addition.items.iter().map(|item| item.flow.as_str()).collect();
            let comma = if items.is_empty() { "" } else { ", " };
            let (head, tail) = (text.get(at..=value.start), text.get(value.start + 1..until));
            let (Some(head), Some(tail)) = (head, tail) else { return refuse("cannot be edited") };
            let new = format!("{head}{}{comma}{tail}", entries.join(", "));
            let new: Vec<String> =
                new.split_inclusive('\n').map(|line| line::body(line).to_owned()).collect();
            Ok(replace(text, stack, &margin, (key, value), &new))
        }
        _ => refuse("is no list"),
    }
}

/// The indentation of the first line that holds something: the first item's.
fn first_indent(text: &str) -> String {
    let first = text.lines().find(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    let width = first.map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
    " ".repeat(width)
}

/// The whole lines from a key to the end of its value.
fn lines_of(text: &str, key: &Node, value: &Node) -> (usize, usize) {
    let last = value.end.saturating_sub(1).max(key.end);
    (line::start_of(text, key.start), line::end_of(text, last))
}

fn replace(
    text: &str,
    stack: &str,
    margin: &str,
    (key, value): (&Node, &Node),
    new: &[String],
) -> Edit {
    let (at, until) = lines_of(text, key, value);
    let was: Vec<&str> =
        text.get(at..until).unwrap_or_default().split_inclusive('\n').map(line::body).collect();
    Edit { at, until, lines: block::lines(stack, margin, &was, new) }
}

fn block_lines(addition: &Addition, indent: &str) -> Vec<String> {
    let lines = addition.items.iter().flat_map(|item| &item.lines);
    lines.map(|line| format!("{indent}{line}")).collect()
}

/// A list that stands in the block of another stack goes when that one goes.
fn inside_another(text: &str, file: &str, edit: &Edit) -> Result<(), Diagnostic> {
    let above = text.get(..edit.at).unwrap_or_default().lines().count();
    if block::stack_at(text, above).is_none() {
        return Ok(());
    }
    let message = "the list that otelctl adds to belongs to the block of another stack";
    Err(line::refuse(file, above, 1, message).hint(
        "give the file an empty list of its own, such as a line `rule_files:` or \
         `scrape_config_files:`, and apply the other stack first",
    ))
}

impl Edit {
    fn apply(&self, text: &str, style: &str) -> String {
        let part = |range: Option<&str>| range.unwrap_or_default().to_owned();
        let mut new = part(text.get(..self.at));
        let old = part(text.get(self.at..self.until));
        let mut endings = old.split_inclusive('\n').map(line::ending);
        for line in &self.lines {
            new.push_str(line);
            let kept = if block::is_was(line) { endings.next() } else { None };
            new.push_str(kept.unwrap_or(style));
        }
        new + &part(text.get(self.until..))
    }
}
