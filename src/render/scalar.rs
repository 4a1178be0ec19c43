//! One string as one YAML scalar, safely, and plain where that is safe.
//!
//! Owns quoting for every reader of our files at once: YAML 1.1 (docker-compose
//! 1.29 by `PyYAML`), YAML 1.2 (Go, our own). May not know what is quoted.

use super::setting::is_printable;
use std::fmt::Write as _;

/// Writes a string as one scalar: plain if no reader can take it for anything
/// else, else in single quotes, else (unprintable characters) in double quotes.
pub fn yaml(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Writes a string as one quoted scalar.
pub fn quoted(text: &str) -> String {
    if text.chars().all(is_printable) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// Words that some reader takes for a boolean, null or a number.
const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan"];

fn is_plain(text: &str) -> bool {
    is_name(text) || is_quantity(text) || is_cidr(text)
}

/// A letter or slash, then letters, digits and marks that mean nothing inside a word.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./@:-".contains(c))
        && !text.ends_with(':')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// A number and its unit, such as `15s` or `512MiB`; `0x1` and `1e3` are no such thing.
fn is_quantity(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < text.len()
        && !unit.is_empty()
        && !text.starts_with('0')
        && unit.chars().all(|c| c.is_ascii_alphabetic())
}

/// `172.31.250.0/24`: the slash makes it a string everywhere.
fn is_cidr(text: &str) -> bool {
    text.split_once('/').is_some_and(|(address, length)| {
        address.contains('.')
            && address.chars().all(|c| c.is_ascii_digit() || c == '.')
            && !length.is_empty()
            && length.chars().all(|c| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::{quoted, yaml};
    use proptest::prelude::*;

    #[test]
    fn plain_where_safe() {
        for plain in [
            "otel/opentelemetry-collector-contrib:0.91.0",
            "/opt/otel",
            "15s",
            "512MiB",
            "172.31.250.0/24",
            "unless-stopped",
        ] {
            assert_eq!(yaml(plain), plain);
        }
    }

    #[test]
    fn quoted_where_a_reader_could_err() {
        for text in [
            "", "yes", "Off", "NULL", "22:22", "1e3", "0x1F", "1", "-", "a: b", "a #b", "~",
            "key:", "*a", "{{x}}", ".inf", "0755", "1.5", "<<", "=",
        ] {
            assert_eq!(yaml(text), format!("'{text}'"));
        }
        assert_eq!(quoted("it's"), "'it''s'");
        assert_eq!(yaml("a\nb\u{85}\"\\"), "\"a\\nb\\U00000085\\\"\\\\\"");
    }

    proptest! {
        #[test]
        fn every_string_reads_back(text in any::<String>()) {
            let line = format!("key: {}  # comment\n", yaml(&text));
            let read: serde_json::Value = serde_saphyr::from_str(&line).unwrap();
            prop_assert_eq!(read.get("key"), Some(&serde_json::Value::String(text)));
        }

        #[test]
        fn short_words_read_back_too(text in "[-+.0-9a-zA-Z_:/~#&*!|>%@<=' ]{0,6}") {
            let line = format!("- {}\n", yaml(&text));
            let read: serde_json::Value = serde_saphyr::from_str(&line).unwrap();
            prop_assert_eq!(read.get(0), Some(&serde_json::Value::String(text)));
        }
    }
}
