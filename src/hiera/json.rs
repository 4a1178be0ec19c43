//! JSON as Ruby's parser reads it, with a place for every value.
//!
//! Comments are allowed and the last of equal keys wins; `NaN` and trailing
//! commas are not. Never quotes the file's text in an error.

use super::json_text::Cursor;
use super::loader::MAX_DEPTH;
use super::mapping::Mapping;
use super::number::of_digits;
use super::{Node, Value, document::MAX_NODES};
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use std::sync::Arc;

/// Reads a whole file.
pub fn read(text: &str, layer: &Arc<str>, file: &Arc<str>) -> Result<Node, Vec<Diagnostic>> {
    let mut reader = Reader { cursor: Cursor::new(text), layer, file, nodes: 0 };
    reader.document().map_err(|message| {
        let error = Diagnostic::error(Kind::Profile, message).code("hiera::json");
        vec![error.at(&Origin::File(reader.location()))]
    })
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    layer: &'a Arc<str>,
    file: &'a Arc<str>,
    nodes: usize,
}

/// What is wrong at the cursor.
type Refusal = String;

impl Reader<'_> {
    fn document(&mut self) -> Result<Node, Refusal> {
        self.cursor.pass_space()?;
        let root = self.value(0)?;
        self.cursor.pass_space()?;
        match self.cursor.peek() {
            None => Ok(root),
            Some(_) => Err("not valid JSON: something follows the value".to_owned()),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Refusal> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(format!("the file holds more than {MAX_NODES} values"));
        }
        let location = self.location();
        let value = match self.cursor.peek() {
            Some('{' | '[') if depth >= MAX_DEPTH => {
                return Err(format!("lists and mappings nest deeper than {MAX_DEPTH} levels"));
            }
            Some('{') => self.object(depth + 1)?,
            Some('[') => self.array(depth + 1)?,
            Some('"') => Value::Text(self.cursor.string()?),
            Some('-' | '0'..='9') => number(self.cursor.number())?,
            Some('a'..='z') => match self.cursor.word() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                _ => return Err("not valid JSON: an unknown word".to_owned()),
            },
            _ => return Err("not valid JSON: expected a value".to_owned()),
        };
        Ok(Node::new(value, location))
    }

    fn array(&mut self, depth: usize) -> Result<Value, Refusal> {
        let mut items = Vec::new();
        self.cursor.next();
        self.cursor.pass_space()?;
        if self.cursor.take(']') {
            return Ok(Value::Sequence(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.cursor.pass_space()?;
            if self.cursor.take(']') {
                return Ok(Value::Sequence(items));
            }
            self.expect(',', "`,` or `]`")?;
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Refusal> {
        let mut mapping = Mapping::default();
        self.cursor.next();
        self.cursor.pass_space()?;
        if self.cursor.take('}') {
            return Ok(Value::Mapping(mapping.finish()));
        }
        loop {
            let location = self.location();
            if self.cursor.peek() != Some('"') {
                return Err("not valid JSON: expected a key in double quotes".to_owned());
            }
            let key = Node::new(Value::Text(self.cursor.string()?), location);
            self.cursor.pass_space()?;
            self.expect(':', "`:`")?;
            let value = self.value(depth)?;
            mapping.insert(key, value);
            self.cursor.pass_space()?;
            if self.cursor.take('}') {
                return Ok(Value::Mapping(mapping.finish()));
            }
            self.expect(',', "`,` or `}`")?;
        }
    }

    /// Takes a mark and the space behind it.
    fn expect(&mut self, mark: char, told: &str) -> Result<(), Refusal> {
        if !self.cursor.take(mark) {
            return Err(format!("not valid JSON: expected {told}"));
        }
        self.cursor.pass_space()
    }

    fn location(&self) -> Location {
        let (line, column) = self.cursor.place();
        Location { layer: self.layer.clone(), file: self.file.clone(), line, column }
    }
}

/// `-0`, `12`, `1.5e-3`; a number of Ruby's parser has no leading zeros.
fn number(text: &str) -> Result<Value, Refusal> {
    let refused = || "not valid JSON: not a number".to_owned();
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent_ok =
        exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)));
    let whole_ok = digits(whole) && (whole == "0" || !whole.starts_with('0'));
    if !(whole_ok && exponent_ok && fraction.is_none_or(digits)) {
        return Err(refused());
    }
    if fraction.is_none() && exponent.is_none() {
        return Ok(of_digits(text));
    }
    text.parse().map(Value::Float).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, read};
    use crate::hiera::Value;
    use std::sync::Arc;

    fn told(text: &str) -> Result<Value, String> {
        let name: Arc<str> = Arc::from("a.json");
        read(text, &name, &name).map(|node| node.value).map_err(|errors| {
            let at = errors[0].origin.location().unwrap();
            format!("{}:{} {}", at.line, at.column, errors[0].message)
        })
    }

    #[test]
    fn every_value_knows_its_place() {
        let name: Arc<str> = Arc::from("a.json");
        let root = read("{\n  \"é\": [1, {\"b\": true}]\n}\n", &name, &name).unwrap();
        let Value::Mapping(entries) = &root.value else { panic!() };
        assert_eq!(entries[0].0.origin().to_string(), "a.json:2:3");
        let Value::Sequence(items) = &entries[0].1.value else { panic!() };
        assert_eq!(items[1].origin().to_string(), "a.json:2:12");
    }

    #[test]
    fn reads_what_ruby_reads() {
        for (text, value) in [
            ("1", Value::Integer(1)),
            ("-0", Value::Integer(0)),
            ("1e2", Value::Float(100.0)),
            ("1.5E-1", Value::Float(0.15)),
            ("12345678901234567890", Value::BigInteger("12345678901234567890".into())),
            ("/* c */ null // c\n", Value::Null),
            (r#""\u00e9\ud83d\ude00\/\q""#, Value::Text("é😀/q".into())),
        ] {
            assert_eq!(told(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn refuses_what_ruby_refuses() {
        for (text, error) in [
            ("", "1:1 not valid JSON: expected a value"),
            ("\u{feff}1", "1:1 not valid JSON: expected a value"),
            ("{\"a\": 1,}", "1:9 not valid JSON: expected a key in double quotes"),
            ("[1,\n]", "2:1 not valid JSON: expected a value"),
            ("{'a': 1}", "1:2 not valid JSON: expected a key in double quotes"),
            ("NaN", "1:1 not valid JSON: expected a value"),
            ("01", "1:3 not valid JSON: not a number"),
            ("[tru]", "1:5 not valid JSON: an unknown word"),
            ("1 2", "1:3 not valid JSON: something follows the value"),
            ("\"a\tb\"", "1:3 not valid JSON: a control character in a text"),
            ("/* x", "1:5 not valid JSON: a comment has no end"),
        ] {
            assert_eq!(told(text), Err(error.to_owned()), "{text}");
        }
        let deep = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(told(&deep(MAX_DEPTH)).is_ok());
        assert!(told(&deep(100_000)).is_err());
    }
}
