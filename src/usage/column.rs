//! What is counted of each row, and by which counter.

use super::Labels;
use crate::stack::{METRICS, Metric};

/// What is counted of each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Sessions.
    Sessions,
    /// Requests that were served from the prompt cache.
    Hits,
    /// Requests that were not.
    Misses,
    /// Tokens, by type where the counters say it.
    Tokens,
    /// Tokens read from the cache, asked for where `tokens` does not tell its types.
    CacheRead,
    /// The clients' own estimate, in USD.
    Cost,
    /// USD saved by reading from the cache.
    Saved,
    /// USD that writing to the cache cost above plain input.
    Surcharge,
    /// Tokens of models that the price table lacks.
    Unpriced,
}

/// All of them.
pub const COLUMNS: [Column; 9] = [
    Column::Sessions,
    Column::Hits,
    Column::Misses,
    Column::Tokens,
    Column::CacheRead,
    Column::Cost,
    Column::Saved,
    Column::Surcharge,
    Column::Unpriced,
];

/// The label that tells input from output.
pub(super) const TYPE: &str = "type";

impl Column {
    /// The name of its counter.
    #[must_use]
    pub const fn counter(self) -> &'static str {
        match self {
            Self::Sessions => "claude_sessions_total",
            Self::Hits => "claude_cache_hits_total",
            Self::Misses => "claude_cache_misses_total",
            Self::Tokens => "claude_tokens_total",
            Self::CacheRead => "claude_cache_tokens_saved_total",
            Self::Cost => "claude_cost_usd_total",
            Self::Saved => "claude_cache_cost_saved_usd_total",
            Self::Surcharge => "claude_cache_cost_surcharge_usd_total",
            Self::Unpriced => "claude_unpriced_tokens_total",
        }
    }

    /// The recording rule that says what each minute added; none: nothing counts it.
    pub(super) fn rule(self) -> Option<String> {
        Some(format!("{}:inc1m", self.metric()?.rule_stem()))
    }

    /// Says whether its counter tells this label apart.
    pub(super) fn carries(self, label: &str) -> bool {
        match label {
            TYPE => self == Self::Tokens,
            _ => self.metric().is_none_or(|metric| metric.tells(label)),
        }
    }

    /// Says whether there is something to ask.
    pub(super) fn is_asked(self, labels: &Labels) -> bool {
        self != Self::CacheRead || !labels.has(TYPE)
    }

    fn metric(self) -> Option<&'static Metric> {
        METRICS.iter().find(|metric| metric.name == self.counter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_counted() {
        for column in COLUMNS {
            assert!(column.rule().is_some(), "{} is not in the table of metrics", column.counter());
        }
    }
}
