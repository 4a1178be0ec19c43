//! How a client speaks OTLP.

/// The protocols of OTLP that Claude Code knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// OTLP over gRPC.
    #[default]
    Grpc,
    /// OTLP over HTTP, as protobuf: what the CLI takes when nothing is said.
    HttpProtobuf,
    /// OTLP over HTTP, as JSON.
    HttpJson,
}

impl Protocol {
    /// Every protocol.
    pub const ALL: [Self; 3] = [Self::Grpc, Self::HttpProtobuf, Self::HttpJson];

    /// The word for it in `OTEL_EXPORTER_OTLP_PROTOCOL`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::HttpProtobuf => "http/protobuf",
            Self::HttpJson => "http/json",
        }
    }

    /// Finds the protocol of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.word() == word)
    }

    /// Says that it goes over HTTP/1.
    #[must_use]
    pub const fn is_http(self) -> bool {
        matches!(self, Self::HttpProtobuf | Self::HttpJson)
    }
}
