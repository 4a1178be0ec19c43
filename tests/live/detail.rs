//! Counters of single sessions are exact, also over the end of a day and past their expiry,
//! and cannot harm the counters of the stack.

use super::labels::{Counted, Sent, crowd, no_warning, recordings};
use super::otlp::{Wire, percent_encoded};
use super::telemetry::{Telemetry, VERSIONS};
use otelctl::artifact::path;
use otelctl::stack::{DETAIL, ExtraLabel, METRICS};
use otelctl::verify::samples;
use serde_json::Value;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const PROFILE: &str = "otelctl::detail: true";
const EXPORTER: &str = "127.0.0.1:8889";
const SESSIONS: &str = "127.0.0.1:8890";
const PROMETHEUS: &str = "127.0.0.1:9090";

const LIMIT: Duration = Duration::from_secs(10);
/// The rules are evaluated every five seconds.
const RULES: Duration = Duration::from_secs(90);

fn truths() -> (Sent, Sent) {
    (Sent::new(&[ExtraLabel::of(ExtraLabel::TYPE)]), Sent::by_session())
}

/// Without containers there is no name for one.
fn prometheus(telemetry: &Telemetry) -> String {
    telemetry.rendered(path::PROMETHEUS).replace("otel-collector:8890", "localhost:8890")
}

fn days() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() / 86_400
}

/// The value that an instant query has for its one series; none: there is no series.
fn asked(wire: &Wire, query: &str) -> Option<f64> {
    let page = format!("/api/v1/query?query={}", percent_encoded(query));
    let answer = wire.get(PROMETHEUS, &page).expect(PROMETHEUS);
    let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
    answer["data"]["result"][0]["value"][1].as_str()?.parse().ok()
}

#[test]
fn every_session_is_exact() {
    for version in VERSIONS {
        Telemetry::alone_with(version, PROFILE, |telemetry| {
            telemetry.start_collector();
            telemetry.start_prometheus_with(&prometheus(telemetry));
            let wire = telemetry.wire();
            let (mut all, mut sessions) = truths();
            let before = days();
            recordings(&wire, &mut [&mut all, &mut sessions]);
            crowd(&wire, &mut [&mut all, &mut sessions], 24);
            let after = days();
            let (all, sessions) = (all.counted(), sessions.counted());
            let name = format!("collector {version}");
            all.await_equal(LIMIT, &name, || Counted::exported(&wire, EXPORTER));
            sessions.await_equal(LIMIT, &name, || Counted::exported(&wire, SESSIONS));
            let page = wire.get(SESSIONS, "/metrics").expect(SESSIONS).body;
            for sample in samples(&page).expect("the exposition format") {
                let day: u64 = sample.labels["collector_day"].parse().expect("a day");
                assert!((before..=after).contains(&day), "{sample:?}");
            }
            no_warning(telemetry);
            all.await_equal(LIMIT, &name, || Counted::stored(&wire, PROMETHEUS, &METRICS));
            sessions.await_equal(LIMIT, &name, || Counted::stored(&wire, PROMETHEUS, &DETAIL));
            all.await_equal(RULES, &name, || Counted::recorded(&wire, PROMETHEUS, &METRICS));
            sessions.await_equal(RULES, &name, || Counted::recorded(&wire, PROMETHEUS, &DETAIL));
        });
    }
}

#[test]
fn a_session_goes_on_over_days_and_its_series_expire() {
    // Days of ten seconds, after which a series stays for as long, and a bit more.
    let quick = [("/ 86400)", "/ 10)"), ("metric_expiration: 26h", "metric_expiration: 12s")];
    Telemetry::at_once(PROFILE, |version, telemetry| {
        let config = quick.iter().fold(telemetry.rendered(path::COLLECTOR), |config, (a, b)| {
            assert!(config.contains(a), "{a}: {config}");
            config.replace(a, b)
        });
        telemetry.start_collector_with(&config);
        telemetry.start_prometheus_with(&prometheus(telemetry));
        let wire = telemetry.wire();
        let (mut all, mut sessions) = truths();
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(36) {
            crowd(&wire, &mut [&mut all, &mut sessions], 4);
            std::thread::sleep(Duration::from_millis(500));
        }
        let name = format!("collector {version}");
        let (all, sessions) = (all.counted(), sessions.counted());
        all.await_equal(RULES, &name, || Counted::recorded(&wire, PROMETHEUS, &METRICS));
        sessions.await_equal(RULES, &name, || Counted::recorded(&wire, PROMETHEUS, &DETAIL));
        let days =
            "count(count by (collector_day) (last_over_time(claude_session_tokens_total[1h])))";
        assert!(asked(&wire, days).is_some_and(|days| days >= 4.0), "{:?}", asked(&wire, days));
        let gone = || wire.get(SESSIONS, "/metrics").expect(SESSIONS).body.trim().is_empty();
        let deadline = Instant::now() + Duration::from_secs(60);
        while !gone() {
            assert!(Instant::now() < deadline, "the series of sessions do not expire");
            std::thread::sleep(Duration::from_millis(500));
        }
        all.await_equal(LIMIT, &name, || Counted::exported(&wire, EXPORTER));
    });
}

#[test]
fn too_many_sessions_are_told_and_cost_the_stack_nothing() {
    Telemetry::alone_with(VERSIONS[0], PROFILE, |telemetry| {
        telemetry.start_collector();
        let config = prometheus(telemetry);
        assert!(config.contains("sample_limit: 50000"), "{config}");
        telemetry.start_prometheus_with(&config.replace("sample_limit: 50000", "sample_limit: 9"));
        let wire = telemetry.wire();
        let (mut all, mut sessions) = truths();
        crowd(&wire, &mut [&mut all, &mut sessions], 12);
        let (all, sessions) = (all.counted(), sessions.counted());
        let name = "nine samples at most";
        all.await_equal(LIMIT, name, || Counted::stored(&wire, PROMETHEUS, &METRICS));
        sessions.await_equal(LIMIT, name, || Counted::exported(&wire, SESSIONS));
        assert_eq!(asked(&wire, "up{job=\"otel-collector-detail\"}"), Some(0.0));
        assert_eq!(asked(&wire, "up{job=\"otel-collector\"}"), Some(1.0));
        // Whoever makes room gets everything: nothing was lost but time.
        telemetry.start_prometheus_with(&config);
        sessions.await_equal(LIMIT, name, || Counted::stored(&wire, PROMETHEUS, &DETAIL));
    });
}
