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
    /// Cache-write tokens times the model's cache-write price less its input price.
    CacheSurcharge,
    /// Tokens of models that the price table does not have.
    Unpriced,
    /// Spans of traces, whatever they are about.
    Span,
}

/// The CLI's metric that tokens are counted from.
pub const TOKENS: &str = "claude_code.token.usage";

/// The CLI's metric of what it estimates that tokens cost.
const COST: &str = "claude_code.cost.usage";

/// Labels that the CLI tells of requests to a model, and of nothing else.
pub(super) const OF_REQUESTS: [&str; 4] =
    ["query_source", "effort", "agent_name", "mcp_server_name"];

/// Labels that say whose a session is, the one that names a person best first.
pub const PERSON_LABELS: [&str; 4] =
    ["user_email", "user_account_uuid", "user_account_id", "user_id"];

/// What a label shows that a client does not tell.
pub const UNKNOWN: &str = "unknown";

/// How long the recording rules remember the value of a counter that was not scraped, in days.
pub const RULE_MEMORY_DAYS: u32 = 35;

/// The label that the CLI tells of sessions alone.
const OF_SESSIONS: &str = "start_type";

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
    /// Whether the CLI tells the model; without one the label reads `unknown`.
    pub names_model: bool,
    /// Labels of its own, each from the point's attribute of that name. A
    /// `type` of tokens is there if `otelctl::metric_labels` has it.
    pub labels: &'static [&'static str],
}

impl Metric {
    /// The stem of the recording rules: `claude:tokens` of `claude_tokens_total`.
    #[must_use]
    pub fn rule_stem(&self) -> String {
        let stem = self.name.strip_prefix("claude_").unwrap_or(self.name);
        format!("claude:{}", stem.strip_suffix("_total").unwrap_or(stem))
    }

    /// Says whether the CLI tells this label where the counter comes from.
    ///
    /// Every counter carries every label of the stack and of the profile, but one that
    /// nobody tells reads `unknown` in all its series: to choose a value would empty it.
    /// Labels of single counters are in [`Self::labels`], and those that a team adds
    /// with `OTEL_RESOURCE_ATTRIBUTES` are told of everything.
    #[must_use]
    pub fn tells(&self, label: &str) -> bool {
        match label {
            "model" | "model_family" => self.names_model,
            OF_SESSIONS => self.source == Source::Metric("claude_code.session.count"),
            // Spans are of requests and of much else.
            label if OF_REQUESTS.contains(&label) => {
                self.is_of_requests() || self.source == Source::Span
            }
            _ => true,
        }
    }

    /// Says whether the counter is one of single sessions, whose labels are [`DETAIL_LABELS`].
    #[must_use]
    pub fn is_of_sessions(&self) -> bool {
        DETAIL.iter().any(|metric| metric.name == self.name)
    }

    /// Says whether the counter is about requests to a model: tokens, money and the cache.
    pub(super) fn is_of_requests(&self) -> bool {
        match self.source {
            Source::Metric(name) => [TOKENS, COST].contains(&name),
            Source::MetricOfType(..)
            | Source::ApiRequest { .. }
            | Source::CacheSaving
            | Source::CacheSurcharge
            | Source::Unpriced => true,
            Source::Span => false,
        }
    }
}

/// A row of the table: a counter about models, without labels of its own.
const fn metric(
    name: &'static str,
    unit: &'static str,
    help: &'static str,
    source: Source,
) -> Metric {
    Metric { name, unit, help, source, names_model: true, labels: &[] }
}

/// A row of the table: a counter whose telemetry names no model.
const fn without_model(metric: Metric) -> Metric {
    Metric { names_model: false, ..metric }
}

/// A row of the table: a counter with labels of its own.
const fn labelled(metric: Metric, labels: &'static [&'static str]) -> Metric {
    Metric { labels, ..metric }
}

