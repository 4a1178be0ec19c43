//! The three signals of OTLP, and the variables that are each one's own.

use super::name;

/// A signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// Sessions, tokens, cost.
    Metrics,
    /// Events; cache hits and misses are made of them.
    Logs,
    /// Spans, a beta of the CLI.
    Traces,
}

impl Signal {
    /// Every signal.
    pub const ALL: [Self; 3] = [Self::Metrics, Self::Logs, Self::Traces];

    /// Its name, also in the paths of OTLP over HTTP.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::Logs => "logs",
            Self::Traces => "traces",
        }
    }

    /// The variable that says where it goes.
    #[must_use]
    pub const fn exporter(self) -> &'static str {
        match self {
            Self::Metrics => name::METRICS,
            Self::Logs => name::LOGS,
            Self::Traces => name::TRACES,
        }
    }

    /// The variable that says the same for this signal alone, such as
    /// `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT` for `ENDPOINT`.
    #[must_use]
    pub fn own(self, ending: &str) -> String {
        format!("OTEL_EXPORTER_OTLP_{}_{ending}", self.word().to_ascii_uppercase())
    }
}
