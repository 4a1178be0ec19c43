//! The statements that follow from the price table: money, models without a
//! price, families.
//!
//! May not know how labels are kept.

use super::super::ottl;
use super::saving;
use crate::diagnostic::{Diagnostic, Kind};
use crate::stack::{DEFAULT_PRICES, METRICS, Price, Source, Stack, UNKNOWN};
use std::collections::BTreeSet;

/// Statements that turn tokens into USD; a model without a price gives none.
pub fn money(stack: &Stack) -> Result<Vec<String>, Diagnostic> {
    let mut statements = Vec::new();
    for metric in METRICS {
        let usd: fn(&Price) -> Option<String> = match metric.source {
            Source::CacheSaving => |price| saving::usd_per_token(price.input, price.cache_read),
            // A counter cannot fall, so where writing is cheaper there is no surcharge.
            Source::CacheSurcharge => {
                |price| saving::usd_per_token(price.cache_write.max(price.input), price.input)
            }
            _ => continue,
        };
        let here = format!("metric.name == {}", ottl::literal(metric.name));
        statements.push(format!("set(attributes[\"usd\"], 0.0) where {here}"));
        for price in by_precision(&stack.prices.value) {
            let usd = usd(price).ok_or_else(|| wrong(stack, price))?;
            let pattern = ottl::literal(&ottl::model_pattern(&price.model));
            statements.push(format!(
                "set(attributes[\"usd\"], {usd}) where {here} and IsMatch(attributes[\"model\"], {pattern})"
            ));
        }
        statements
            .push(format!("set(value_double, value_double * attributes[\"usd\"]) where {here}"));
    }
    Ok(statements)
}

/// The last statement that matches wins, so exact ids come after the ids of all dates.
fn by_precision(prices: &[Price]) -> Vec<&Price> {
    let mut prices: Vec<&Price> = prices.iter().collect();
    prices.sort_by_key(|price| is_dated(&price.model));
    prices
}

fn wrong(stack: &Stack, price: &Price) -> Diagnostic {
    Diagnostic::error(
        Kind::Profile,
        format!("the prices of model `{}` give no saving per cached token", price.model),
    )
    .code("render::price")
    .at(&stack.prices.origin)
    .hint("`cache_read` must be between 0 and `input`, in USD per million tokens")
}

/// The filter's condition: what the counter of unpriced tokens is not made of.
pub fn priced(prices: &[Price]) -> String {
    let name = METRICS.iter().find(|metric| metric.source == Source::Unpriced);
    let name = ottl::literal(name.map_or("", |metric| metric.name));
    let models: Vec<String> =
        prices.iter().map(|price| ottl::model_pattern(&price.model)).collect();
    let pattern = ottl::literal(&models.join("|"));
    format!("metric.name == {name} and IsMatch(attributes[\"model\"], {pattern})")
}

/// Says whether a model's id ends in `-YYYYMMDD`.
fn is_dated(model: &str) -> bool {
    model
        .rsplit_once('-')
        .is_some_and(|(_, date)| date.len() == 8 && date.chars().all(|c| c.is_ascii_digit()))
}

/// Statements that derive the family from the model's id.
pub fn families(prices: &[Price]) -> Vec<String> {
    let known = DEFAULT_PRICES.iter().map(|(model, _)| *model);
    let names: BTreeSet<&str> =
        known.chain(prices.iter().map(|price| price.model.as_str())).filter_map(family).collect();
    let mut statements =
        vec![format!("set(attributes[\"model_family\"], {})", ottl::literal(UNKNOWN))];
    statements.extend(
        names
            .into_iter()
            .map(|name| ottl::set_where_model("model_family", name, &ottl::word_pattern(name))),
    );
    statements
}

/// The first word of a model's id that is no maker's name: `opus` of `claude-opus-4-5`.
fn family(model: &str) -> Option<&str> {
    model
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| part.len() > 1 && part.chars().all(|c| c.is_ascii_lowercase()))
        .find(|part| !["claude", "anthropic"].contains(part))
}

#[cfg(test)]
mod tests {
    use super::{families, family, is_dated};

    #[test]
    fn families_come_from_ids() {
        assert_eq!(family("claude-opus-4-5"), Some("opus"));
        assert_eq!(family("claude-3-5-haiku"), Some("haiku"));
        assert_eq!(family("claude-4"), None);
        let words: Vec<String> = families(&[]);
        assert_eq!(words.len(), 5, "{words:?}");
        assert_eq!(words[0], r#"set(attributes["model_family"], "unknown")"#);
        assert!(words[1].contains(r#""fable""#), "{words:?}");
    }

    #[test]
    fn dates_are_told_from_versions() {
        assert!(is_dated("claude-opus-4-5-20251101"));
        assert!(!is_dated("claude-opus-4-5"));
    }
}
