//! The synthetic session: how much of everything it brings, always under the same labels.

use crate::stack::{Metric, Price, Source, UNKNOWN};
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
    /// What else the session did, in the order of [`WORK`].
    pub work: [u32; 6],
    /// USD saved per cache-read token.
    saving: f64,
    /// USD that a cache-write token costs above plain input.
    surcharge: f64,
}

/// What else a session does: the CLI's metric, and the attributes of one point.
pub(super) const WORK: [(&str, &[(&str, &str)]); 6] = [
    ("claude_code.lines_of_code.count", &[("type", "added")]),
    ("claude_code.lines_of_code.count", &[("type", "removed")]),
    ("claude_code.commit.count", &[]),
    ("claude_code.pull_request.count", &[]),
    (
        "claude_code.code_edit_tool.decision",
        &[
            ("decision", "accept"),
            ("source", "config"),
            ("tool_name", "Edit"),
            ("language", "Rust"),
        ],
    ),
    ("claude_code.active_time.total", &[("type", "cli")]),
];

/// The types of `claude_code.token.usage`.
pub(super) const TOKEN_TYPES: [&str; 4] = ["input", "output", "cacheRead", "cacheCreation"];

impl Canary {
    /// Makes the session of a moment, for a model on which the cache saves money.
    pub(super) fn new(prices: &[Price], now: SystemTime) -> Self {
        let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let saving = |price: &Price| (price.input - price.cache_read) / 1e6;
        let surcharge = |price: &Price| (price.cache_write - price.input).max(0.0) / 1e6;
        let price = prices.iter().find(|price| saving(price) > 0.0).or_else(|| prices.first());
        // Differs from run to run; a run takes longer than the millisecond it is drawn from.
        let drawn = now.subsec_millis();
        Self {
            model: price.map_or_else(|| UNKNOWN.to_owned(), |price| price.model.clone()),
            time: now.as_nanos(),
            tokens: [100 + drawn, 200 + drawn, 50_000 + drawn, 300 + drawn],
            cost: f64::from(1 + drawn) / 16_384.0,
            hits: 2 + drawn % 3,
            misses: 1 + drawn % 2,
            spans: 1 + drawn % 5,
            work: [40, 10, 1, 2, 3, 500].map(|amount| amount + drawn),
            saving: price.map_or(0.0, saving),
            surcharge: price.map_or(0.0, surcharge),
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
            Source::Metric(wanted) => {
                let work = WORK.iter().zip(self.work).filter(|((name, _), _)| *name == wanted);
                work.map(|(_, amount)| f64::from(amount)).sum()
            }
            // The session's model has a price.
            Source::Unpriced => 0.0,
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
            Source::CacheSurcharge => {
                let [_, _, _, cache_write] = self.tokens;
                f64::from(cache_write) * self.surcharge
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
            cache_write: input + 1.0,
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
        let tokens = 107.0 + 207.0 + 50_007.0 + 307.0;
        let wanted = [1.0, tokens, cost, 3.0, 2.0, 50_007.0, saved, 307.0 / 1e6, 0.0]
            .into_iter()
            .chain([47.0 + 17.0, 8.0, 9.0, 10.0, 507.0, 3.0]);
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
