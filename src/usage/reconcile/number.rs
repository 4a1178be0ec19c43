//! A number of a billing export, as spreadsheets write it.
//!
//! Where commas are decimal points, a number would be read a hundred times too big:
//! what may mean two numbers is an error.

use crate::diagnostic::{Diagnostic, Kind};

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Whole numbers.
    Tokens,
    /// USD, with or without cents.
    Money,
}

const HINT: &str = "write a point before decimals, and commas between thousands or none: \
                    `1234.50` or `1,234.50`";

/// Reads a number, with or without a dollar sign or commas between thousands; nothing is 0.
///
/// # Errors
/// What is no number, or may be two, by the separator of the file's columns.
pub(super) fn number(cell: &str, unit: Unit, separator: char) -> Result<f64, Diagnostic> {
    let wrong = |what: &str| {
        let error = Diagnostic::error(Kind::Failed, format!("`{cell}` {what}"));
        if cell.contains([',', '.']) { error.hint(HINT) } else { error }
    };
    let plain: String = cell.chars().filter(|c| !matches!(c, '$' | ' ')).collect();
    if plain.is_empty() {
        return Ok(0.0);
    }
    let (whole, decimals) = match plain.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (plain.as_str(), None),
    };
    let commas = plain.matches(',').count();
    if commas > 0 && (!is_grouped(whole) || decimals.is_some_and(|rest| rest.contains(','))) {
        return Err(wrong("is no number"));
    }
    // Columns are separated by something else than commas where those are decimal points.
    if unit == Unit::Money && separator != ',' && commas == 1 && decimals.is_none() {
        return Err(wrong("may mean thousands or decimals"));
    }
    let value = plain.replace(',', "").parse::<f64>().ok();
    let value = value.filter(|value| value.is_finite() && *value >= 0.0);
    let value = value.ok_or_else(|| wrong("is no number"))?;
    // `4.000` is four thousand where a point stands between thousands.
    let may_be_thousands =
        commas == 0 && decimals.is_some() && is_grouped(&plain.replace('.', ","));
    if unit == Unit::Tokens && (value.fract() != 0.0 || may_be_thousands) {
        return Err(wrong("is no whole number of tokens"));
    }
    Ok(value)
}

/// Says that commas stand between thousands: `1,234,567`.
fn is_grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let leads = (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0');
    leads && groups.all(|group| group.len() == 3 && digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str, unit: Unit, separator: char) -> Result<f64, String> {
        number(cell, unit, separator).map_err(|error| error.message)
    }

    #[test]
    fn commas_stand_between_thousands() {
        for separator in [',', ';'] {
            for (cell, value) in
                [("", 0.0), ("$1,234.5", 1234.5), ("1,234,567", 1_234_567.0), ("1e-05", 1e-5)]
            {
                assert_eq!(read(cell, Unit::Money, separator), Ok(value), "{cell}");
            }
            assert_eq!(read("4,800", Unit::Tokens, separator), Ok(4800.0));
            assert_eq!(read("4800.0", Unit::Tokens, separator), Ok(4800.0));
            assert_eq!(read("4800.000", Unit::Tokens, separator), Ok(4800.0));
        }
        assert_eq!(read("1,234", Unit::Money, ','), Ok(1234.0));
    }

    #[test]
    fn decimal_commas_are_told() {
        for cell in ["48,00", "0,125", "1.234,50", "1234,567", ",5", "1,,234", "1,23,456", "-1"] {
            for unit in [Unit::Money, Unit::Tokens] {
                assert_eq!(read(cell, unit, ';'), Err(format!("`{cell}` is no number")));
            }
        }
        let error = number("1,234", Unit::Money, ';').unwrap_err();
        assert_eq!(error.message, "`1,234` may mean thousands or decimals");
        assert_eq!(error.hint.as_deref(), Some(HINT));
    }

    #[test]
    fn tokens_are_whole() {
        for cell in ["4.5", "4.800", "4.000", "0.25"] {
            let error = format!("`{cell}` is no whole number of tokens");
            assert_eq!(read(cell, Unit::Tokens, ';'), Err(error));
        }
        assert_eq!(read("0.125", Unit::Money, ';'), Ok(0.125));
    }
}
