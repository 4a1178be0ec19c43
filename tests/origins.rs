//! Every value that comes from a setting stands beside that setting's name and line.
#![cfg(test)]

use otelctl::profile::{KEYS, Profile};
use otelctl::render::render;
use otelctl::stack::Stack;
use std::fmt::Write as _;

/// Key, what is written in the profile, and what of it a rendered line shows.
const SETTINGS: [(&str, &str, &str); 31] = [
    ("profile::otel_collector::otel_dir", "/srv/telemetry", "/srv/telemetry/config:"),
    ("profile::otel_collector::otel_grpc_port", "14317", "14317:4317"),
    ("profile::otel_collector::otel_http_port", "14318", "14318:4318"),
    ("profile::otel_collector::otel_prometheus_port", "18889", "18889:8889"),
    ("profile::otel_collector::otel_health_port", "23133", "23133:13133"),
    ("profile::otel_collector::otel_pprof_port", "11777", "11777:1777"),
    (
        "profile::otel_collector::otel_collector_image",
        "'registry.lan/otel:latest@sha256:00000000000000000000000000000000000000000000000000000000000000aa'",
        "registry.lan/otel:latest@sha256:",
    ),
    ("profile::otel_collector::prometheus_scrape_interval", "17s", "scrape_interval: 17s"),
    (
        "profile::otel_collector::grafana_cloud_tempo_endpoint",
        "'http://tempo.lan:4317'",
        "tempo.lan:4317",
    ),
    ("profile::otel_collector::grafana_cloud_tempo_username", "12345", "authorization"),
    ("profile::otel_collector::grafana_cloud_tempo_api_key", "env:KEY", "authorization"),
    ("profile::otel_collector::tempo_protocol", "otlphttp", "otlp_http/tempo"),
    ("profile::otel_collector::batch_timeout", "7s", "timeout: 7s"),
    ("profile::otel_collector::memory_limit_mib", "777", "limit_mib: 777"),
    ("profile::otel_collector::const_labels", "{site: attic}", "site: 'attic'"),
    ("otelctl::stack", "team-a", "container_name: team-a-collector"),
    ("otelctl::listen_address", "10.10.10.1", "10.10.10.1:14317:4317"),
    ("otelctl::collector_version", "0.155.0", "the collector 0.155.0"),
    ("otelctl::subnet", "172.30.9.0/24", "subnet: 172.30.9.0/24"),
    ("otelctl::model_prices", "{claude-opus-5: {input: 6}}", "usd"),
    ("otelctl::log_max_size", "11m", "max-size: 11m"),
    ("otelctl::log_files", "4", "max-file: '4'"),
    ("otelctl::prometheus::image", "prom/prometheus:v3.5.1", "image: prom/prometheus:v3.5.1"),
    ("otelctl::prometheus::port", "19090", "19090:9090"),
    ("otelctl::prometheus::retention", "123d", "retention.time=123d"),
    ("otelctl::prometheus::scrape_target", "collector.lan:8889", "collector.lan:8889"),
    ("otelctl::metric_labels", "[type, cost.center]", "cost_center"),
    ("otelctl::detail", "true", "Sessions and users"),
    ("otelctl::forward::endpoint", "loki.example:4317", "loki.example:4317"),
    ("otelctl::forward::protocol", "otlp", "otlp_grpc/forward"),
    ("otelctl::forward::authorization", "env:KEY", "forward-authorization"),
];

