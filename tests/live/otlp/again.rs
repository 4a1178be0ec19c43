//! What is sent again because of an answer that was no 200: what is counted exactly then, and
//! what cannot be (`docs/results/retries.md`).

use super::fault::{Fault, Proxy};
use super::{Connection, LIMIT, Totals, Wire};
use crate::live::telemetry::{Telemetry, VERSIONS, versions};
use otelctl::artifact::path;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const RECEIVER: &str = "127.0.0.1:4318";
const EXPORTER: &str = "127.0.0.1:8889";
const EXPORTS: u32 = 24;

/// Who sends an export again, and when.
#[derive(Clone, Copy, Debug)]
enum Patience {
    /// At once.
    AtOnce,
    /// After the next one.
    Late,
}

fn nanoseconds() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos()
}

/// An export of so many tokens, delta or cumulative.
fn export(tokens: u32, temporality: u8, since: u128) -> Value {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let now = nanoseconds();
    let start = if temporality == 1 { now - 1_000_000 } else { since };
    json!({"resourceMetrics": [{
        "resource": {"attributes": [
            text("service.name", "again"), text("service.version", "2.0.0"),
        ]},
        "scopeMetrics": [{
            "scope": {"name": "com.anthropic.claude_code"},
            "metrics": [{"name": "claude_code.token.usage", "unit": "tokens", "sum": {
                "aggregationTemporality": temporality, "isMonotonic": true, "dataPoints": [{
                    "attributes": [text("type", "input"), text("model", "claude-opus-4-5")],
                    "startTimeUnixNano": start.to_string(),
                    "timeUnixNano": now.to_string(),
                    "asDouble": f64::from(tokens),
                }],
            }}],
        }],
    }]})
}

/// Sends exports of 1, 2, 3 … tokens until each was answered 200; returns how many were sent.
fn send(wire: &Wire, proxy: &Proxy, temporality: u8, patience: Patience) -> u32 {
    let (since, mut sum) = (nanoseconds(), 0);
    let mut again: VecDeque<Value> = VecDeque::new();
    let taken = |body: &Value| {
        let mut connection = Connection::open(wire, proxy.address()).expect("the proxy");
        let answer = connection.post("/v1/metrics", body).expect("an answer");
        assert!([200, 503].contains(&answer.status), "{}", answer.body);
        answer.status == 200
    };
    for number in 1..=EXPORTS {
        sum += number;
        let body = export(if temporality == 1 { number } else { sum }, temporality, since);
        let is_taken = taken(&body);
        // What waits comes after a newer one.
        again.retain(|body| !taken(body));
        match patience {
            _ if is_taken => {}
            Patience::AtOnce => while !taken(&body) {},
            Patience::Late => again.push_back(body),
        }
    }
    while !again.is_empty() {
        again.retain(|body| !taken(body));
    }
    sum
}

fn exported(wire: &Wire) -> f64 {
    Totals::exported(wire, EXPORTER).sum("claude_tokens_total", |_, _| true)
}

/// Waits until so many tokens are counted, and no more.
#[track_caller]
fn counts(wire: &Wire, expected: u32, name: &str) {
    let deadline = Instant::now() + LIMIT;
    while exported(wire) < f64::from(expected) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_secs(1));
    let counted = exported(wire);
    println!("{name}: {expected} tokens expected, {counted} counted");
    assert!(counted.total_cmp(&f64::from(expected)).is_eq(), "{name}: {counted}, not {expected}");
}

/// Runs a case on a collector of its own.
fn case(
    version: &str,
    name: &str,
    fault: fn(u32) -> Fault,
    temporality: u8,
    patience: Patience,
    check: impl Fn(&Wire, u32, &str) + Send + Sync,
) {
    Telemetry::alone(version, |telemetry| {
        telemetry.start_collector();
        let wire = telemetry.wire();
        let thread = nix::unistd::gettid();
        let network = format!("/proc/self/task/{thread}/ns/net");
        let proxy = Proxy::start(Path::new(&network), &wire, RECEIVER, fault);
        let sum = send(&wire, &proxy, temporality, patience);
        assert!(proxy.faults() >= 3, "{name}: {} faults", proxy.faults());
        check(&wire, sum, &format!("collector {version}, {name}"));
    });
}

const fn refused(number: u32) -> Fault {
    if number % 3 == 1 { Fault::Refused } else { Fault::None }
}

/// The eighth, the sixteenth, the twenty-fourth: each is the first try of an export.
const fn doubted(number: u32) -> Fault {
    if matches!(number, 7 | 16 | 25) { Fault::Doubted } else { Fault::None }
}

#[test]
fn deltas_that_were_refused_are_counted_once_in_any_order() {
    for version in VERSIONS {
        case(version, "refused, delta, late", refused, 1, Patience::Late, counts);
        case(version, "refused, cumulative, at once", refused, 2, Patience::AtOnce, counts);
    }
}

#[test]
fn what_was_taken_and_answered_503_counts_twice_as_deltas_and_once_as_sums() {
    for version in VERSIONS {
        // Nobody can tell a delta that is sent again from a new one.
        let twice = |wire: &Wire, sum: u32, name: &str| counts(wire, sum + 8 + 16 + 24, name);
        case(version, "doubted, delta", doubted, 1, Patience::AtOnce, twice);
        case(version, "doubted, cumulative", doubted, 2, Patience::AtOnce, counts);
    }
}

#[test]
fn sums_that_come_after_newer_ones_count_too_much() {
    for version in VERSIONS {
        case(
            version,
            "refused, cumulative, late",
            refused,
            2,
            Patience::Late,
            |wire, sum, name| {
                std::thread::sleep(Duration::from_secs(2));
                let counted = exported(wire);
                println!("{name}: {sum} tokens sent, {counted} counted");
                assert!(counted > f64::from(sum), "{name}: {counted} of {sum}: is it exact now?");
            },
        );
    }
}

#[test]
fn a_collector_short_of_memory_counts_nothing_of_what_it_refuses() {
    for version in versions() {
        Telemetry::alone(version, |telemetry| {
            let config = telemetry.rendered(path::COLLECTOR);
            let short = config
                .replace("    limit_mib: 512", "    limit_mib: 2")
                .replace("spike_limit_mib: 128", "spike_limit_mib: 1");
            assert_ne!(short, config);
            telemetry.start_collector_with(&short);
            let wire = telemetry.wire();
            let body = export(42, 1, 0);
            // It looks at its memory once a second.
            let deadline = Instant::now() + LIMIT;
            let (mut taken, mut status) = (0, 200);
            while status == 200 && Instant::now() < deadline {
                let mut connection = Connection::open(&wire, RECEIVER).expect(RECEIVER);
                status = connection.post("/v1/metrics", &body).expect("an answer").status;
                taken += u32::from(status == 200);
            }
            println!("collector {version}: short of memory it answers {status}");
            assert_eq!(status, if version == "0.91.0" { 500 } else { 503 }, "{version}");
            counts(&wire, 42 * taken, &format!("collector {version}, short of memory"));
        });
    }
}
