//! A format of `String.new`: `%<flags><width>.<precision><letter>`.

use super::{double_quoted, inspected, plain};
use crate::hiera::print::float;
use crate::hiera::types::TypeError;
use crate::hiera::types::check::name;
use crate::hiera::{Node, Value};

/// A format of one letter; lists and mappings take only the letters that say so.
pub(super) struct Format {
    flags: String,
    width: usize,
    precision: Option<usize>,
    letter: char,
}

/// The widest field.
const MAX_WIDTH: usize = 1000;

impl Format {
    /// Reads a format; none, where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('%')?;
        let end = rest.find(|c| !" [+#0{<(|-".contains(c))?;
        let (flags, rest) = rest.split_at_checked(end)?;
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (width, rest) = rest.split_at_checked(end)?;
        let (precision, letter) = match rest.strip_prefix('.') {
            Some(after) => {
                let end = after.find(|c: char| !c.is_ascii_digit())?;
                let (digits, letter) = after.split_at_checked(end)?;
                (Some(digits.parse().ok().filter(|precision| *precision <= MAX_WIDTH)?), letter)
            }
            None => (None, rest),
        };
        let mut letters = letter.chars();
        let letter = letters.next().filter(char::is_ascii_alphabetic)?;
        let width = if width.is_empty() { 0 } else { width.parse().ok()? };
        (letters.next().is_none() && width <= MAX_WIDTH).then(|| Self {
            flags: flags.to_owned(),
            width,
            precision,
            letter,
        })
    }

    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// Writes a value.
    pub(super) fn apply(&self, node: &Node) -> Result<String, TypeError> {
        let text = match &node.value {
            Value::Null => self.undef(),
            Value::Bool(value) => self.boolean(*value),
            Value::Integer(value) => self.integer(*value),
            Value::Float(value) => self.float(*value),
            Value::Text(text) => self.text(text),
            Value::Sequence(_) if "asp".contains(self.letter) => {
                Some(self.bracketed(inspected(node)))
            }
            Value::Mapping(entries) if self.letter == 'a' => {
                let pair = |(key, value): &(Node, Node)| {
                    format!("[{}, {}]", inspected(key), inspected(value))
                };
                let pairs: Vec<String> = entries.iter().map(pair).collect();
                Some(format!("[{}]", pairs.join(", ")))
            }
            Value::Mapping(_) if "hsp".contains(self.letter) => {
                Some(self.bracketed(inspected(node)))
            }
            Value::BigInteger(_) if "dsp".contains(self.letter) => {
                Some(self.padded(&inspected(node)))
            }
            Value::Sensitive(_) => Some(plain(node)),
            Value::Sequence(_) | Value::Mapping(_) | Value::BigInteger(_) | Value::Symbol(_) => {
                None
            }
        };
        text.ok_or_else(|| {
            let (letter, name) = (self.letter, name(&node.value));
            TypeError::new(format!("the format `%{letter}` is not for a value of type {name}"))
        })
    }

    fn padded(&self, text: &str) -> String {
        let width = self.width;
        if self.has('-') { format!("{text:<width$}") } else { format!("{text:>width$}") }
    }

    /// Other brackets around a list: `%(a`.
    fn bracketed(&self, text: String) -> String {
        let pairs = [('(', ')'), ('<', '>'), ('{', '}'), ('|', '|'), ('[', ']')];
        match pairs.into_iter().find(|(open, _)| self.has(*open)) {
            Some((open, close)) => {
                let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
                format!("{open}{inside}{close}")
            }
            None => text,
        }
    }

    fn text(&self, text: &str) -> Option<String> {
        let text = match self.letter {
            's' => text.to_owned(),
            'p' if self.has('#') => double_quoted(text),
            'p' => super::quoted(text),
            'c' => capitalized(text),
            'C' => text.split("::").map(capitalized).collect::<Vec<_>>().join("::"),
            'd' => text.to_lowercase(),
            'u' => text.to_uppercase(),
            't' => text.trim().to_owned(),
            _ => return None,
        };
        let text = match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text,
        };
        Some(self.padded(&text))
    }

    fn undef(&self) -> Option<String> {
        let text = match self.letter {
            's' => "",
            'p' | 'u' => "undef",
            'n' => "nil",
            'd' | 'x' | 'X' | 'o' | 'b' | 'B' | 'e' | 'E' | 'f' | 'g' | 'G' | 'a' | 'A' => "NaN",
            'v' => "n/a",
            'V' => "N/A",
            _ => return None,
        };
        Some(self.padded(text))
    }

    fn boolean(&self, value: bool) -> Option<String> {
        let (yes, no) = match self.letter {
            't' | 's' | 'p' => ("true", "false"),
            'T' => ("True", "False"),
            'y' => ("yes", "no"),
            'Y' => ("Yes", "No"),
            'd' | 'x' | 'X' | 'o' | 'b' | 'B' | 'e' | 'E' | 'f' | 'g' | 'G' | 'a' | 'A' => {
                return self.integer(i64::from(value));
            }
            _ => return None,
        };
        let word = if value { yes } else { no };
        let short = self.has('#') && "tTyY".contains(self.letter);
        Some(self.padded(if short { word.get(..1)? } else { word }))
    }

    fn integer(&self, value: i64) -> Option<String> {
        let size = value.unsigned_abs();
        let (prefix, digits) = match self.letter {
            'd' | 's' | 'p' => ("", size.to_string()),
            // Ruby writes negative numbers of these as an endless complement.
            'x' | 'X' | 'o' | 'b' | 'B' if value < 0 && !self.has('+') && !self.has(' ') => {
                return None;
            }
            'x' => ("0x", format!("{size:x}")),
            'X' => ("0X", format!("{size:X}")),
            'o' => ("0", format!("{size:o}")),
            'b' => ("0b", format!("{size:b}")),
            'B' => ("0B", format!("{size:b}")),
            'c' => {
                let letter = char::from_u32(u32::try_from(value).ok()?)?;
                return Some(self.padded(&letter.to_string()));
            }
            #[allow(clippy::cast_precision_loss, reason = "Ruby rounds, too")]
            _ => return self.float(value as f64),
        };
        let prefix = if self.has('#') { prefix } else { "" };
        Some(self.number(value < 0, prefix, &digits))
    }

    fn float(&self, value: f64) -> Option<String> {
        let size = value.abs();
        let digits = match self.letter {
            'f' => fixed(size, self.precision.unwrap_or(6)),
            'e' | 'E' => scientific(size, self.precision.unwrap_or(6)),
            'g' | 'G' => general(size, self.precision.unwrap_or(6)),
            's' | 'p' => float(size),
            'd' => fixed(size.trunc(), 0),
            _ => return None,
        };
        let digits = if "EG".contains(self.letter) { digits.to_uppercase() } else { digits };
        Some(self.number(value < 0.0, "", &digits))
    }

    fn number(&self, negative: bool, prefix: &str, digits: &str) -> String {
        let sign = match negative {
            true => "-",
            false if self.has('+') => "+",
            false if self.has(' ') => " ",
            false => "",
        };
        let width = if self.has('0') && !self.has('-') {
            self.width.saturating_sub(sign.len() + prefix.len())
        } else {
            0
        };
        self.padded(&format!("{sign}{prefix}{digits:0>width$}"))
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters.as_str().to_lowercase().chars()).collect()
    })
}

/// So many digits after the point.
pub(super) fn fixed(value: f64, precision: usize) -> String {
    format!("{value:.precision$}")
}

fn scientific(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// C's `%g`: so many significant digits, zeros at the end left out.
fn general(value: f64, precision: usize) -> String {
    let precision = precision.max(1);
    let text = scientific(value, precision - 1);
    let exponent: i32 =
        text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    let trimmed = |text: &str| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
            .to_owned()
    };
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    if exponent < -4 || exponent >= limit {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
        return format!("{}e{exponent}", trimmed(mantissa));
    }
    trimmed(&fixed(value, usize::try_from(limit - 1 - exponent).unwrap_or(0)))
}
