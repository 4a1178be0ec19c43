//! The rendered rules, held against stories of what happens to collectors and Prometheus.
//!
//! The stories are told to `promtool test rules` of both releases of Prometheus, once for each
//! counter of the table: a new counter is covered by itself. Rules that were changed for the
//! worse must fail.

mod alarms;
mod kills;
mod outage;
mod promtool;
mod stories;
mod story;

use super::otlp::{Load, Temporality, Totals, load};
use super::telemetry::{Telemetry, VERSIONS};
use alarms::alarms;
use otelctl::artifact::{Artifact, path};
use otelctl::profile::Profile;
use otelctl::render::render;
use otelctl::stack::{DETAIL, METRICS, Stack};
use outage::Outage;
use promtool::{Promtool, RELEASES, Release};
use std::time::Duration;
use stories::{of_sessions, stories};

/// The rules of the document's profile with more below it.
fn rendered(more: &str) -> String {
    let profile = format!("{}\n{more}", include_str!("../../examples/document/profile.yaml"));
    let profile = Profile::read(&profile, "profile.yaml").expect("a valid profile");
    let artifacts = render(&Stack::build(&profile, &[]).expect("a valid stack")).expect("renders");
    let rules = artifacts.into_iter().find(|Artifact { path, .. }| path == path::RULES);
    String::from_utf8(rules.expect("rules are rendered").bytes.to_vec()).expect("text")
}

/// The rules of the counters by session, which are a group of their own.
fn rules_of_sessions() -> String {
    let rules = rendered("otelctl::detail: true");
    let (_, group) = rules.split_once("  - name: claude-code-sessions\n").expect("a group");
    let (group, _) = group.split_once("  # What each alert means").expect("an end");
    format!("groups:\n  - name: claude-code-sessions\n{group}")
}

