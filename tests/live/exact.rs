//! What clients sent is what is counted, through the applied containers' published ports:
//! at the exporter, in Prometheus, and in the totals of the recording rules.

use super::applied::Applied;
use super::otlp::{Load, Temporality, Totals, Wire, load, replay};
use super::world::Place;
use std::path::Path;
use std::time::Duration;

const RECEIVER: &str = "127.0.0.1:4318";
const EXPORTER: &str = "127.0.0.1:8889";
const PROMETHEUS: &str = "127.0.0.1:9090";

/// Debian's Prometheus; the other one is what a profile gets by default.
const OLD_PROMETHEUS: &str = "otelctl::prometheus::image: prom/prometheus:v2.42.0\n";

fn exact(stack: &Applied, collector: &str, temporality: Temporality) {
    stack.otelctl(&["apply"]).ok();
    let wire = Wire::within(&stack.world.network(Place::Host));
    let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut truth = replay(&wire, RECEIVER, &recordings);
    let asked = Load { clients: 20, exports: 50, temporality, idle: 0.3, seed: 7 };
    truth.extend(load(&wire, RECEIVER, asked));

    let told = format!("collector {collector}, {temporality:?}");
    let (batch, scrape, rules) =
        (Duration::from_secs(10), Duration::from_secs(45), Duration::from_secs(120));
    Totals::await_equal(&truth, batch, &told, || Totals::exported(&wire, EXPORTER));
    Totals::await_equal(&truth, scrape, &told, || Totals::stored(&wire, PROMETHEUS));
    Totals::await_equal(&truth, rules, &told, || Totals::recorded(&wire, PROMETHEUS, "1h"));
    // The synthetic session of `verify` is in nobody's totals.
    stack.otelctl(&["verify"]).ok();
    Totals::await_equal(&truth, rules, &told, || Totals::recorded(&wire, PROMETHEUS, "1h"));
}

#[test]
fn the_pinned_collector_counts_exactly() {
    let stack = Applied::prepare("exact91", "0.91.0");
    // As it is by default: scraped every 15 seconds.
    stack.write_document("0.91.0", OLD_PROMETHEUS);
    exact(&stack, "0.91.0", Temporality::Delta);
}

#[test]
fn a_current_collector_counts_exactly() {
    exact(&Applied::prepare("exact155", "0.155.0"), "0.155.0", Temporality::Mixed);
}
