//! The one table of metrics: names, what they count, and where each comes from.
//!
//! Collector config, recording rules, `verify`, tests and docs all read it.

/// Where a counter's value comes from in Claude Code's telemetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A metric of the CLI, renamed.
    Metric(&'static str),
    /// The points of a metric of the CLI with `type` = this value.
    MetricOfType(&'static str, &'static str),
    /// `api_request` events with cache-read tokens above 0 (`true`) or not (`false`).
    ApiRequest {
        /// Whether the request was served from the prompt cache.
        cache_hit: bool,
    },
    /// Cache-read tokens times the model's input price less its cache-read price.
    CacheSaving,
    /// Spans of traces, whatever they are about.
    Span,
}

/// One exported counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// The exported name: `claude_tokens_total`.
    pub name: &'static str,
    /// Its unit: `sessions`, `tokens`, `USD`, `requests`.
    pub unit: &'static str,
    /// One line for `# HELP` and the docs.
    pub help: &'static str,
    /// Where the value comes from.
    pub source: Source,
}

impl Metric {
    /// The stem of the recording rules: `claude:tokens` of `claude_tokens_total`.
    #[must_use]
    pub fn rule_stem(&self) -> String {
        let stem = self.name.strip_prefix("claude_").unwrap_or(self.name);
        format!("claude:{}", stem.strip_suffix("_total").unwrap_or(stem))
    }

    /// Says whether the CLI tells the model; without one the label reads `unknown`.
    #[must_use]
    pub fn names_model(&self) -> bool {
        self.source != Source::Metric("claude_code.session.count")
    }
}

/// The counters of the user's document, in its order, and then those of our own.
///
/// Log records get no counter: how many there are says nothing, and those that
/// do, `api_request` events, are counted as cache hits and misses.
pub const METRICS: [Metric; 8] = [
    Metric {
        name: "claude_sessions_total",
        unit: "sessions",
        help: "Claude Code sessions",
        source: Source::Metric("claude_code.session.count"),
    },
    Metric {
        name: "claude_tokens_total",
        unit: "tokens",
        help: "Tokens processed, all types",
        source: Source::Metric("claude_code.token.usage"),
    },
    Metric {
        name: "claude_cost_usd_total",
        unit: "USD",
        help: "Estimated cost in USD",
        source: Source::Metric("claude_code.cost.usage"),
    },
    Metric {
        name: "claude_cache_hits_total",
        unit: "requests",
        help: "API requests served from the prompt cache",
        source: Source::ApiRequest { cache_hit: true },
    },
    Metric {
        name: "claude_cache_misses_total",
        unit: "requests",
        help: "API requests not served from the prompt cache",
        source: Source::ApiRequest { cache_hit: false },
    },
    Metric {
        name: "claude_cache_tokens_saved_total",
        unit: "tokens",
        help: "Tokens read from the prompt cache",
        source: Source::MetricOfType("claude_code.token.usage", "cacheRead"),
    },
    Metric {
        name: "claude_cache_cost_saved_usd_total",
        unit: "USD",
        help: "Estimated cost in USD saved by the prompt cache",
        source: Source::CacheSaving,
    },
    Metric {
        name: "claude_spans_total",
        unit: "spans",
        help: "Spans of traces",
        source: Source::Span,
    },
];

/// The `service_name` of the synthetic sessions that `verify` sends: totals,
/// rules and dashboards leave it out.
pub const VERIFY_SERVICE: &str = "otelctl-verify";