/// Settings that stand in JSON, which has no comments, decide whether there is a file at all,
/// or are for otelctl alone.
const ELSEWHERE: [&str; 28] = [
    "otelctl::forward::logs",
    "otelctl::forward::traces",
    "manage_otel_collector",
    "profile::otel_collector::manage_otel_collector",
    "profile::otel_collector::enable_grafana_dashboards",
    "profile::otel_collector::grafana_datasource_name",
    "profile::otel_collector::enable_grafana_cloud_tempo",
    "otelctl::budget::hourly_usd",
    "otelctl::budget::daily_usd",
    "otelctl::budget::monthly_usd",
    "otelctl::prometheus::mode",
    "otelctl::prometheus::url",
    "otelctl::prometheus::config_file",
    "otelctl::prometheus::username",
    "otelctl::prometheus::password",
    "otelctl::grafana::mode",
    "otelctl::grafana::image",
    "otelctl::grafana::port",
    "otelctl::grafana::url",
    "otelctl::grafana::token",
    "otelctl::grafana::username",
    "otelctl::grafana::password",
    "otelctl::grafana::ca_file",
    "otelctl::grafana::folder",
    "otelctl::grafana::datasource_uid",
    "otelctl::grafana::datasource_url",
    "otelctl::firewall::manage",
    "profile::firewall::custom_rules",
];

/// How many lines below or above a comment its value may stand.
const NEAR: usize = 4;

fn rendered(profile: &str) -> Vec<String> {
    let profile = Profile::read(profile, "etc/full.yaml").expect("a valid profile");
    let stack = Stack::build(&profile, &[]).expect("a valid stack");
    let artifacts = render(&stack).expect("renders");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    artifacts
        .iter()
        .flat_map(|a| text(&a.bytes).lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// Says whether a line near a comment shows the value.
fn is_beside(lines: &[String], comment: &str, value: &str) -> bool {
    let with = lines.iter().enumerate().filter(|(_, line)| {
        line.match_indices(comment).any(|(at, _)| {
            let rest = &line[at + comment.len()..];
            !rest.starts_with(|c: char| c.is_ascii_digit())
        })
    });
    with.into_iter().any(|(at, _)| {
        let near = at.saturating_sub(NEAR)..(at + NEAR + 1).min(lines.len());
        lines[near].iter().any(|line| line.contains(value))
    })
}

fn full() -> String {
    let mut profile = String::from(
        "profile::firewall::custom_rules:\n  otlp:\n    port: 14317\n    source: 10.20.30.0/24\n    jump: accept\n\
         profile::otel_collector::enable_grafana_cloud_tempo: true\n\
         otelctl::grafana::image: grafana/grafana:12.1.1\notelctl::grafana::port: 13000\n",
    );
    for (key, value, _) in SETTINGS {
        writeln!(profile, "{key}: {value}").expect("a string");
    }
    profile
}

#[test]
fn each_value_names_its_setting_and_its_line() {
    let profile = full();
    let lines = rendered(&profile);
    for (key, _, shown) in SETTINGS {
        let line = profile.lines().position(|line| line.starts_with(&format!("{key}: ")));
        let comment = format!("{key}, full.yaml:{}", line.expect(key) + 1);
        assert!(is_beside(&lines, &comment, shown), "`{shown}` has no `{comment}` beside it");
    }
    for (comment, value) in [
        ("profile::firewall::custom_rules, full.yaml:4", "ip saddr 10.20.30.0/24 accept"),
        ("otelctl::grafana::image, full.yaml:7", "image: grafana/grafana:12.1.1"),
        ("otelctl::grafana::port, full.yaml:8", "13000:3000"),
        (
            "otelctl::listen_address, full.yaml:25",
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://10.10.10.1:14317",
        ),
        ("otelctl::stack, full.yaml:24", "COMPOSE_PROJECT_NAME=team-a"),
        ("otelctl::stack, full.yaml:24", "stack `team-a`"),
    ] {
        assert!(is_beside(&lines, comment, value), "`{value}` has no `{comment}` beside it");
    }
}

#[test]
fn a_wrong_line_would_be_noticed() {
    let lines = rendered(&full());
    assert!(!is_beside(&lines, "otelctl::log_files, full.yaml:1", "max-file: '4'"));
    assert!(!is_beside(&lines, "otelctl::log_files, full.yaml:30", "retention.time=123d"));
}

#[test]
fn no_setting_is_forgotten() {
    for key in KEYS {
        let tested = SETTINGS.iter().any(|(name, ..)| *name == key.name);
        assert!(tested != ELSEWHERE.contains(&key.name), "`{}` belongs into one list", key.name);
    }
}
