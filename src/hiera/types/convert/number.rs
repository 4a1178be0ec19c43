//! `Integer.new`, `Float.new` and `Numeric.new`.

use super::{named, refused, wrong_arguments};
use crate::hiera::types::TypeError;
use crate::hiera::{Node, Value};

/// Makes a whole number: of a text in a radix (2, 8, 10, 16), of a float by cutting it.
pub(super) fn integer(node: &Node, arguments: &[Node]) -> Result<Value, TypeError> {
    if let (Value::Mapping(_), []) = (&node.value, arguments) {
        let [from, radix, absolute] =
            named(node, ["from", "radix", "abs"]).ok_or_else(|| wrong_arguments("Integer"))?;
        let from = from.ok_or_else(|| wrong_arguments("Integer"))?;
        return whole(from, radix, absolute);
    }
    match arguments {
        [] => whole(node, None, None),
        [radix] => whole(node, Some(radix), None),
        [radix, absolute] => whole(node, Some(radix), Some(absolute)),
        _ => Err(wrong_arguments("Integer")),
    }
}

fn whole(node: &Node, radix: Option<&Node>, absolute: Option<&Node>) -> Result<Value, TypeError> {
    let radix = match radix.map(|node| &node.value) {
        None => None,
        Some(Value::Integer(radix @ (2 | 8 | 10 | 16))) => u32::try_from(*radix).ok(),
        Some(_) => return Err(TypeError::new("the radix of `Integer` is 2, 8, 10 or 16")),
    };
    let digits = match &node.value {
        Value::Integer(value) => Some(value.to_string()),
        Value::BigInteger(digits) => Some(digits.clone()),
        Value::Float(value) if value.is_finite() => Some(format!("{:.0}", value.trunc())),
        Value::Bool(value) => Some(i64::from(*value).to_string()),
        Value::Text(text) => whole_text(text, radix),
        _ => None,
    };
    let digits = digits.ok_or_else(|| refused(node, "Integer"))?;
    Ok(whole_number(&digits, flag(absolute, "Integer")?))
}

/// A whole number of a sign and decimal digits.
fn whole_number(digits: &str, absolute: bool) -> Value {
    let digits = if absolute { digits.trim_start_matches('-') } else { digits };
    let digits = if digits == "-0" { "0" } else { digits };
    digits.parse().map_or_else(|_| Value::BigInteger(digits.to_owned()), Value::Integer)
}

fn flag(node: Option<&Node>, target: &str) -> Result<bool, TypeError> {
    match node.map(|node| &node.value) {
        None => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(wrong_arguments(target)),
    }
}

