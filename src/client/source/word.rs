//! One word of a line, quotes resolved, in the shell that reads it.

use std::iter::Peekable;
use std::str::Chars;

/// Who reads a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// A POSIX shell.
    Posix,
    /// `NAME=value` without `export`: shells, `docker run --env-file` and `.env` readers.
    Plain,
    /// fish.
    Fish,
    /// PowerShell.
    PowerShell,
}

/// Why a word has no value that can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// It names a variable or a command.
    Computed,
    /// A quote does not end on this line.
    Unclosed,
}

/// Reads the word that a text begins with.
pub(super) fn word(text: &str, syntax: Syntax) -> Result<String, Unknown> {
    let text = text.trim();
    if syntax == Syntax::Plain && !text.starts_with(['\'', '"']) {
        return plain(text);
    }
    let mut characters = text.chars().peekable();
    let mut value = String::new();
    while let Some(c) = characters.next() {
        match c {
            c if c.is_whitespace() || c == ';' => break,
            '\'' => single(&mut characters, syntax, &mut value)?,
            '"' => double(&mut characters, syntax, &mut value)?,
            '$' | '`' => return Err(Unknown::Computed),
            '(' if syntax == Syntax::Fish => return Err(Unknown::Computed),
            '\\' if syntax != Syntax::PowerShell => value.extend(characters.next()),
            c => value.push(c),
        }
    }
    Ok(value)
}

/// Without quotes the value goes to the end of the line, spaces and all.
fn plain(text: &str) -> Result<String, Unknown> {
    let value = text.split(" #").next().unwrap_or_default().trim_end();
    if value.contains(['$', '`']) { Err(Unknown::Computed) } else { Ok(value.to_owned()) }
}

fn single(
    characters: &mut Peekable<Chars<'_>>,
    syntax: Syntax,
    value: &mut String,
) -> Result<(), Unknown> {
    while let Some(c) = characters.next() {
        match c {
            '\'' if syntax == Syntax::PowerShell && characters.next_if_eq(&'\'').is_some() => {
                value.push('\'');
            }
            '\'' => return Ok(()),
            '\\' if syntax == Syntax::Fish => {
                let escaped = characters.next_if(|next| matches!(next, '\\' | '\''));
                value.push(escaped.unwrap_or('\\'));
            }
            c => value.push(c),
        }
    }
    Err(Unknown::Unclosed)
}

fn double(
    characters: &mut Peekable<Chars<'_>>,
    syntax: Syntax,
    value: &mut String,
) -> Result<(), Unknown> {
    while let Some(c) = characters.next() {
        match c {
            '"' => return Ok(()),
            '$' | '`' => return Err(Unknown::Computed),
            '\\' if syntax != Syntax::PowerShell => {
                let escaped = characters.next_if(|next| matches!(next, '\\' | '"' | '$' | '`'));
                value.push(escaped.unwrap_or('\\'));
            }
            c => value.push(c),
        }
    }
    Err(Unknown::Unclosed)
}

#[cfg(test)]
mod tests {
    use super::{Syntax, Unknown, word};

    #[test]
    fn each_shell_has_its_quotes() {
        use Syntax::{Fish, Plain, Posix, PowerShell};
        for (syntax, text, value) in [
            (Posix, "otlp # why", "otlp"),
            (Posix, "'a b'\\''c'", "a b'c"),
            (Posix, "\"a \\\" \\\\ \\x\"", "a \" \\ \\x"),
            (Posix, "a\\ b; c", "a b"),
            (Posix, "", ""),
            (Plain, "Authorization=Bearer T  # why", "Authorization=Bearer T"),
            (Plain, "\"a b\"", "a b"),
            (Plain, "a#b", "a#b"),
            (Fish, "'it\\'s \\\\ \\x'", "it's \\ \\x"),
            (Fish, "a\\ b", "a b"),
            (PowerShell, "'it''s \\'", "it's \\"),
            (PowerShell, "\"a\\b\"", "a\\b"),
        ] {
            assert_eq!(word(text, syntax), Ok(value.to_owned()), "{syntax:?} {text}");
        }
        for (syntax, text, why) in [
            (Posix, "$HOME/x", Unknown::Computed),
            (Posix, "\"$(id)\"", Unknown::Computed),
            (Posix, "`id`", Unknown::Computed),
            (Plain, "http://$HOST:4317", Unknown::Computed),
            (Fish, "(id)", Unknown::Computed),
            (PowerShell, "\"`n\"", Unknown::Computed),
            (Posix, "'a", Unknown::Unclosed),
            (Posix, "\"a", Unknown::Unclosed),
        ] {
            assert_eq!(word(text, syntax), Err(why), "{syntax:?} {text}");
        }
    }
}
