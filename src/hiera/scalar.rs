//! What a plain scalar means: YAML 1.1 as Ruby's Psych 4 resolves it.
//!
//! Follows `Psych::ScalarScanner#tokenize`, whose order of tests matters. May
//! not know events or positions. Two differences are deliberate: a symbol
//! (`:name`) and a whole number beyond 64 bits stay text.

use super::Value;

/// Why a scalar is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScalarError {
    /// Puppet refuses a whole file with an unquoted date in it.
    #[error("an unquoted date or time is no value that Puppet can read")]
    Date,
}

/// Resolves an unquoted scalar.
pub fn resolve(text: &str) -> Result<Value, ScalarError> {
    if let Some(word) = word(text) {
        return Ok(word);
    }
    if is_date(text) || is_timestamp(text) {
        return Err(ScalarError::Date);
    }
    let number = infinity(text)
        .or_else(|| sexagesimal(text))
        .or_else(|| decimal(text))
        .or_else(|| integer(text));
    Ok(number.unwrap_or_else(|| Value::Text(text.to_owned())))
}

/// Nothing, null and the booleans, in any case of letters.
fn word(text: &str) -> Option<Value> {
    if text.len() > 5 {
        return None;
    }
    match text.to_ascii_lowercase().as_str() {
        "" | "~" | "null" => Some(Value::Null),
        "yes" | "true" | "on" => Some(Value::Bool(true)),
        "no" | "false" | "off" => Some(Value::Bool(false)),
        _ => None,
    }
}

fn is_number(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// `2024-01-31`; a day or month that cannot be is text.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let [Ok(y), Ok(m), Ok(d)] = [year, month, day].map(|part| part.parse::<u32>()) else {
        return false;
    };
    let leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    let days = match m {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    };
    is_number(year, 4..=4)
        && is_number(month, 1..=2)
        && is_number(day, 1..=2)
        && (1..=12).contains(&m)
        && (1..=days).contains(&d)
}

/// `2024-01-31 12:00:00 +01:00` and its like.
fn is_timestamp(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let date: Vec<&str> = date.trim_start_matches('-').split('-').collect();
    let [year, month, day] = date.as_slice() else { return false };
    let clock: Vec<&str> = time.trim_start().split(':').collect();
    let [hour, minute, second, ..] = clock.as_slice() else { return false };
    is_number(year, 4..=4)
        && is_number(month, 1..=2)
        && is_number(day, 1..=2)
        && is_number(hour, 1..=2)
        && is_number(minute, 2..=2)
        && second.get(..2).is_some_and(|second| is_number(second, 2..=2))
}

fn infinity(text: &str) -> Option<Value> {
    match text.to_ascii_lowercase().as_str() {
        ".inf" | "+.inf" => Some(Value::Float(f64::INFINITY)),
        "-.inf" => Some(Value::Float(f64::NEG_INFINITY)),
        ".nan" => Some(Value::Float(f64::NAN)),
        _ => None,
    }
}

/// `12:30` and `190:20:30.15`. Psych multiplies the first of two parts by
/// 3600, not by 60: `12:30` is 45000.
fn sexagesimal(text: &str) -> Option<Value> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let parts: Vec<&str> = whole.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let mut total = 0_i64;
    for (index, part) in parts.iter().enumerate() {
        let digits = if index == 0 { part.trim_start_matches(['+', '-']) } else { part };
        let shape_ok = match index {
            0 => {
                digits.len() + 1 >= part.len()
                    && digits.starts_with(|c: char| c.is_ascii_digit())
                    && digits.bytes().all(|b| b.is_ascii_digit() || b == b'_')
            }
            _ => is_number(digits, 1..=1) || (is_number(digits, 2..=2) && digits < "60"),
        };
        let number: i64 = part.replace('_', "").parse().ok()?;
        let weight = [3600, 60, 1].get(index)?;
        total = total.checked_add(number.checked_mul(*weight)?)?;
        if !shape_ok {
            return None;
        }
    }
    let Some(fraction) = fraction else { return Some(Value::Integer(total)) };
    if !fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        return None;
    }
    // The fraction belongs to the last part, whose weight is 1 or 60.
    let weight = if parts.len() == 3 { 1 } else { 60 };
    let fraction: f64 = format!("0.{}0", fraction.replace('_', "")).parse().ok()?;
    let total: f64 = total.to_string().parse().ok()?;
    Some(Value::Float(total + fraction * f64::from(weight)))
}

