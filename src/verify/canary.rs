//! The synthetic session: how much of everything it brings, always under the same labels.

use crate::stack::{Metric, Price, Source};
use std::time::{Duration, SystemTime};

/// A session with amounts of its own, so that no old value can pass for it.
#[derive(Clone, Debug)]
pub(super) struct Canary {
    /// The model, priced where the table allows.
    pub model: String,
    /// Nanoseconds since 1970 at which it takes place.
    pub time: u128,
    /// Tokens by type, in the order of [`TOKEN_TYPES`].
    pub tokens: [u32; 4],
    /// USD; a multiple of 1/16384, so that its sums are exact.
    pub cost: f64,
    /// API requests served from the prompt cache.
    pub hits: u32,
    /// API requests not served from it.
    pub misses: u32,
    /// Spans of its trace.
    pub spans: u32,
    /// USD saved per cache-read token.
    saving: f64,
}

/// The types of `claude_code.token.usage`.
pub(super) const TOKEN_TYPES: [&str; 4] = ["input", "output", "cacheRead", "cacheCreation"];

impl Canary {
    /// Makes the session of a moment, for a model on which the cache saves money.
    pub(super) fn new(prices: &[Price], now: SystemTime) -> Self {
        let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let saving = |price: &Price| (price.input - price.cache_read) / 1e6;
        let price = prices.iter().find(|price| saving(price) > 0.0).or_else(|| prices.first());
        // Differs from run to run; a run takes longer than the millisecond it is drawn from.
        let drawn = now.subsec_millis();
        Self {
            model: price.map_or_else(|| "unknown".to_owned(), |price| price.model.clone()),
            time: now.as_nanos(),
            tokens: [100 + drawn, 200 + drawn, 50_000 + drawn, 300 + drawn],
            cost: f64::from(1 + drawn) / 16_384.0,
            hits: 2 + drawn % 3,
            misses: 1 + drawn % 2,
            spans: 1 + drawn % 5,
            saving: price.map_or(0.0, saving),
        }
    }

    /// By how much a counter must grow.
    pub(super) fn expected(&self, metric: &Metric) -> f64 {
        match metric.source {
            Source::Metric("claude_code.session.count") => 1.0,
            Source::Metric("claude_code.token.usage") => {
                self.tokens.iter().copied().map(f64::from).sum()
            }
            Source::Metric("claude_code.cost.usage") => self.cost,
            // A counter of another source gets nothing from this session.
            Source::Metric(_) => 0.0,
            Source::MetricOfType(_, wanted) => TOKEN_TYPES
                .iter()
                .zip(self.tokens)
                .filter(|(name, _)| **name == wanted)
                .map(|(_, amount)| f64::from(amount))
                .sum(),
            Source::ApiRequest { cache_hit: true } => f64::from(self.hits),
            Source::ApiRequest { cache_hit: false } => f64::from(self.misses),
            Source::Span => f64::from(self.spans),
            Source::CacheSaving => {
                let [_, _, cache_read, _] = self.tokens;
                f64::from(cache_read) * self.saving
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack::METRICS;

    fn price(model: &str, input: f64, cache_read: f64) -> Price {
        Price {
            model: model.into(),
            input,
            output: 0.0,
            cache_read,
            cache_write: 0.0,
            cache_write_1h: 0.0,
        }
    }

    #[test]
    fn every_counter_must_grow() {
        let prices = [price("free", 1.0, 1.0), price("opus", 4.0, 0.2)];
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_007);
        let canary = Canary::new(&prices, now);
        assert_eq!(canary.model, "opus");
        let expected: Vec<f64> = METRICS.iter().map(|metric| canary.expected(metric)).collect();
        let saved = 50_007.0 * 3.8 / 1e6;
        let cost = 8.0 / 16_384.0;
        let wanted = [1.0, 107.0 + 207.0 + 50_007.0 + 307.0, cost, 3.0, 2.0, 50_007.0, saved, 3.0];
        for (expected, wanted) in expected.iter().zip(wanted) {
            assert!((expected - wanted).abs() < 1e-12, "{expected} is not {wanted}");
        }
    }

    #[test]
    fn two_runs_send_different_amounts() {
        let at = |ms| Canary::new(&[], SystemTime::UNIX_EPOCH + Duration::from_millis(ms));
        assert_ne!(at(1).tokens, at(2).tokens);
        assert!(at(1).cost < at(2).cost);
    }
}
