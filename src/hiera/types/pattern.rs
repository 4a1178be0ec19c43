//! Regular expressions as Ruby reads them.

use super::error::TypeError;
use fancy_regex::{Regex, RegexBuilder};

/// How many steps a search may take back before it gives up.
const MAX_STEPS: usize = 100_000;

/// A regular expression in Ruby's notation; `^` and `$` stand at every line.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    regex: Regex,
}

impl Pattern {
    /// Reads what stands between the slashes.
    ///
    /// # Errors
    /// What is no regular expression.
    pub fn parse(source: &str) -> Result<Self, TypeError> {
        let regex = RegexBuilder::new(&translated(source))
            .multi_line(true)
            .backtrack_limit(MAX_STEPS)
            .build()
            .map_err(|_| TypeError::new(format!("`{source}` is no regular expression")))?;
        Ok(Self { source: source.to_owned(), regex })
    }

    /// Says whether it matches somewhere in a text; a search that takes too many
    /// steps counts as none.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text).unwrap_or(false)
    }

    /// Returns the regular expression as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// Ruby's `(?m)` lets a point match line ends, which is `(?s)` elsewhere, and its
/// `\d`, `\s` and `\w` are those of ASCII.
fn translated(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut in_class = false;
    let mut letters = source.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('d') => text.push_str(if in_class { "0-9" } else { "[0-9]" }),
                Some('w') => text.push_str(if in_class { "a-zA-Z0-9_" } else { "[a-zA-Z0-9_]" }),
                Some('h') => text.push_str(if in_class { "0-9a-fA-F" } else { "[0-9a-fA-F]" }),
                Some('/') => text.push('/'),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            '[' => {
                in_class = true;
                text.push('[');
            }
            ']' => {
                in_class = false;
                text.push(']');
            }
            '(' if !in_class && letters.peek() == Some(&'?') => {
                text.push('(');
                let mut flags = String::new();
                while let Some(flag) = letters.next_if(|c| "?imx-".contains(*c)) {
                    flags.push(flag);
                }
                text.push_str(&flags.replace('m', "s"));
            }
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn reads_what_ruby_reads() {
        for (source, text, expected) in [
            ("^b", "a\nb", true),
            (r"\Ab", "a\nb", false),
            (r"a\z", "a\n", false),
            (r"a\Z", "a\n", true),
            ("a.b", "a\nb", false),
            ("(?m:a.b)", "a\nb", true),
            ("(?m-ix:a.b)", "a\nb", true),
            (r"^\h+$", "beef", true),
            (r"^[\d_]+$", "1_0", true),
            (r"^\d$", "٣", false),
            ("^profile::(?!db)", "profile::web", true),
            ("^profile::(?!db)", "profile::db", false),
            (r"a\/b", "a/b", true),
        ] {
            assert_eq!(Pattern::parse(source).unwrap().matches(text), expected, "{source}");
        }
        assert!(Pattern::parse("(").is_err());
    }

    #[test]
    fn no_search_takes_for_ever() {
        let pattern = Pattern::parse("^(a+)+(?=x)$").unwrap();
        assert!(!pattern.matches(&"a".repeat(5000)));
    }
}
