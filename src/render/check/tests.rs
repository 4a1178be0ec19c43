//! Every cross-check fires on what it is for.

use super::{Readings, all};
use crate::artifact::{Artifact, path};
use crate::diagnostic::Kind;
use crate::profile::Profile;
use crate::render::render;
use crate::stack::Stack;

const PROFILE: &str = include_str!("../../../examples/document/profile.yaml");

/// The first panel's: variables are indented more.
const DATASOURCE: &str = "\n      \"datasource\": {\n        \"type\": \"prometheus\",";

fn stack(profile: &str) -> Stack {
    let profile = Profile::read(profile, "profile.yaml").expect("a profile");
    Stack::build(&profile, &["10.10.10.1".parse().expect("an address")]).expect("a stack")
}

/// The messages after one text in one artifact became another.
fn found(path: &str, from: &str, to: &str) -> Vec<String> {
    let stack = stack(PROFILE);
    let mut artifacts = render(&stack).expect("artifacts");
    let artifact = artifacts.iter_mut().find(|artifact| artifact.path == path).expect(path);
    let text = String::from_utf8(artifact.bytes.to_vec()).expect("text");
    assert!(text.contains(from), "{path} has no {from}");
    artifact.bytes = text.replacen(from, to, 1).into_bytes().into();
    messages(&stack, &artifacts)
}

fn messages(stack: &Stack, artifacts: &[Artifact]) -> Vec<String> {
    let Err(failure) = all(stack, artifacts, &Readings::default()) else { return Vec::new() };
    assert_eq!(failure.kind(), Kind::Bug);
    failure.diagnostics().iter().map(|diagnostic| diagnostic.message.clone()).collect()
}

#[test]
fn a_change_that_means_nothing_is_none() {
    assert_eq!(found(path::COMPOSE, "# 80 % of", "# four fifths of"), Vec::<String>::new());
}

#[test]
fn what_does_not_fit_is_told() {
    for (path, from, to, expected) in [
        (path::COLLECTOR, "receivers:", "receivers: [", "does not read back"),
        (path::ENV, "# Written", "# written", "who wrote it"),
        (path::COMPOSE, "restart:", "restrat:", "does not read back"),
        (path::COMPOSE, "'4318:4318'", "'4317:4318'", "published twice"),
        (path::COMPOSE, "'4318:4318'", "'4319:4318'", "which the stack does not"),
        (path::COMPOSE, "127.0.0.1:1777:1777", "127.0.0.1:1777:1778", "the collector listens on"),
        (path::COMPOSE, "mem_limit: 640m", "mem_limit: 512m", "of the container's 512 MiB"),
        (path::COMPOSE, "GOMEMLIMIT: 512MiB", "GOMEMLIMIT: 640MiB", "80 % of the container"),
        (path::COMPOSE, "/opt/otel/config:", "/opt/other:", "outside the stack's directory"),
        (path::COMPOSE, "/otel-collector-config.yaml", "/config.yaml", "is not rendered"),
        (path::COLLECTOR, "[health_check, pprof]", "[health_check, zpages]", "`zpages` is used"),
        (path::COLLECTOR, "transform/claude, batch]", "transform/claude, last]", "uses `last`"),
        (path::COLLECTOR, "transform/claude, batch]", "transform/claude]", "no pipeline uses"),
        (path::COLLECTOR, "[memory_limiter]", "[batch]", "does not start with `memory_limiter`"),
        (path::COLLECTOR, "0.0.0.0:4317", "0.0.0.0:4319", "the collector listens on"),
        (path::PROMETHEUS, "otel-collector:8889", "otel-collector:8888", "scrapes port Some(8888)"),
        (path::PROMETHEUS, "metrics_path", "metric_path", "does not read back"),
        (path::SCRAPE, "honor_labels", "honour_labels", "does not read back"),
        (path::RULES, "interval: 1m", "interval: 1 minute", "does not read back"),
        (path::FIREWALL, "counter drop", "counter drip", "does not read back"),
        (path::COMPOSE, "'4317:4317'", "'4316:4317'", "port 4316 is open to other hosts"),
        (path::SCRAPE, "localhost:8889", "localhost", "scrapes port None"),
        (path::OVERVIEW, "\"uid\": \"otelctl", "\"udi\": \"otelctl", "does not read back"),
        (path::OVERVIEW, "otelctl-otel-overview", "otelctl-otel-costs", "uid of another"),
        (path::OVERVIEW, "\"id\": 2", "\"id\": 1", "has the id of"),
        (path::OVERVIEW, DATASOURCE, "\"datasource\": {\"type\": \"loki\",", "was chosen"),
        (path::OVERVIEW, "\"x\": 4", "\"x\": 3", "overlaps"),
        (path::OVERVIEW, "\"x\": 20", "\"x\": 21", "leaves the grid"),
        (path::OVERVIEW, "claude:sessions:inc1m{", "claude:session:inc1m{", "no recording rule"),
        (path::COSTS, "claude:tokens:inc1m{", "claude_tokens_total{", "no recording rule"),
    ] {
        let messages = found(path, from, to);
        assert!(
            messages.iter().any(|message| message.contains(expected)),
            "{from} -> {to}: {messages:?}"
        );
    }
}

