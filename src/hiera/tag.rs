//! What a YAML tag makes of a node, as Psych's `safe_load` has it.
//!
//! Knows tags and texts; may not know events or positions.

use super::Value;
use super::scalar::{ScalarError, resolve};
use granit_parser::Tag;

/// The prefix of `!!int` and its like.
const CORE: &str = "tag:yaml.org,2002:";

/// Why a tagged node is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// A Ruby class, or a tag whose content does not fit.
    #[error("this YAML tag is not allowed in a data file")]
    Refused,
    /// The value under the tag is refused.
    #[error(transparent)]
    Scalar(#[from] ScalarError),
}

/// The tag with its handle resolved; nothing for `!`.
fn full(tag: &Tag) -> Option<String> {
    let full = format!("{}{}", tag.handle(), tag.suffix());
    (full != "!").then_some(full)
}

/// Says whether a key with this tag is never a merge key.
pub fn is_text(tag: &Tag) -> bool {
    full(tag).is_some_and(|tag| tag.strip_prefix(CORE) == Some("str"))
}

/// Gives the value of a tagged scalar, quoted or not.
pub fn scalar(tag: &Tag, text: &str) -> Result<Value, TagError> {
    let Some(tag) = full(tag) else { return Ok(resolve(text)?) };
    let own = tag.strip_prefix(CORE).or_else(|| tag.strip_prefix('!'));
    match own.unwrap_or_default() {
        "str" | "str:" | "ruby/string" | "ruby/string:" => Ok(Value::Text(text.to_owned())),
        "float" => float(text),
        "binary" => String::from_utf8(base64(text)).map(Value::Text).map_err(|_| TagError::Refused),
        own if own.starts_with("ruby/sym") => Ok(Value::Symbol(text.to_owned())),
        own if REFUSED_SCALARS.contains(&own)
            || own.starts_with("str:")
            || own.starts_with("ruby/string:") =>
        {
            Err(TagError::Refused)
        }
        // Every other tag is as good as none, though the quotes do not count.
        _ => Ok(resolve(text)?),
    }
}

const REFUSED_SCALARS: [&str; 9] = [
    "ruby/object:BigDecimal",
    "ruby/object:DateTime",
    "ruby/object:Complex",
    "ruby/object:Rational",
    "ruby/encoding",
    "ruby/class",
    "ruby/module",
    "ruby/regexp",
    "ruby/range",
];

/// Says whether a tagged list is an ordered mapping.
pub fn is_ordered_mapping(tag: &Tag) -> Result<bool, TagError> {
    let Some(tag) = full(tag) else { return Ok(false) };
    if tag.starts_with("!seq:") || tag.starts_with("!ruby/array:") {
        return Err(TagError::Refused);
    }
    Ok(tag == "!omap" || tag.strip_prefix(CORE) == Some("omap"))
}

/// Says whether a tagged mapping is a plain one.
pub fn check_mapping(tag: &Tag) -> Result<(), TagError> {
    let Some(tag) = full(tag) else { return Ok(()) };
    let refused = match tag.strip_prefix(CORE).or_else(|| tag.strip_prefix('!')) {
        Some("ruby/object:Hash") | None => false,
        Some("set" | "omap" | "str" | "ruby/string") => true,
        Some(own) => REFUSED_MAPPINGS.iter().any(|prefix| own.starts_with(prefix)),
    };
    if refused { Err(TagError::Refused) } else { Ok(()) }
}

const REFUSED_MAPPINGS: [&str; 11] = [
    "ruby/struct",
    "ruby/object",
    "ruby/array:",
    "ruby/range",
    "ruby/exception",
    "ruby/hash:",
    "ruby/hash-with-ivars",
    "ruby/marshalable:",
    "ruby/string:",
    "str:",
    "map:",
];

/// `!!float 3` is 3.0, and even `!!float 1e3` is a number.
fn float(text: &str) -> Result<Value, TagError> {
    let parsed = match resolve(text)? {
        Value::Float(value) => Ok(value),
        Value::Integer(value) => value.to_string().parse(),
        Value::BigInteger(digits) => digits.parse(),
        Value::Text(text) if text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) => {
            text.parse()
        }
        _ => return Err(TagError::Scalar(ScalarError::Number)),
    };
    parsed.map(Value::Float).map_err(|_| TagError::Scalar(ScalarError::Number))
}

/// Decodes base64 as Ruby's `unpack('m')` does: what is no digit is passed over.
fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'a'..=b'z' => Some(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes().take_while(|byte| *byte != b'=').filter_map(digit) {
        bits = (bits << 6 | digit) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.extend(u8::try_from(bits >> held & 0xFF));
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{base64, scalar};
    use crate::hiera::Value;
    use crate::hiera::number::of_digits;
    use granit_parser::Tag;

    #[test]
    fn tags_follow_psych() {
        let core = |name: &str| Tag::new("tag:yaml.org,2002:", name);
        let local = |name: &str| Tag::new("!", name);
        let text = |text: &str| Ok(Value::Text(text.to_owned()));
        assert_eq!(scalar(&core("str"), "5"), text("5"));
        assert_eq!(scalar(&core("int"), "42"), Ok(of_digits("42")));
        assert_eq!(scalar(&core("int"), "2.5"), Ok(Value::Float(2.5)));
        assert_eq!(scalar(&core("float"), "1e3"), Ok(Value::Float(1000.0)));
        assert_eq!(scalar(&core("binary"), "aGVsbG8="), text("hello"));
        assert_eq!(scalar(&core("null"), "x"), text("x"));
        assert_eq!(scalar(&local("foo"), "5"), Ok(Value::Integer(5)));
        assert_eq!(scalar(&local(""), "5"), Ok(Value::Integer(5)));
        assert_eq!(scalar(&local("ruby/symbol"), "x"), Ok(Value::Symbol("x".into())));
        assert!(scalar(&local("ruby/regexp"), "/x/").is_err());
        assert!(scalar(&core("float"), "x").is_err());
    }

    #[test]
    fn base64_is_read_leniently() {
        assert_eq!(base64("aGVs\n bG8"), b"hello");
        assert_eq!(base64(""), b"");
    }
}
