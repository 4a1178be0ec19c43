//! Lines of a text with their endings, and places in it.

use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use std::sync::Arc;

/// The ending of a line; none for the last line of a file without one.
pub(super) fn ending(line: &str) -> &str {
    let body = line.strip_suffix('\n').unwrap_or(line);
    let body = body.strip_suffix('\r').filter(|_| line.ends_with('\n')).unwrap_or(body);
    line.get(body.len()..).unwrap_or_default()
}

/// The line without its ending.
pub(super) fn body(line: &str) -> &str {
    line.get(..line.len() - ending(line).len()).unwrap_or(line)
}

/// The ending that lines of this text have: that of the first one.
pub(super) fn style(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.ends_with("\r\n") { "\r\n" } else { "\n" }
}

/// The start of the line that holds this byte.
pub(super) fn start_of(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// The end of the line that holds this byte, after its newline.
pub(super) fn end_of(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| at + newline + 1)
}

/// Refuses to edit, with the place; line and column count from 1.
pub(super) fn refuse(file: &str, line: usize, column: usize, message: &str) -> Diagnostic {
    let origin = Origin::File(Location {
        layer: Arc::from("prometheus"),
        file: Arc::from(file),
        line,
        column,
    });
    Diagnostic::error(Kind::Refused, message).code("prometheus::config-file").at(&origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_told_from_what_stands_before_them() {
        for (line, text, end) in
            [("a\n", "a", "\n"), ("a\r\n", "a", "\r\n"), ("a", "a", ""), ("a\r", "a\r", "")]
        {
            assert_eq!((body(line), ending(line)), (text, end), "{line:?}");
        }
        assert_eq!((start_of("ab\ncd", 4), end_of("ab\ncd", 0)), (3, 3));
    }
}
