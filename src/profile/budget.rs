//! `otelctl::budget::…`: what Claude Code may cost.

use super::expect::{Mistake, Read};
use super::price;
use super::reader::Reader;
use super::settings::Budget;
use crate::hiera::Node;

impl Budget {
    /// Reads the keys of the budget.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            hourly: reader.optional("otelctl::budget::hourly_usd", limit),
            daily: reader.optional("otelctl::budget::daily_usd", limit),
            monthly: reader.optional("otelctl::budget::monthly_usd", limit),
        }
    }
}

fn limit(node: &Node) -> Read<f64> {
    let expected = "an amount of USD above 0";
    let usd = price::amount(node, expected).map_err(|mistake| vec![mistake])?;
    if usd > 0.0 { Ok(usd) } else { Mistake::invalid(node, expected).only() }
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    #[test]
    fn a_budget_is_an_amount_above_nothing() {
        let read = |value: &str| {
            let text = format!("otelctl::budget::daily_usd: {value}");
            Profile::read(&text, "p.yaml").map(|profile| profile.budget.daily.unwrap().value)
        };
        assert_eq!(read("12.5").unwrap().to_bits(), 12.5_f64.to_bits());
        for wrong in ["0", "-1", "'5'", "1000001", ".inf", "many"] {
            let failure = read(wrong).unwrap_err().to_string();
            assert!(failure.contains("expected an amount of USD above 0"), "{failure}");
        }
    }
}
