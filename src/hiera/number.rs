//! Numbers as YAML 1.1 writes them and Ruby's Psych reads them.
//!
//! May not know what else a scalar can be.

use super::Value;
use super::scalar::ScalarError;

/// How many digits a number may have.
const MAX_DIGITS: usize = 4096;
/// What nine decimal digits hold.
const LIMB: u64 = 1_000_000_000;

/// `12:30` and `190:20:30.15`. Psych multiplies the first of two parts by
/// 3600, not by 60: `12:30` is 45000.
pub fn sexagesimal(text: &str) -> Option<Value> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut parts = whole.split(':');
    let first = parts.next()?;
    let hours = first.strip_prefix(['+', '-']).unwrap_or(first);
    let rest: Vec<&str> = parts.collect();
    let minute = |part: &&str| match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => (b'0'..b'6').contains(ten) && one.is_ascii_digit(),
        _ => false,
    };
    let shape_ok = hours.starts_with(|c: char| c.is_ascii_digit())
        && hours.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        && (1..=2).contains(&rest.len())
        && rest.iter().all(minute)
        && fraction.is_none_or(|f| f.bytes().all(|b| b.is_ascii_digit() || b == b'_'));
    if !shape_ok {
        return None;
    }
    let leading = leading_digits(hours);
    let sign = if first.starts_with('-') { "-" } else { "" };
    let Some(fraction) = fraction else {
        let mut total = format!("{sign}{leading}").parse::<i128>().ok()?.checked_mul(3600)?;
        for (part, weight) in rest.iter().zip([60, 1]) {
            total = total.checked_add(part.parse::<i128>().ok()? * weight)?;
        }
        return Some(of_digits(&total.to_string()));
    };
    let mut total = format!("{sign}{leading}").parse::<f64>().ok()? * 3600.0;
    for (index, (part, weight)) in rest.iter().zip([60.0, 1.0]).enumerate() {
        let last = index + 1 == rest.len();
        let fraction = if last { leading_digits(fraction) } else { String::new() };
        total += format!("{part}.{fraction}0").parse::<f64>().ok()? * weight;
    }
    Some(Value::Float(total))
}

/// What Ruby's `to_i` takes: digits with single underscores between them.
fn leading_digits(text: &str) -> String {
    let mut digits = String::new();
    let mut before = '_';
    for c in text.chars() {
        match c {
            '_' if before == '_' => break,
            '_' => {}
            digit => digits.push(digit),
        }
        before = c;
    }
    digits
}

/// A number with a point; an exponent needs its sign: `1.5E2` is text.
pub fn decimal(text: &str) -> Result<Option<Value>, ScalarError> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some((whole, rest)) = unsigned.split_once('.') else { return Ok(None) };
    let (fraction, exponent) = match rest.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (rest, None),
    };
    let whole_ok = whole.is_empty()
        || (whole.starts_with(|c: char| c.is_ascii_digit())
            && whole.bytes().all(|b| b.is_ascii_digit() || b == b'_' || b == b','));
    let exponent_ok = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['+', '-'])
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    });
    let shape_ok = whole_ok && exponent_ok && fraction.bytes().all(|b| b.is_ascii_digit());
    let digits = !whole.is_empty() || !fraction.is_empty();
    match (shape_ok, digits, exponent) {
        (false, _, _) | (true, false, None) => Ok(None),
        (true, false, Some(_)) => Err(ScalarError::Number),
        (true, true, _) => {
            let number = text.replace(['_', ','], "").parse().map_err(|_| ScalarError::Number)?;
            Ok(Some(Value::Float(number)))
        }
    }
}

/// Binary, octal with a leading 0, hexadecimal, or decimal with separators.
pub fn integer(text: &str) -> Result<Option<Value>, ScalarError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if let Some(digits) = digits.strip_prefix("0b") {
        return in_radix(negative, digits, 2);
    }
    if let Some(digits) = digits.strip_prefix("0x") {
        return in_radix(negative, digits, 16);
    }
    if let Some(rest) = digits.strip_prefix('0') {
        // `0_` is a zero, while `0x_` is an error.
        let digits = if rest.is_empty() { "0" } else { rest };
        let zero = rest.bytes().all(|b| b == b'_' || b == b',');
        return in_radix(negative, if zero { "0" } else { digits }, 8);
    }
    // A separator stands between two digits: `1__0` is text.
    let group = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    if !digits.split(['_', ',']).all(group) {
        return Ok(None);
    }
    in_radix(negative, digits, 10)
}

fn in_radix(negative: bool, text: &str, radix: u32) -> Result<Option<Value>, ScalarError> {
    let shape_ok =
        !text.is_empty() && text.chars().all(|c| c.is_digit(radix) || c == '_' || c == ',');
    if !shape_ok {
        return Ok(None);
    }
    let digits = text.replace(['_', ','], "");
    if digits.is_empty() {
        return Err(ScalarError::Number);
    }
    if digits.len() > MAX_DIGITS {
        return Err(ScalarError::Digits);
    }
    let sign = if negative { "-" } else { "" };
    let decimal = if radix == 10 { digits } else { to_decimal(&digits, radix) };
    Ok(Some(of_digits(&format!("{sign}{decimal}"))))
}

/// Converts to base 10, nine digits a limb, the lowest first.
fn to_decimal(digits: &str, radix: u32) -> String {
    let mut limbs: Vec<u64> = vec![0];
    for digit in digits.chars().filter_map(|c| c.to_digit(radix)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let value = *limb * u64::from(radix) + carry;
            (*limb, carry) = (value % LIMB, value / LIMB);
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let limbs: Vec<String> = limbs.iter().rev().map(|limb| format!("{limb:09}")).collect();
    let limbs = limbs.concat();
    let digits = limbs.trim_start_matches('0');
    if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
}

/// A whole number of any size, of its decimal digits and sign.
pub fn of_digits(digits: &str) -> Value {
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    digits.parse().map_or_else(|_| Value::BigInteger(digits.to_owned()), Value::Integer)
}