/// The sign, spaces after it gone, and the rest.
fn signed(text: &str) -> (&str, &str) {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    (sign, rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']))
}

fn all(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(allowed)
}

/// The radix that a text says itself by `0x`, `0b` or a leading 0, and its digits.
fn prefixed(digits: &str) -> Option<(u32, &str)> {
    let after = |low: char, high: char| digits.strip_prefix('0')?.strip_prefix([low, high]);
    if let Some(hex) = after('x', 'X') {
        return all(hex, |b| b.is_ascii_hexdigit()).then_some((16, hex));
    }
    if let Some(binary) = after('b', 'B') {
        return all(binary, |b| b == b'0' || b == b'1').then_some((2, binary));
    }
    if !all(digits, |b| b.is_ascii_digit()) {
        return None;
    }
    Some((if digits.len() > 1 && digits.starts_with('0') { 8 } else { 10 }, digits))
}

/// With a radix, the text must look like a number without one, too.
fn whole_text(text: &str, radix: Option<u32>) -> Option<String> {
    let (sign, digits) = signed(text);
    let (own, bare) = prefixed(digits)?;
    let (radix, bare) = match radix {
        None => (own, bare),
        Some(radix) if radix == own && own != 8 => (radix, bare),
        Some(radix) => (radix, digits),
    };
    in_radix(sign, bare, radix)
}

/// A sign and decimal digits; beyond 128 bits only what is decimal already.
fn in_radix(sign: &str, digits: &str, radix: u32) -> Option<String> {
    if let Ok(value) = i128::from_str_radix(&format!("{sign}{digits}"), radix) {
        return Some(value.to_string());
    }
    let bare = digits.trim_start_matches('0');
    (radix == 10 && all(bare, |b| b.is_ascii_digit())).then(|| format!("{sign}{bare}"))
}

/// Makes a number with a point.
pub(super) fn float(node: &Node, arguments: &[Node]) -> Result<Value, TypeError> {
    with_absolute(node, arguments, "Float", |node| match &node.value {
        #[allow(clippy::cast_precision_loss, reason = "Ruby rounds, too")]
        Value::Integer(value) => Some(Value::Float(*value as f64)),
        Value::BigInteger(digits) => digits.parse().ok().map(Value::Float),
        Value::Float(value) => Some(Value::Float(*value)),
        Value::Bool(value) => Some(Value::Float(f64::from(*value))),
        Value::Text(text) => float_text(text).map(Value::Float),
        _ => None,
    })
}

/// Makes a whole number if the value is one, else a number with a point.
pub(super) fn numeric(node: &Node, arguments: &[Node]) -> Result<Value, TypeError> {
    with_absolute(node, arguments, "Numeric", |node| match &node.value {
        value @ (Value::Integer(_) | Value::BigInteger(_) | Value::Float(_)) => Some(value.clone()),
        Value::Bool(value) => Some(Value::Integer(i64::from(*value))),
        Value::Text(text) => {
            let (sign, digits) = signed(text);
            match prefixed(digits) {
                Some((radix, bare)) => {
                    in_radix(sign, bare, radix).map(|digits| whole_number(&digits, false))
                }
                None => float_text(text).map(Value::Float),
            }
        }
        _ => None,
    })
}

fn with_absolute(
    node: &Node,
    arguments: &[Node],
    target: &str,
    make: impl Fn(&Node) -> Option<Value>,
) -> Result<Value, TypeError> {
    let (from, absolute) = match (&node.value, arguments) {
        (Value::Mapping(_), []) => {
            let names = named(node, ["from", "abs"]);
            let [Some(from), absolute] = names.ok_or_else(|| refused(node, target))? else {
                return Err(refused(node, target));
            };
            (from, absolute)
        }
        (_, []) => (node, None),
        (_, [absolute]) => (node, Some(absolute)),
        _ => return Err(wrong_arguments(target)),
    };
    let absolute = flag(absolute, target)?;
    let value = match make(from).ok_or_else(|| refused(from, target))? {
        Value::Integer(value) if absolute => whole_number(&value.to_string(), true),
        Value::BigInteger(digits) if absolute => whole_number(&digits, true),
        Value::Float(value) if absolute => Value::Float(value.abs()),
        value => value,
    };
    Ok(value)
}

/// An exponent may have a minus and no plus; a point needs digits on both sides.
fn float_text(text: &str) -> Option<f64> {
    let (sign, digits) = signed(text);
    if let Some((radix, bare)) = prefixed(digits) {
        if radix == 8 && !all(bare, |b| (b'0'..b'8').contains(&b)) {
            return None;
        }
        let radix = if radix == 8 { 10 } else { radix };
        if radix == 10 {
            return format!("{sign}{bare}").parse().ok();
        }
        #[allow(clippy::cast_precision_loss, reason = "Ruby rounds, too")]
        return i64::from_str_radix(&format!("{sign}{bare}"), radix).ok().map(|value| value as f64);
    }
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let is_number = |text: &str| all(text, |b| b.is_ascii_digit());
    let shaped = is_number(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_number)
        && exponent
            .is_none_or(|exponent| is_number(exponent.strip_prefix('-').unwrap_or(exponent)));
    if shaped { format!("{sign}{digits}").parse().ok() } else { None }
}