#[test]
fn every_counter_is_counted_exactly_in_every_story() {
    let rules = rendered("");
    let mut wrong = Vec::new();
    for release in RELEASES {
        let promtool = Promtool::new(release, &rules);
        for story in stories() {
            let told = promtool.complaint(&story, &METRICS);
            wrong.extend(told.map(|told| format!("{release:?}: {}: {told}", story.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_alert_comes_and_stays_away_as_it_should() {
    let rules = rendered(
        "otelctl::detail: true\notelctl::metric_labels: [type, user_email]\notelctl::budget::hourly_usd: 5\n\
         otelctl::budget::daily_usd: 40\notelctl::budget::monthly_usd: 800",
    );
    let alarms = alarms();
    let told = alarms.iter().map(|story| story.text("", &[])).collect::<String>();
    for alert in rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(told.contains(&format!("alertname=\"{alert}\"")), "no story tells of {alert}");
    }
    for release in RELEASES {
        let promtool = Promtool::new(release, &rules);
        assert_eq!(promtool.check(), None);
        for story in &alarms {
            assert_eq!(promtool.complaint(story, &[]), None, "{release:?}: {}", story.name);
        }
    }
}

#[test]
fn every_session_is_counted_exactly_in_every_story() {
    let rules = rules_of_sessions();
    let mut wrong = Vec::new();
    for release in RELEASES {
        let promtool = Promtool::new(release, &rules);
        for story in of_sessions() {
            let told = promtool.complaint(&story, &DETAIL);
            wrong.extend(told.map(|told| format!("{release:?}: {}: {told}", story.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn after_an_outage_within_its_memory_prometheus_counts_all_of_it() {
    let rules = rendered("");
    for (release, hours) in RELEASES.into_iter().flat_map(|r| [(r, 25), (r, 31 * 24)]) {
        let mut outage = Outage::over(release, &rules, hours * HOUR);
        // 5 before, 25 and 7 of the collector that ran through, 4 of the new one.
        outage.counts(41, &format!("{hours} hours"));
        outage.shows(31, 9, 4);
        outage.counts(44, &format!("{hours} hours, and some more"));
        // Killed, and counted on meanwhile.
        outage.shows(32, 9, 5);
        outage.start();
        outage.counts(46, &format!("{hours} hours, and killed"));
    }
}

#[test]
fn a_prometheus_that_is_killed_while_it_evaluates_counts_exactly() {
    let rules = rendered("");
    for release in RELEASES {
        kills::count_exactly(&mut Outage::over(release, &rules, HOUR));
    }
}

#[test]
fn three_minutes_without_prometheus_lose_nothing() {
    Telemetry::alone(VERSIONS[0], |telemetry| {
        let prometheus = ["127.0.0.1:9090", "127.0.0.1:9091"];
        let start = |telemetry: &mut Telemetry| {
            telemetry.start_prometheus();
            telemetry.start_current_prometheus(9091);
        };
        telemetry.start_collector();
        start(telemetry);
        let wire = telemetry.wire();
        let mut truth = Totals::default();
        let sends = |truth: &mut Totals, seed| {
            let temporality = Temporality::Mixed;
            let asked = Load { clients: 6, exports: 10, temporality, idle: 0.3, seed };
            truth.extend(load(&wire, "127.0.0.1:4318", asked));
        };
        let counted = |truth: &Totals, name: &str| {
            for server in prometheus {
                Totals::await_equal(truth, Duration::from_secs(100), name, || {
                    Totals::recorded(&wire, server, "1h")
                });
            }
        };
        sends(&mut truth, 11);
        counted(&truth, "before");
        telemetry.stop_prometheus();
        sends(&mut truth, 12);
        // The outage itself.
        std::thread::sleep(Duration::from_secs(180));
        start(telemetry);
        counted(&truth, "after three minutes");
        sends(&mut truth, 13);
        counted(&truth, "and some more");
    });
}

#[test]
fn after_an_outage_past_its_memory_prometheus_invents_nothing_and_counts_on() {
    let rules = rendered("");
    for (release, days) in RELEASES.into_iter().flat_map(|r| [(r, 36), (r, 90)]) {
        let mut outage = Outage::over(release, &rules, days * 24 * HOUR);
        // Of the collector that ran through nobody knows what was counted already.
        outage.counts(9, &format!("{days} days"));
        outage.shows(31, 9, 4);
        outage.counts(12, &format!("{days} days, and some more"));
        outage.shows(32, 9, 5);
        outage.start();
        outage.counts(14, &format!("{days} days, and killed"));
    }
}

#[test]
fn rules_that_were_changed_for_the_worse_fail() {
    for (change, from, to) in [
        ("a value is forgotten too soon", "[35d]", "[1d]"),
        (
            "a value is not written each day",
            " unless last_over_time(claude:tokens:seen[1d])",
            " < 0",
        ),
        ("the value moves on without its increment", " == time()", " < time()"),
        ("every scrape counts", "max without (instance, job)", "max without (instance)"),
        ("the synthetic session counts", "{service_name!=\"otelctl-verify\"}", ""),
        (
            "a series that ended is forgotten before it was counted",
            "[1h])) - last",
            "[1m])) - last",
        ),
        ("a fall is no new beginning", ">= 0", "> -Inf"),
        ("births do not count", "or (max", "and (max"),
        ("what is forgotten counts again", "2851200", "99999999"),
        ("a gap too short is not trusted", "2851200", "86400"),
        ("an evaluation that was cut short is not looked for", "[59m]", "[1s]"),
        (
            "an evaluation that was cut short moves on too far",
            "(last_over_time(claude:tokens:seen[35d]) + ",
            "(last_over_time(claude:tokens:seen[35d]) + 99 * ",
        ),
        ("runs are not written", "* time()", "* 0"),
    ] {
        let rules = rendered("");
        let worse = rules.replace(from, to);
        assert_ne!(rules, worse, "{change}: the rules do not say `{from}`");
        assert_fails(&worse, change);
    }
}

#[test]
fn rules_of_sessions_that_were_changed_for_the_worse_fail() {
    let rules = rules_of_sessions();
    let tokens = DETAIL.into_iter().find(|metric| metric.name == "claude_session_tokens_total");
    let tokens = [tokens.expect("a counter of tokens")];
    for (change, from, to) in [
        ("a value is forgotten too soon", "session_tokens:seen[3d]", "session_tokens:seen[1d]"),
        ("the synthetic session counts", "{service_name!=\"otelctl-verify\"}", ""),
        ("a series that ended is forgotten too soon", "[1h])) - last", "[1m])) - last"),
        ("a fall is no new beginning", ">= 0", "> -Inf"),
        ("births do not count", " >= 0 or max", " >= 0 and max"),
        ("every scrape counts", "max without (instance, job)", "max without (instance)"),
    ] {
        let worse = rules.replace(from, to);
        assert_ne!(rules, worse, "{change}: the rules do not say `{from}`");
        let promtool = Promtool::new(Release::Debian, &worse);
        let told = of_sessions().iter().any(|story| promtool.complaint(story, &tokens).is_some());
        assert!(told, "no story notices: {change}");
    }
}

#[test]
fn rules_in_another_order_fail() {
    let rules = rendered("");
    let mut lines: Vec<&str> = rules.lines().collect();
    let at = |name: &str| {
        let record = format!("- record: {name}");
        lines.iter().position(|line| line.trim() == record).expect(name)
    };
    let (increment, seen) = (at("claude:tokens:inc1m"), at("claude:tokens:seen"));
    for line in 0..2 {
        lines.swap(increment + line, seen + line);
    }
    assert_fails(&(lines.join("\n") + "\n"), "another order");
}

/// Some story of the tokens does not end well with these rules.
fn assert_fails(rules: &str, change: &str) {
    let promtool = Promtool::new(Release::Debian, rules);
    let tokens = METRICS.into_iter().find(|metric| metric.name == "claude_tokens_total");
    let tokens = [tokens.expect("a counter of tokens")];
    let failed = stories().iter().any(|story| promtool.complaint(story, &tokens).is_some());
    assert!(failed, "no story notices: {change}");
}