#[test]
fn a_missing_or_doubled_artifact_is_told() {
    let stack = stack(PROFILE);
    let artifacts = render(&stack).expect("artifacts");
    for path in [path::COMPOSE, path::COLLECTOR, path::PROMETHEUS, path::FIREWALL] {
        let rest: Vec<Artifact> =
            artifacts.iter().filter(|artifact| artifact.path != path).cloned().collect();
        let messages = messages(&stack, &rest);
        let expected = if path == path::FIREWALL { "open to other hosts" } else { path };
        assert!(messages.iter().any(|message| message.contains(expected)), "{path}: {messages:?}");
    }
    let doubled = [artifacts.as_slice(), artifacts.as_slice()].concat();
    assert!(messages(&stack, &doubled).iter().any(|message| message.contains("rendered twice")));
}

#[test]
fn other_modes_render_what_they_need_and_fit_together() {
    for (addition, managed) in [
        ("otelctl::prometheus::mode: external", false),
        ("otelctl::prometheus::mode: none\notelctl::listen_address: 10.10.10.1", false),
        ("otelctl::prometheus::mode: external\notelctl::prometheus::scrape_target: h:1", false),
        ("otelctl::prometheus::scrape_target: 'otel-collector:8889'", true),
        ("otelctl::firewall::manage: false", true),
        ("otelctl::listen_address: 'fd00::1'", true),
        ("profile::otel_collector::memory_limit_mib: 1001", true),
        ("profile::otel_collector::memory_limit_mib: 129", true),
        ("otelctl::stack: other\nprofile::otel_collector::const_labels: {site: 'a: $b'}", true),
    ] {
        let stack = stack(&format!("{PROFILE}\n{addition}\n"));
        let artifacts = render(&stack).unwrap_or_else(|failure| panic!("{addition}: {failure:#?}"));
        let has = artifacts.iter().any(|artifact| artifact.path == path::PROMETHEUS);
        assert_eq!(has, managed, "{addition}");
    }
}

#[test]
fn a_comment_changes_no_digest_and_a_setting_does() {
    let digest = |profile: &str| -> String {
        let artifacts = render(&stack(profile)).expect("artifacts");
        let text = String::from_utf8(artifacts[0].bytes.to_vec()).expect("text");
        text.lines().find(|line| line.contains("io.otelctl.digest")).expect("a digest").into()
    };
    let plain = digest(PROFILE);
    assert_eq!(digest(&format!("# moved down\n\n{PROFILE}")), plain);
    for setting in [
        "profile::otel_collector::batch_timeout: 5s",
        "profile::otel_collector::otel_health_port: 13134",
        "profile::otel_collector::const_labels: {site: a}",
        "otelctl::log_files: 4",
    ] {
        assert_ne!(digest(&format!("{PROFILE}\n{setting}\n")), plain, "{setting}");
    }
    let interval = "profile::otel_collector::prometheus_scrape_interval: 30s";
    assert_eq!(digest(&format!("{PROFILE}\n{interval}\n")), plain, "Prometheus reloads");
}
