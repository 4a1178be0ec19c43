//! The labels of counters: the stack's own, and those that a profile adds.

/// The labels that every counter of the stack carries; nobody else may set them.
pub const LABELS: [&str; 5] =
    ["model", "model_family", "service_name", "service_version", "collector_run"];

/// Labels of single counters, each from the attribute of its name.
pub const OWN_LABELS: [&str; 5] = ["type", "decision", "source", "tool_name", "language"];

/// A label that `otelctl::metric_labels` adds to counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraLabel {
    /// As Prometheus knows it: `user_email`.
    pub label: String,
    /// As Claude Code sends it: `user.email`.
    pub attribute: String,
}

impl ExtraLabel {
    /// The one label of the table that a profile may leave out: the type of tokens.
    pub const TYPE: &'static str = "type";

    /// A label for what Claude Code calls by this name, with dots or with underscores.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let label: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let known = DOTTED.iter().find(|attribute| attribute.replace('.', "_") == label);
        Self {
            attribute: known.map_or_else(|| name.to_owned(), |known| (*known).to_owned()),
            label,
        }
    }

    /// Says whether Claude Code sends it by itself; else somebody has to, by
    /// `OTEL_RESOURCE_ATTRIBUTES`.
    #[must_use]
    pub fn is_sent_by_itself(&self) -> bool {
        let attribute = self.attribute.as_str();
        DOTTED.contains(&attribute) || PLAIN.contains(&attribute)
    }
}

/// Attributes of Claude Code's telemetry that have a dot, which no label has.
const DOTTED: [&str; 13] = [
    "agent.name",
    "anthropic.custom_base_url",
    "anthropic.provider",
    "host.arch",
    "mcp_server.name",
    "organization.id",
    "os.type",
    "os.version",
    "terminal.type",
    "user.account_id",
    "user.account_uuid",
    "user.email",
    "user.id",
];

/// Those that have none.
const PLAIN: [&str; 4] = ["effort", "query_source", "start_type", ExtraLabel::TYPE];

#[cfg(test)]
mod tests {
    use super::ExtraLabel;

    #[test]
    fn both_spellings_mean_the_same() {
        for name in ["user_email", "user.email"] {
            let label = ExtraLabel::of(name);
            assert_eq!(
                (label.label.as_str(), label.attribute.as_str()),
                ("user_email", "user.email")
            );
        }
        for (name, by_itself) in [("user_account_uuid", true), ("effort", true), ("team", false)] {
            assert_eq!(ExtraLabel::of(name).is_sent_by_itself(), by_itself, "{name}");
        }
        let own = ExtraLabel::of("cost.center");
        assert_eq!((own.label.as_str(), own.attribute.as_str()), ("cost_center", "cost.center"));
    }
}
