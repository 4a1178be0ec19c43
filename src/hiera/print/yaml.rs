//! YAML as Ruby's Psych writes it: folded at 80 columns, lists not indented.

use super::scalar::{Style, is_break, is_printable, style};
use super::{REDACTED, ruby};
use crate::hiera::{Node, Value};

/// Lines are folded at the first space behind this column.
const WIDTH: usize = 80;
/// A key longer than this stands behind a question mark.
const MAX_KEY: usize = 128;

/// Writes a document; ends with a line end.
#[must_use]
pub fn yaml(node: &Node) -> String {
    let mut writer = Writer { text: "---".to_owned(), column: 3, open_ended: false, fresh: false };
    writer.root(node);
    if !writer.fresh {
        writer.text.push('\n');
    }
    if writer.open_ended {
        writer.text.push_str("...\n");
    }
    writer.text
}

struct Writer {
    text: String,
    column: usize,
    open_ended: bool,
    /// The pen stands at the start of a line already.
    fresh: bool,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    fn line(&mut self, indent: usize) {
        if !std::mem::take(&mut self.fresh) {
            self.text.push('\n');
        }
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    fn root(&mut self, node: &Node) {
        match collection(node) {
            Some(()) => self.block(node, 0, true),
            None => self.value(node, 0),
        }
    }

    /// A list or mapping that is not empty; its first line may stand where the pen is.
    fn block(&mut self, node: &Node, indent: usize, new_line: bool) {
        let mut first = !new_line;
        match &node.value {
            Value::Sequence(items) => {
                for item in items {
                    if !std::mem::take(&mut first) {
                        self.line(indent);
                    }
                    self.push("-");
                    match collection(item) {
                        Some(()) => {
                            self.push(" ");
                            self.block(item, indent + 2, false);
                        }
                        None => self.value(item, indent + 2),
                    }
                }
            }
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    if !std::mem::take(&mut first) {
                        self.line(indent);
                    }
                    self.key(key, indent);
                    match (collection(value), &value.value) {
                        (Some(()), Value::Sequence(_)) => self.block(value, indent, true),
                        (Some(()), _) => self.block(value, indent + 2, true),
                        (None, _) => self.value(value, indent + 2),
                    }
                }
            }
            _ => {}
        }
    }

    fn key(&mut self, key: &Node, indent: usize) {
        let simple = match &key.value {
            Value::Text(text) => text.len() <= MAX_KEY && !text.contains(is_break),
            Value::Sequence(_) | Value::Mapping(_) => collection(key).is_none(),
            _ => true,
        };
        if simple {
            self.bare(key, indent, true);
            self.push(":");
            return;
        }
        self.push("?");
        match collection(key) {
            Some(()) => {
                self.push(" ");
                self.block(key, indent + 2, false);
            }
            None => self.value(key, indent + 2),
        }
        self.line(indent);
        self.push(":");
    }

    /// A value after `-`, `:` or `---`; nothing needs no space.
    fn value(&mut self, node: &Node, indent: usize) {
        if node.value != Value::Null {
            self.push(" ");
            self.bare(node, indent.max(2), false);
        }
    }

    fn bare(&mut self, node: &Node, indent: usize, simple_key: bool) {
        match &node.value {
            Value::Null => {}
            Value::Bool(value) => self.push(&value.to_string()),
            Value::Integer(value) => self.push(&value.to_string()),
            Value::BigInteger(digits) => self.push(digits),
            Value::Float(value) if value.is_nan() => self.push(".nan"),
            Value::Float(value) if value.is_infinite() => {
                self.push(if *value > 0.0 { ".inf" } else { "-.inf" });
            }
            Value::Float(value) => self.push(&ruby::float(*value)),
            Value::Symbol(name) => self.push(&format!(":{name}")),
            Value::Text(text) => self.scalar(text, indent, simple_key),
            Value::Sensitive(_) => self.push(REDACTED),
            Value::Sequence(_) => self.push("[]"),
            Value::Mapping(_) => self.push("{}"),
        }
    }

    fn scalar(&mut self, text: &str, indent: usize, simple_key: bool) {
        if text == "<<" {
            self.push("!!str ");
        }
        self.open_ended = false;
        match style(text, simple_key) {
            Style::Plain => self.folded(text, indent, !simple_key),
            Style::Single => {
                self.push("'");
                self.single(text, indent, !simple_key);
                self.push("'");
            }
            Style::Double => {
                self.push("\"");
                self.double(text, indent, !simple_key);
                self.push("\"");
            }
            Style::Literal => self.literal(text, indent),
        }
    }

    /// Whether a space may become a line end: alone, inside, and late in the line.
    fn folds(&self, letters: &[char], at: usize, allowed: bool) -> bool {
        let is_space = |at: usize| letters.get(at) == Some(&' ');
        let lonely = !is_space(at + 1) && (at == 0 || !is_space(at - 1));
        allowed && lonely && self.column > WIDTH
    }

    fn folded(&mut self, text: &str, indent: usize, allowed: bool) {
        let letters: Vec<char> = text.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            if *letter == ' ' && self.folds(&letters, at, allowed) {
                self.line(indent);
            } else {
                self.text.push(*letter);
                self.column += 1;
            }
        }
    }

    fn single(&mut self, text: &str, indent: usize, allowed: bool) {
        let letters: Vec<char> = text.chars().collect();
        let mut after_break = false;
        for (at, letter) in letters.iter().copied().enumerate() {
            let inside = at != 0 && at + 1 != letters.len();
            if letter == ' ' && inside && self.folds(&letters, at, allowed) {
                self.line(indent);
                continue;
            }
            if letter == '\n' {
                if !after_break {
                    self.text.push('\n');
                }
                self.text.push('\n');
                self.column = 0;
                after_break = true;
                continue;
            }
            if std::mem::take(&mut after_break) {
                self.text.extend(std::iter::repeat_n(' ', indent));
                self.column = indent;
            }
            self.push(if letter == '\'' { "''" } else { "" });
            if letter != '\'' {
                self.text.push(letter);
                self.column += 1;
            }
        }
        if after_break {
            self.text.extend(std::iter::repeat_n(' ', indent));
            self.column = indent;
        }
    }

    fn double(&mut self, text: &str, indent: usize, allowed: bool) {
        let letters: Vec<char> = text.chars().collect();
        let mut after_space = false;
        for (at, letter) in letters.iter().copied().enumerate() {
            if letter == ' ' {
                let inside = at != 0 && at + 1 != letters.len();
                if allowed && !after_space && inside && self.column > WIDTH {
                    self.line(indent);
                    if letters.get(at + 1) == Some(&' ') {
                        self.push("\\");
                    }
                } else {
                    self.push(" ");
                }
                after_space = true;
                continue;
            }
            after_space = false;
            if let Some(escape) = escape(letter) {
                self.push(&escape);
            } else {
                self.text.push(letter);
                self.column += 1;
            }
        }
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.push("|");
        if text.starts_with([' ', '\n']) {
            self.push("2");
        }
        self.open_ended = false;
        if !text.ends_with('\n') {
            self.push("-");
        } else if text == "\n" || text.ends_with("\n\n") {
            self.push("+");
            self.open_ended = true;
        }
        self.text.push('\n');
        let lines = text.strip_suffix('\n').unwrap_or(text);
        for line in lines.split('\n') {
            if !line.is_empty() {
                self.text.extend(std::iter::repeat_n(' ', indent));
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
        self.fresh = true;
        self.column = 0;
    }
}

/// A list or mapping that is not empty.
fn collection(node: &Node) -> Option<()> {
    match &node.value {
        Value::Sequence(items) if !items.is_empty() => Some(()),
        Value::Mapping(entries) if !entries.is_empty() => Some(()),
        _ => None,
    }
}

fn escape(letter: char) -> Option<String> {
    let short = match letter {
        '\0' => "\\0",
        '\x07' => "\\a",
        '\x08' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\x0b' => "\\v",
        '\x0c' => "\\f",
        '\r' => "\\r",
        '\x1b' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{85}' => "\\N",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        _ if is_printable(letter) => return None,
        _ => {
            let code = u32::from(letter);
            return Some(match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            });
        }
    };
    Some(short.to_owned())
}