/// The counters of the user's document, in its order, and then those of our own.
///
/// Log records get no counter: how many there are says nothing, and those that
/// do, `api_request` events, are counted as cache hits and misses.
pub const METRICS: [Metric; 15] = [
    without_model(metric(
        "claude_sessions_total",
        "sessions",
        "Claude Code sessions",
        Source::Metric("claude_code.session.count"),
    )),
    labelled(
        metric(
            "claude_tokens_total",
            "tokens",
            "Tokens processed, all types",
            Source::Metric(TOKENS),
        ),
        &["type"],
    ),
    metric("claude_cost_usd_total", "USD", "Estimated cost in USD", Source::Metric(COST)),
    metric(
        "claude_cache_hits_total",
        "requests",
        "API requests served from the prompt cache",
        Source::ApiRequest { cache_hit: true },
    ),
    metric(
        "claude_cache_misses_total",
        "requests",
        "API requests not served from the prompt cache",
        Source::ApiRequest { cache_hit: false },
    ),
    metric(
        "claude_cache_tokens_saved_total",
        "tokens",
        "Tokens read from the prompt cache",
        Source::MetricOfType(TOKENS, "cacheRead"),
    ),
    metric(
        "claude_cache_cost_saved_usd_total",
        "USD",
        "Estimated cost in USD saved by the prompt cache",
        Source::CacheSaving,
    ),
    metric(
        "claude_cache_cost_surcharge_usd_total",
        "USD",
        "Estimated cost in USD of cache writes above input",
        Source::CacheSurcharge,
    ),
    metric(
        "claude_unpriced_tokens_total",
        "tokens",
        "Tokens of models without a price, all types",
        Source::Unpriced,
    ),
    labelled(
        metric(
            "claude_lines_of_code_total",
            "lines",
            "Lines of code added and removed",
            Source::Metric("claude_code.lines_of_code.count"),
        ),
        &["type"],
    ),
    without_model(metric(
        "claude_commits_total",
        "commits",
        "Git commits made",
        Source::Metric("claude_code.commit.count"),
    )),
    without_model(metric(
        "claude_pull_requests_total",
        "requests",
        "Pull requests opened",
        Source::Metric("claude_code.pull_request.count"),
    )),
    labelled(
        without_model(metric(
            "claude_edit_decisions_total",
            "decisions",
            "Edits accepted and rejected",
            Source::Metric("claude_code.code_edit_tool.decision"),
        )),
        &["decision", "source", "tool_name", "language"],
    ),
    labelled(
        without_model(metric(
            "claude_active_seconds_total",
            "s",
            "Active time of the user and of the CLI",
            Source::Metric("claude_code.active_time.total"),
        )),
        &["type"],
    ),
    metric("claude_spans_total", "spans", "Spans of traces", Source::Span),
];

/// The counters of single sessions, where `otelctl::detail` asks for them.
///
/// Each is made of what the counter of the whole stack is made of, and carries
/// [`DETAIL_LABELS`]. A series lives within one day of the collector's clock
/// and expires after it: none is ever born a second time, none falls.
pub const DETAIL: [Metric; 6] = [
    metric(
        "claude_session_cost_usd_total",
        "USD",
        "Estimated cost in USD, by session and day",
        Source::Metric(COST),
    ),
    labelled(
        metric(
            "claude_session_tokens_total",
            "tokens",
            "Tokens processed, by session and day",
            Source::Metric(TOKENS),
        ),
        &["type"],
    ),
    metric(
        "claude_session_cache_hits_total",
        "requests",
        "API requests served from the prompt cache, by session and day",
        Source::ApiRequest { cache_hit: true },
    ),
    metric(
        "claude_session_cache_misses_total",
        "requests",
        "API requests not served from the prompt cache, by session and day",
        Source::ApiRequest { cache_hit: false },
    ),
    labelled(
        metric(
            "claude_session_lines_of_code_total",
            "lines",
            "Lines of code added and removed, by session and day",
            Source::Metric("claude_code.lines_of_code.count"),
        ),
        &["type"],
    ),
    labelled(
        without_model(metric(
            "claude_session_active_seconds_total",
            "s",
            "Time in use, by session and day",
            Source::Metric("claude_code.active_time.total"),
        )),
        &["type"],
    ),
];

/// The labels of every counter in [`DETAIL`], besides its own.
///
/// `user` is the e-mail address where a client tells it, else its `user.id`;
/// `collector_day` counts days since 1970, UTC, by the collector's clock.
pub const DETAIL_LABELS: [&str; 7] = [
    "session_id",
    "user",
    "model",
    "service_name",
    "service_version",
    "collector_run",
    "collector_day",
];

/// A scrape of more samples of [`DETAIL`] fails as a whole, and says so: it must
/// not take Prometheus down with the counters of the stack.
pub const DETAIL_LIMIT: u64 = 50_000;

/// The `service_name` of the synthetic sessions that `verify` sends: totals,
/// rules and dashboards leave it out.
pub const VERIFY_SERVICE: &str = "otelctl-verify";

#[cfg(test)]
mod tests {
    use super::METRICS;
    use crate::stack::OWN_LABELS;

    #[test]
    fn the_profile_keeps_away_from_the_labels_of_single_counters() {
        for label in METRICS.iter().flat_map(|metric| metric.labels) {
            assert!(OWN_LABELS.contains(label), "{label}");
        }
    }

    #[test]
    fn a_counter_tells_what_its_telemetry_does() {
        let tell = |label: &str| {
            let telling = METRICS.into_iter().filter(|metric| metric.tells(label));
            telling.map(|metric| metric.name).collect::<Vec<_>>()
        };
        let of_requests = [
            "claude_tokens_total",
            "claude_cost_usd_total",
            "claude_cache_hits_total",
            "claude_cache_misses_total",
            "claude_cache_tokens_saved_total",
            "claude_cache_cost_saved_usd_total",
            "claude_cache_cost_surcharge_usd_total",
            "claude_unpriced_tokens_total",
            "claude_spans_total",
        ];
        for label in ["query_source", "effort", "agent_name", "mcp_server_name"] {
            assert_eq!(tell(label), of_requests, "{label}");
        }
        assert_eq!(tell("start_type"), ["claude_sessions_total"]);
        assert!(tell("model_family").contains(&"claude_lines_of_code_total"));
        assert!(!tell("model").contains(&"claude_sessions_total"));
        assert_eq!(tell("team").len(), METRICS.len());
    }
}
