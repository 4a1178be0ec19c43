//! Sends telemetry as Claude Code does, and compares what was counted with what is true.
//!
//! [`replay`] sends recordings of the real client, [`load`] makes up many clients, and
//! [`Totals`] reads the exporter's page or Prometheus. Knows OTLP and the table of metrics;
//! how to reach a port is told by a [`Wire`].

mod again;
pub mod fault;
mod load;
mod replay;
mod spans;
mod totals;
mod wire;
mod work;

pub use load::{Habits, Load, Temporality, crowd, load};
pub use replay::{replay, replay_as};
pub use spans::send_spans;
pub use totals::{Totals, is_priced, percent_encoded, saving, surcharge};
pub use wire::{Connection, Wire};

use super::bench::long;
use super::telemetry::{Telemetry, VERSIONS, versions};
use otelctl::artifact::path;
use otelctl::secret::Secret;
use std::path::Path;
use std::time::Duration;

/// Longer than the rendered pipeline takes for its last batch.
const LIMIT: Duration = Duration::from_secs(10);

/// Whatever adds a part to the collector's configuration.
const EVERYTHING: &str = "\
    otelctl::metric_labels: [type, query_source, team]\n\
    otelctl::detail: true\n\
    otelctl::forward::endpoint: 'http://127.0.0.1:25318'\n\
    otelctl::forward::authorization: env:KEY\n\
    profile::otel_collector::const_labels: {site: attic}\n\
    profile::otel_collector::enable_grafana_cloud_tempo: true\n\
    profile::otel_collector::grafana_cloud_tempo_endpoint: 'http://127.0.0.1:24317'\n\
    profile::otel_collector::grafana_cloud_tempo_username: '12345'\n\
    profile::otel_collector::grafana_cloud_tempo_api_key: env:KEY\n";

#[test]
fn each_collector_accepts_its_configuration_and_starts_without_a_warning() {
    for version in versions() {
        Telemetry::alone_with(version, EVERYTHING, |telemetry| {
            let secret = Secret::new("Basic made-up".to_owned());
            let files = ["tempo-authorization", "forward-authorization"];
            let config = telemetry.rendered_with(&files.map(|file| (file, &secret)));
            assert_eq!(telemetry.complaint(&config), None, "{version}");
        });
        Telemetry::alone(version, |telemetry| {
            let config = telemetry.rendered(path::COLLECTOR);
            assert_eq!(telemetry.complaint(&config), None, "{version}");
            let broken = config.replace("metric_expiration", "metric_expiry");
            let complaint = telemetry.complaint(&broken).expect("a wrong key is refused");
            assert!(complaint.contains("metric_expiry"), "{complaint}");
            telemetry.start_collector();
            let log = telemetry.log();
            assert!(log.contains("Everything is ready"), "{version}: {log}");
            // In a container it must listen on every address, which it finds careless.
            let warning = |line: &&str| line.contains("\twarn\t") && !line.contains("0.0.0.0");
            let warnings: Vec<&str> = log.lines().filter(warning).collect();
            assert!(warnings.is_empty(), "{version}: {warnings:#?}");
            println!("collector {version}: takes what is rendered for it");
        });
    }
}

#[test]
fn recordings_of_the_real_client_are_counted_exactly() {
    for version in versions() {
        Telemetry::alone(version, |telemetry| {
            telemetry.start_collector();
            let wire = telemetry.wire();
            let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
            let truth = replay(&wire, "127.0.0.1:4318", &recordings);
            Totals::await_equal(&truth, LIMIT, &format!("collector {version}"), || {
                Totals::exported(&wire, "127.0.0.1:8889")
            });
            let tokens = truth.sum("claude_tokens_total", |_, _| true);
            println!("collector {version}: {tokens} tokens of recordings, exact");
        });
    }
}

#[test]
fn many_clients_are_counted_exactly() {
    let mixed = versions().into_iter().map(|version| (version, Temporality::Mixed));
    let pure = [(VERSIONS[0], Temporality::Delta), (VERSIONS[1], Temporality::Cumulative)];
    for (version, temporality) in pure.into_iter().chain(mixed) {
        Telemetry::alone(version, |telemetry| {
            telemetry.start_collector();
            telemetry.start_prometheus();
            let wire = telemetry.wire();
            let asked = Load { clients: 8, exports: 20, temporality, idle: 0.3, seed: 1 };
            let truth = load(&wire, "127.0.0.1:4318", asked);
            let name = format!("collector {version}, {temporality:?}");
            Totals::await_equal(&truth, LIMIT, &name, || Totals::exported(&wire, "127.0.0.1:8889"));
            Totals::await_equal(&truth, LIMIT, &name, || Totals::stored(&wire, "127.0.0.1:9090"));
        });
    }
}

/// What a profile asks for beside the labels that are always there.
const LABELS: [&str; 2] = [
    "",
    "otelctl::metric_labels: [type, query_source, effort, user_id, user_email, organization_id, \
     terminal_type, team]",
];

/// Clients at the same time, and the exports of each in the long form.
const CROWD: (u64, u64) = (40, 300);

/// Deltas come late, too: a client whose export was answered with 503 sends it again after a
/// newer one.
#[test]
fn many_clients_with_retries_are_counted_exactly_under_all_labels() {
    let all = [Temporality::Delta, Temporality::Cumulative, Temporality::Mixed];
    let (temporalities, exports) = if long() { (&all[..], CROWD.1) } else { (&all[2..], 30) };
    for (version, labels) in VERSIONS.iter().flat_map(|v| LABELS.map(|labels| (v, labels))) {
        for temporality in temporalities {
            Telemetry::alone_with(version, labels, |telemetry| {
                telemetry.start_collector();
                let (wire, temporality) = (telemetry.wire(), *temporality);
                let asked = Load { clients: CROWD.0, exports, temporality, idle: 0.3, seed: 3 };
                let habits = Habits { late: 0.1, ..Habits::default() };
                let truth = crowd(&wire, "127.0.0.1:4318", asked, &habits);
                let name = format!("collector {version}, {temporality:?}, {labels:?}");
                let begin = std::time::Instant::now();
                Totals::await_equal(&truth, LIMIT, &name, || {
                    Totals::exported(&wire, "127.0.0.1:8889")
                });
                let tokens = truth.sum("claude_tokens_total", |_, _| true);
                println!("{name}: {tokens} tokens exact, {:.1?} after", begin.elapsed());
            });
        }
    }
}

#[test]
fn recording_rules_give_the_same_totals() {
    Telemetry::alone(VERSIONS[0], |telemetry| {
        telemetry.start_collector();
        telemetry.start_prometheus();
        let wire = telemetry.wire();
        let asked =
            Load { clients: 6, exports: 10, temporality: Temporality::Mixed, idle: 0.0, seed: 2 };
        let truth = load(&wire, "127.0.0.1:4318", asked);
        let limit = Duration::from_secs(90);
        Totals::await_equal(&truth, limit, "rules", || {
            Totals::recorded(&wire, "127.0.0.1:9090", "1h")
        });
    });
}

#[test]
#[should_panic(expected = "claude_tokens_total")]
fn a_token_too_few_is_told() {
    let totals = |tokens: f64| {
        let mut totals = Totals::default();
        totals.add("claude_tokens_total", "m", "2.0.0", tokens);
        totals
    };
    totals(41.0).assert_equals(&totals(42.0), "made up");
}