/// A number with a point; an exponent needs its sign: `1.5E2` is text.
fn decimal(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, rest) = unsigned.split_once('.')?;
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
    let some_digit = !whole.is_empty() || !fraction.is_empty();
    if !(whole_ok && exponent_ok && some_digit && fraction.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    text.replace(['_', ','], "").parse().ok().map(Value::Float)
}

/// Binary, octal with a leading 0, hexadecimal, or decimal with separators.
fn integer(text: &str) -> Option<Value> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let in_radix = |digits: &str, radix: u32| {
        let shape_ok =
            !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix) || "_,".contains(c));
        let bare = format!("{sign}{}", digits.replace(['_', ','], ""));
        if shape_ok { i64::from_str_radix(&bare, radix).ok().map(Value::Integer) } else { None }
    };
    if let Some(digits) = digits.strip_prefix("0b") {
        return in_radix(digits, 2);
    }
    if let Some(digits) = digits.strip_prefix("0x") {
        return in_radix(digits, 16);
    }
    if digits != "0" && digits.starts_with('0') {
        return in_radix(digits, 8);
    }
    // A separator stands between two digits: `1__0` is text.
    let separated = digits.split(['_', ',']).all(|group| is_number(group, 1..=usize::MAX));
    if separated { in_radix(digits, 10) } else { None }
}

#[cfg(test)]
mod tests {
    use super::{ScalarError, Value, resolve};

    #[test]
    fn resolves_what_puppet_resolves() {
        let whole =
            |text: &str, value| assert_eq!(resolve(text), Ok(Value::Integer(value)), "{text}");
        whole("0644", 420);
        whole("0xFF", 255);
        whole("0b101", 5);
        whole("1_000", 1000);
        whole("1,0,0", 100);
        whole("+5", 5);
        whole("-5", -5);
        whole("00", 0);
        whole("0", 0);
        whole("12:30", 45000);
        whole("22:22", 80520);
        whole("1:30:45", 5445);
        let float =
            |text: &str, value| assert_eq!(resolve(text), Ok(Value::Float(value)), "{text}");
        float("190:20:30.15", 685_230.15);
        float("1.0e+3", 1000.0);
        float(".5", 0.5);
        float("5.", 5.0);
        float("1_000.5", 1000.5);
        float("1.10", 1.1);
        float("-.Inf", f64::NEG_INFINITY);
        for word in ["yes", "Yes", "on", "tRue"] {
            assert_eq!(resolve(word), Ok(Value::Bool(true)), "{word}");
        }
        for word in ["no", "NO", "off", "False"] {
            assert_eq!(resolve(word), Ok(Value::Bool(false)), "{word}");
        }
        for word in ["", "~", "null", "NULL"] {
            assert_eq!(resolve(word), Ok(Value::Null), "{word}");
        }
    }

    #[test]
    fn leaves_the_rest_text() {
        for text in [
            "y",
            "n",
            "nil",
            "None",
            "0o644",
            "0899",
            "1__0",
            "_1",
            "12:99",
            "8080:80",
            "1e3",
            "1.5E2",
            "1.2.3",
            "10:20:30Z",
            "10.0.0.1",
            "00:11:22:33:44:55",
            "12:34:56:21:12:05",
            "<<",
            "=",
            "v1.2",
            ".",
            "-",
            "+",
            "2024-01-99",
            "2023-02-29",
            ":foo",
            "10.10.10.0/24",
            "123456789012345678901234567890",
            "0x",
            "é",
            "--5",
            "1s",
        ] {
            assert_eq!(resolve(text), Ok(Value::Text(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn refuses_unquoted_dates() {
        for text in ["2024-01-31", "2024-1-1", "2024-01-31 12:00:00", "2024-01-31T12:00:00Z"] {
            assert_eq!(resolve(text), Err(ScalarError::Date), "{text}");
        }
    }
}
