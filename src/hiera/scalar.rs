//! What a plain scalar means: YAML 1.1 as Ruby's Psych 4 resolves it.
//!
//! Follows `Psych::ScalarScanner#tokenize`, whose order of tests matters. May
//! not know events, tags or positions.

use super::Value;
use super::number::{decimal, integer, sexagesimal};

/// Why a scalar is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScalarError {
    /// Puppet refuses a whole file with an unquoted date in it.
    #[error("an unquoted date or time is no value that Puppet can read")]
    Date,
    /// `0x_` and its like, at which Puppet refuses the whole file, too.
    #[error("this looks like a number and is none")]
    Number,
    /// More digits than anybody needs.
    #[error("a number with more than 4096 digits is not read")]
    Digits,
}

/// Resolves an unquoted scalar.
pub fn resolve(text: &str) -> Result<Value, ScalarError> {
    if let Some(word) = word(text) {
        return Ok(word);
    }
    if text.contains('\n') || !text.starts_with(|c: char| c.is_ascii_digit() || "+-.:".contains(c))
    {
        return Ok(Value::Text(text.to_owned()));
    }
    if is_timestamp(text) || is_date(text) {
        return Err(ScalarError::Date);
    }
    if let Some(value) = infinity(text).or_else(|| symbol(text)).or_else(|| sexagesimal(text)) {
        return Ok(value);
    }
    let number = match decimal(text)? {
        Some(value) => Some(value),
        None => integer(text)?,
    };
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

/// `2024-01-31`; a day or month beyond 31 and 12 makes it text.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let below = |part: &str, end: u32| {
        is_number(part, 1, 2) && part.parse::<u32>().is_ok_and(|number| number < end)
    };
    is_number(year, 4, 4) && below(month, 13) && below(day, 32)
}

fn is_number(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// `2024-01-31 12:00:00.5 +01:00`.
fn is_timestamp(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let Some((date, time)) = text.split_once(['T', 't', ' ', '\t']) else { return false };
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let blank = text.as_bytes().get(date.len()).is_some_and(u8::is_ascii_whitespace);
    let time = if blank { time.trim_start_matches([' ', '\t']) } else { time };
    let mut parts = time.splitn(3, ':');
    let (Some(hour), Some(minute), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let (Some(second), Some(zone)) = (rest.get(..2), rest.get(2..)) else { return false };
    let zone = zone
        .strip_prefix('.')
        .map_or(zone, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
    is_number(year, 4, 4)
        && is_number(month, 1, 2)
        && is_number(day, 1, 2)
        && is_number(hour, 1, 2)
        && is_number(minute, 2, 2)
        && is_number(second, 2, 2)
        && is_zone(zone.trim_start_matches([' ', '\t']))
}

/// `Z`, `+1`, `+0100` and `-01:00`, or nothing.
fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else { return matches!(text, "" | "Z") };
    match offset.split_once(':') {
        Some((hours, minutes)) => {
            is_number(hours, 1, 2) && (minutes.is_empty() || is_number(minutes, 2, 2))
        }
        None => is_number(offset, 1, 4),
    }
}

fn infinity(text: &str) -> Option<Value> {
    match text.to_ascii_lowercase().as_str() {
        ".inf" | "+.inf" => Some(Value::Float(f64::INFINITY)),
        "-.inf" => Some(Value::Float(f64::NEG_INFINITY)),
        ".nan" => Some(Value::Float(f64::NAN)),
        _ => None,
    }
}

/// `:name` and `:"a name"`; `::1`, too, to many people's surprise.
fn symbol(text: &str) -> Option<Value> {
    let name = text.strip_prefix(':').filter(|name| !name.is_empty())?;
    let quoted = name.strip_prefix('"').and_then(|rest| rest.rsplit_once('"'));
    let quoted = quoted.or_else(|| name.strip_prefix('\'').and_then(|rest| rest.rsplit_once('\'')));
    let name = quoted.map_or(name, |(inner, _)| inner.strip_prefix(':').unwrap_or(inner));
    Some(Value::Symbol(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{ScalarError, Value, resolve};

    #[test]
    fn resolves_what_puppet_resolves() {
        let whole =
            |text: &str, value| assert_eq!(resolve(text), Ok(Value::Integer(value)), "{text}");
        whole("0644", 420);
        whole("0_", 0);
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
        whole("-1:30", -1800);
        whole("9223372036854775807", i64::MAX);
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
        let symbol =
            |text: &str, name: &str| assert_eq!(resolve(text), Ok(Value::Symbol(name.into())));
        symbol(":foo", "foo");
        symbol("::1", ":1");
        symbol(":\"foo bar\"", "foo bar");
        let big = |text: &str, digits: &str| {
            assert_eq!(resolve(text), Ok(Value::BigInteger(digits.into())), "{text}");
        };
        big("123456789012345678901234567890", "123456789012345678901234567890");
        big("-9_223_372_036_854_775_809", "-9223372036854775809");
        big("0x1ffffffffffffffff", "36893488147419103231");
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
            ":",
            "2024-01-99",
            "2024-13-01",
            "2024-01-31 12:00:00 noon",
            "10.10.10.0/24",
            "0x",
            "é",
            "--5",
            "1s",
        ] {
            assert_eq!(resolve(text), Ok(Value::Text(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn refuses_what_makes_puppet_refuse_the_file() {
        for text in [
            "2024-01-31",
            "2024-1-1",
            "2023-02-29",
            "2024-01-31 12:00:00",
            "2024-01-31T12:00:00Z",
            "2024-01-31 12:00:00.5 +01:00",
        ] {
            assert_eq!(resolve(text), Err(ScalarError::Date), "{text}");
        }
        for text in ["0b_", "0x,", ".e+5", "-.E-5"] {
            assert_eq!(resolve(text), Err(ScalarError::Number), "{text}");
        }
        let hostile = format!("0x{}", "f".repeat(100_000));
        assert_eq!(resolve(&hostile), Err(ScalarError::Digits));
    }
}
