//! What was rendered, and its typed forms read back from the bytes.
//!
//! `render` makes artifacts, providers realise them; both read them through
//! the strict parsers here, so what was rendered is what is applied. May not
//! know the profile, templates, hosts or providers.

pub mod compose;
pub mod dashboard;
pub mod grafana;
pub mod prometheus;
pub mod ruleset;

use std::sync::Arc;

/// Paths of the artifacts below the stack's directory.
pub mod path {
    /// The compose file.
    pub const COMPOSE: &str = "docker-compose.yaml";
    /// The compose project's name and nothing secret.
    pub const ENV: &str = ".env";
    /// The collector's configuration.
    pub const COLLECTOR: &str = "config/otel-collector-config.yaml";
    /// The managed Prometheus's configuration.
    pub const PROMETHEUS: &str = "prometheus/prometheus.yml";
    /// The scrape job for the user's own Prometheus.
    pub const SCRAPE: &str = "prometheus/scrape/otel-collector.yaml";
    /// The recording rules.
    pub const RULES: &str = "prometheus/rules/claude-code.rules.yaml";
    /// The firewall table.
    pub const FIREWALL: &str = "firewall/otelctl.nft";
    /// Grafana's data source.
    pub const DATASOURCE: &str = "grafana/datasource.json";
    /// Grafana's folder of the dashboards.
    pub const FOLDER: &str = "grafana/folder.json";
    /// The dashboard `Claude Code Overview`.
    pub const OVERVIEW: &str = "dashboards/claude-code-overview.json";
    /// The dashboard `Claude Code Cost Analysis`.
    pub const COSTS: &str = "dashboards/claude-code-costs.json";
    /// The dashboard `Claude Code Session`, where single sessions have counters.
    pub const SESSION: &str = "dashboards/claude-code-session.json";
    /// The systemd unit of the collector.
    pub const COLLECTOR_UNIT: &str = "systemd/otel-collector.service";
    /// The systemd unit that loads the firewall table at boot.
    pub const FIREWALL_UNIT: &str = "systemd/otelctl-firewall.service";
    /// The environment of Claude Code clients.
    pub const CLIENT: &str = "client/claude-code.env";
    /// The same for `/etc/claude-code/managed-settings.json`.
    pub const CLIENT_SETTINGS: &str = "client/managed-settings.json";

    /// The dashboards, in the order of their links.
    pub const DASHBOARDS: [&str; 3] = [OVERVIEW, COSTS, SESSION];

    /// Every path that any profile makes.
    pub const ALL: [&str; 16] = [
        COMPOSE,
        ENV,
        COLLECTOR,
        PROMETHEUS,
        SCRAPE,
        RULES,
        FIREWALL,
        DATASOURCE,
        FOLDER,
        OVERVIEW,
        COSTS,
        SESSION,
        COLLECTOR_UNIT,
        FIREWALL_UNIT,
        CLIENT,
        CLIENT_SETTINGS,
    ];
}

/// What the top of every file of ours says; a file without it is somebody else's.
pub const MARK: &str = "Written by otelctl";

/// One file to write below the stack's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The path below the stack's directory, with `/`.
    pub path: String,
    /// The whole content; what several stacks have alike is in memory once.
    pub bytes: Arc<[u8]>,
    /// Permission bits, such as `0o644`.
    pub mode: u32,
}
