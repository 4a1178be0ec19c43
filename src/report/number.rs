//! How numbers look to people: exact counts, rounded money, shares.

use crate::diagnostic::thousands;

/// A count to the unit, its thousands apart: `1,234,567`.
pub(super) fn count(value: f64) -> String {
    // Counters of whole things stay whole; more digits than these no sum of them has.
    let text = if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value}") };
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |dot| digits.split_at(dot));
    format!("{sign}{}{rest}", thousands(whole))
}

/// Money in USD with so many decimals: `$1,234.57`, `-$0.10`.
pub(super) fn money(value: f64, decimals: usize) -> String {
    let rounded = format!("{:.decimals$}", value.abs());
    let (whole, rest) = rounded.split_once('.').unwrap_or((&rounded, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let sign =
        if value < 0.0 && rounded.contains(|c: char| ('1'..='9').contains(&c)) { "-" } else { "" };
    if rest.is_empty() { format!("{sign}${whole}") } else { format!("{sign}${whole}.{rest}") }
}

/// Decimals that show small sums and do not clutter large ones.
pub(super) fn decimals(largest: f64) -> usize {
    if largest.abs() >= 100.0 { 2 } else { 4 }
}

/// A share of 1: `92.1 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact() {
        assert_eq!(count(0.0), "0");
        assert_eq!(count(999.0), "999");
        assert_eq!(count(1_000.0), "1,000");
        assert_eq!(count(-1_234_567.0), "-1,234,567");
        assert_eq!(count(9_007_199_254_740_991.0), "9,007,199,254,740,991");
        assert_eq!(count(1234.5), "1,234.5");
    }

    #[test]
    fn money_is_rounded_and_never_minus_nothing() {
        assert_eq!(money(1_234.567, 2), "$1,234.57");
        assert_eq!(money(-0.1, 4), "-$0.1000");
        assert_eq!(money(-0.00001, 4), "$0.0000");
        assert_eq!(money(999_999.999, 2), "$1,000,000.00");
        assert_eq!((decimals(99.0), decimals(-100.0)), (4, 2));
        assert_eq!(percent(0.9211), "92.1 %");
    }
}
