//! What one token saves or costs beside another kind, in decimal.
//!
//! Owns the arithmetic on prices: in decimal, since the difference of two
//! binary fractions is not the nearest to the true difference. May not know
//! templates.

/// Decimal digits between USD per million tokens and USD per token.
const MILLION_DIGITS: u32 = 6;

/// A decimal number: `digits` × 10^-`scale`.
#[derive(Clone, Copy, Debug)]
struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    /// Reads the shortest decimal that names this very double, as a person wrote it.
    fn of(value: f64) -> Option<Self> {
        let text = format!("{value}");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits, scale: u32::try_from(fraction.len()).ok()? })
    }

    fn scaled_to(self, scale: u32) -> Option<i128> {
        let factor = 10_i128.checked_pow(scale.checked_sub(self.scale)?)?;
        self.digits.checked_mul(factor)
    }
}

/// USD that one token costs more than another, from prices in USD per million
/// tokens, as exact decimal text with a point: `0.0000045`.
///
/// None if it costs less (a counter cannot fall), or if the prices have more
/// digits than money has.
pub fn usd_per_token(price: f64, other: f64) -> Option<String> {
    let (price, other) = (Decimal::of(price)?, Decimal::of(other)?);
    let scale = price.scale.max(other.scale);
    let more = price.scaled_to(scale)?.checked_sub(other.scaled_to(scale)?)?;
    if more < 0 {
        return None;
    }
    let places = usize::try_from(scale.checked_add(MILLION_DIGITS)?).ok()?;
    let padded = format!("{more:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - places)?;
    let fraction = fraction.trim_end_matches('0');
    Some(format!("{whole}.{}", if fraction.is_empty() { "0" } else { fraction }))
}

#[cfg(test)]
mod tests {
    use super::usd_per_token;
    use crate::stack::DEFAULT_PRICES;

    fn saved(input: f64, cache_read: f64) -> Option<String> {
        usd_per_token(input, cache_read)
    }

    #[test]
    fn is_the_exact_decimal() {
        assert_eq!(saved(5.0, 0.5).as_deref(), Some("0.0000045"));
        assert_eq!(saved(4.0, 0.2).as_deref(), Some("0.0000038"));
        assert_eq!(saved(0.1, 0.01).as_deref(), Some("0.00000009"));
        assert_eq!(saved(3_000_000.0, 0.0).as_deref(), Some("3.0"));
        assert_eq!(saved(1.0, 1.0).as_deref(), Some("0.0"));
    }

    #[test]
    fn binary_subtraction_would_miss_the_nearest_double() {
        let exact: f64 = saved(0.1, 0.01).unwrap().parse().unwrap();
        assert_eq!(exact.to_bits(), 9e-8_f64.to_bits());
        let subtracted: f64 = (0.1 - 0.01) / 1e6;
        assert_ne!(exact.to_bits(), subtracted.to_bits());
    }

    #[test]
    fn refuses_what_cannot_be_a_counter() {
        assert_eq!(saved(0.1, 0.2), None);
        for odd in [f64::NAN, f64::INFINITY, 1e300, 1e-300] {
            assert_eq!(saved(odd, 0.0), None, "{odd}");
        }
    }

    #[test]
    fn every_default_price_has_a_saving() {
        for (model, [input, _, cache_read, cache_write, _]) in DEFAULT_PRICES {
            assert!(usd_per_token(cache_write, input).is_some(), "{model}");
            let text = saved(input, cache_read).unwrap();
            let per_token: f64 = text.parse().unwrap();
            assert!(per_token > 0.0, "{model}");
            assert!((per_token * 1e6 - (input - cache_read)).abs() < 1e-9, "{model}");
        }
    }
}
