//! `Binary.new`, `URI.new`, `SemVerRange.new` and `Type.new`, whose values print
//! as the text that made them.

use super::{no_arguments, refused, wrong_arguments};
use crate::hiera::types::{TypeError, TypeSpec};
use crate::hiera::{Node, Value};
use base64ct::{Base64, Encoding as _};

/// Makes the text of a value of a type that data has no values of.
pub(super) fn foreign(node: &Node, arguments: &[Node], target: &str) -> Result<String, TypeError> {
    let text = node.value.as_text().ok_or_else(|| refused(node, target))?;
    match target {
        "Binary" => binary(text, arguments).ok_or_else(|| refused(node, target)),
        "Type" => {
            no_arguments(target, arguments)?;
            let spec = TypeSpec::parse(text).map_err(|_| refused(node, target))?;
            Ok(spec.to_string())
        }
        "URI" | "SemVerRange" => {
            no_arguments(target, arguments)?;
            let fits = if target == "URI" { is_uri(text) } else { is_range(text) };
            if fits { Ok(text.to_owned()) } else { Err(refused(node, target)) }
        }
        _ => Err(wrong_arguments(target)),
    }
}

/// A text in base64 stays as it is; with `%s` the text itself is encoded.
fn binary(text: &str, arguments: &[Node]) -> Option<String> {
    let format = match arguments {
        [] => "%B",
        [Node { value: Value::Text(format), .. }] => format,
        _ => return None,
    };
    match format {
        "%s" => Some(Base64::encode_string(text.as_bytes())),
        "%B" | "%b" => {
            let bare: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            Base64::decode_vec(&bare).is_ok().then_some(bare)
        }
        _ => None,
    }
}

fn is_uri(text: &str) -> bool {
    let bytes = text.as_bytes();
    let escapes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').all(|(at, _)| {
        bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    });
    escapes && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b))
}

fn is_range(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit() || c == '*')
        && text.chars().all(|c| c.is_ascii_digit() || " .<>=~^|-xX*".contains(c))
}
