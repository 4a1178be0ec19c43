//! A diagnostic as text: the thing, its place, its causes, a hint.

use super::Style;
use super::style::plain;
use crate::diagnostic::{Diagnostic, Severity};
use std::fmt::Write as _;

/// Writes one diagnostic, with a line break at its end.
#[must_use]
pub fn diagnostic(diagnostic: &Diagnostic, style: Style) -> String {
    let Diagnostic { severity, kind: _, code, message, origin, causes, hint } = diagnostic;
    let word = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let label = code.map_or_else(|| word.to_owned(), |code| format!("{word}[{code}]"));
    let label = match severity {
        Severity::Error => style.red(&label),
        Severity::Warning => style.yellow(&label),
        Severity::Note => style.cyan(&label),
    };
    let mut text = format!("{label}: {}\n", plain(message));
    if let Some(at) = origin.location() {
        let place = format!("{}:{}:{}", plain(&at.file), at.line, at.column);
        let _ = writeln!(text, "  {} {place}", style.cyan("-->"));
    }
    match causes.as_slice() {
        [] => {}
        [only] => {
            let _ = writeln!(text, "caused by: {}", indented(only, 4));
        }
        several => {
            text.push_str("caused by:\n");
            for (index, cause) in several.iter().enumerate() {
                let _ = writeln!(text, "  {}: {}", index + 1, indented(cause, 5));
            }
        }
    }
    if let Some(hint) = hint {
        let _ = writeln!(text, "{}: {}", style.cyan("hint"), indented(hint, 6));
    }
    text
}

fn indented(text: &str, columns: usize) -> String {
    plain(text.trim_end()).replace('\n', &format!("\n{}", " ".repeat(columns)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Kind, Location, Origin};

    #[test]
    fn shows_place_numbered_causes_and_hint() {
        let at = Location { layer: "common".into(), file: "a.yaml".into(), line: 14, column: 1 };
        let shown = diagnostic(
            &Diagnostic::error(Kind::Profile, "unknown key `x`")
                .code("profile::unknown-key")
                .at(&Origin::File(at))
                .cause("one")
                .cause("two\u{1b}[31m")
                .hint("did you mean `y`?"),
            Style::new(false),
        );
        assert_eq!(
            shown,
            "error[profile::unknown-key]: unknown key `x`\n  --> a.yaml:14:1\ncaused by:\n  \
             1: one\n  2: two\u{fffd}[31m\nhint: did you mean `y`?\n"
        );
    }
}
