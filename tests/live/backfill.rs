//! `backfill` on real releases of Prometheus, in the stack's own containers: a past that the
//! rules did not see, a part of it imported, the rest by the next release, in between a kill.

use super::applied::Applied;
use super::world::{Output, Place, Running};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const HOUR: i64 = 3600;

/// Debian's first; the current one takes over its volume.
const OLD: &str = "otelctl::prometheus::image: prom/prometheus:v2.42.0\n";

/// Short enough for more than one block.
const KEPT: &str = "otelctl::prometheus::retention: 40d\n";

/// When the rules of the past were evaluated within their minute, in milliseconds.
const OFFSET: i64 = 17_123;

/// One series: its labels, from when to when it was scraped, and what each step adds.
struct Told {
    labels: &'static str,
    from: i64,
    to: i64,
    adds: fn(i64) -> i64,
}

/// A past: samples each five minutes, and what the rules wrote once they were there.
struct Story {
    /// Where the rules begin, a full minute in seconds since 1970, less their offset.
    border: i64,
    /// What was added: when, and how much.
    truth: Vec<(i64, i64)>,
    text: String,
}

impl Story {
    fn new(now: i64) -> Self {
        let border = now - now % HOUR - 6 * HOUR + 1800;
        let told = [
            // It ends long before the rules begin.
            Told {
                labels: "collector_run=\"a\",model=\"m\"",
                from: border - 150 * HOUR,
                to: border - 20 * HOUR,
                adds: |step| if step % 7 == 0 { 10 } else { 0 },
            },
            // They find it living.
            Told {
                labels: "collector_run=\"b\",model=\"m\"",
                from: border - 19 * HOUR,
                to: border + 2 * HOUR,
                adds: |step| step % 3,
            },
            // Idle since long.
            Told {
                labels: "collector_run=\"b\",model=\"n\"",
                from: border - 19 * HOUR,
                to: border + 2 * HOUR,
                adds: |step| if step < 3 { 1000 } else { 0 },
            },
            // Born under the rules.
            Told {
                labels: "collector_run=\"b\",model=\"o\"",
                from: border + HOUR,
                to: border + 2 * HOUR,
                adds: |_| 7,
            },
        ];
        let mut story = Self { border, truth: Vec::new(), text: String::new() };
        let (mut raw, mut increments, mut seen) = (String::new(), String::new(), String::new());
        for Told { labels, from, to, adds } in told {
            let labels = format!("{labels},service_name=\"claude-code\",service_version=\"2.1.0\"");
            let (mut value, mut known) = (0, None);
            // Off the full minute: an hour holds what was used in it.
            for (step, at) in (from + 150..to).step_by(300).enumerate() {
                let added = adds(i64::try_from(step).expect("few"));
                value += added;
                story.truth.push((at, added));
                let target = "job=\"otel-collector\",instance=\"otel-collector:8889\"";
                let _ = writeln!(raw, "claude_tokens_total{{{labels},{target}}} {value} {at}");
                if at > border - 300 {
                    // The first evaluation that sees it.
                    let evaluated = at.max(border) + 30;
                    let evaluated = evaluated - evaluated % 60 + if at > border { 60 } else { 0 };
                    let evaluated = evaluated * 1000 + OFFSET;
                    let time = format!("{}.{:03}", evaluated / 1000, evaluated % 1000);
                    let increment = value - known.unwrap_or(0);
                    if increment > 0 {
                        let _ = writeln!(
                            increments,
                            "claude:tokens:inc1m{{{labels}}} {increment} {time}"
                        );
                    }
                    if increment > 0 || known.is_none() {
                        let _ = writeln!(seen, "claude:tokens:seen{{{labels}}} {value} {time}");
                        known = Some(value);
                    }
                }
            }
        }
        story.text = format!(
            "# TYPE claude_tokens_total gauge\n{raw}# TYPE claude:tokens:inc1m gauge\n{increments}\
             # TYPE claude:tokens:seen gauge\n{seen}# EOF\n"
        );
        story
    }

    fn used(&self, from: i64, to: i64) -> i64 {
        self.truth.iter().filter(|(at, _)| from < *at && *at <= to).map(|(_, added)| added).sum()
    }

    /// Asks for a range within the past, within the present, over the border, and of all.
    fn holds(&self, applied: &Applied, since: i64, name: &str) {
        let border = self.border - 1800;
        for (from, to) in [
            (border - 152 * HOUR, border - 20 * HOUR),
            (border - 9 * HOUR, border),
            (border - 3 * HOUR, border + HOUR),
            (border + HOUR, border + 3 * HOUR),
            (border - 152 * HOUR, border + 3 * HOUR),
        ] {
            let expected = self.used(from.max(since), to);
            assert!(expected > 0 || since > to, "a range that says nothing");
            assert_eq!(used(applied, from, to), expected, "{name}: {from} to {to}");
        }
    }
}

/// What `usage` says of a time, in tokens.
fn used(applied: &Applied, from: i64, to: i64) -> i64 {
    let time = |at: i64| jiff::Timestamp::from_second(at).expect("a time").to_string();
    let asked = ["--from", &time(from), "--to", &time(to), "--utc", "--format", "json"];
    let told = applied.otelctl(&[&["--quiet", "usage"], &asked[..]].concat()).ok();
    let told: Value = serde_json::from_str(&told).expect("JSON");
    // Nothing at all is null.
    told["total"]["tokens"]["total"].as_i64().unwrap_or(0)
}

/// Writes a past into the volume of a Prometheus that is stopped.
fn fill(applied: &Applied, story: &Story) {
    applied.otelctl(&["stop", "prometheus"]).ok();
    let samples = applied.world.dir().join("past.om");
    fs::write(&samples, &story.text).expect("write the past");
    applied
        .world
        .host(&format!(
            "data=$(docker volume inspect --format '{{{{.Mountpoint}}}}' otel_prometheus-data) && \
             promtool tsdb create-blocks-from openmetrics {} \"$data\" && \
             chown -R 65534:65534 \"$data\"",
            samples.display()
        ))
        .ok();
    applied.otelctl(&["start", "prometheus"]).ok();
}

/// Starts an import and kills it while promtool's container is there.
fn killed(applied: &Applied) {
    let mut command = applied.world.command(Place::Host);
    command.arg(env!("CARGO_BIN_EXE_otelctl")).arg("--profile").arg(&applied.profile);
    let running = Running::start(command.arg("backfill"));
    let deadline = Instant::now() + Duration::from_secs(60);
    let there = "docker ps --all --quiet --filter name=otel-prometheus-backfill";
    while applied.world.host(there).ok().is_empty() {
        assert!(Instant::now() < deadline, "promtool never ran");
    }
    drop(running);
}

#[test]
fn the_time_before_the_rules_is_counted_exactly_and_once() {
    let applied = Applied::prepare("backfill", "0.91.0");
    applied.write_profile("0.91.0", &format!("{OLD}{KEPT}"));
    applied.otelctl(&["apply"]).ok();
    let Output { status, stderr, .. } = applied.otelctl(&["backfill"]);
    assert_eq!(status, 1, "{stderr}");
    assert!(stderr.contains("no samples"), "{stderr}");

    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let story = Story::new(i64::try_from(now).expect("now"));
    fill(&applied, &story);
    let dry = applied.otelctl(&["backfill", "--dry-run", "--utc"]).ok();
    assert!(dry.contains("Nothing was changed.") && dry.contains("tokens"), "{dry}");
    assert!(dry.lines().all(|line| line.chars().count() <= 80), "{dry}");
    let json = applied.otelctl(&["--quiet", "backfill", "--dry-run", "--format", "json"]).ok();
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["counters"][0]["amount"], story.used(0, story.border), "{json:#}");

    // A part of it, on the old release.
    let part = story.border - 1800 - 9 * HOUR;
    let from = jiff::Timestamp::from_second(part).expect("a time").to_string();
    let told = applied.otelctl(&["backfill", "--from", &from, "--utc"]).ok();
    assert!(told.contains("was imported"), "{told}");
    story.holds(&applied, part, "a part");

    // The rest on the current one, which is killed first.
    applied.write_profile("0.91.0", KEPT);
    applied.otelctl(&["apply"]).ok();
    story.holds(&applied, part, "after an upgrade");
    killed(&applied);
    applied.otelctl(&["backfill"]).ok();
    story.holds(&applied, 0, "all of it");
    let again = applied.otelctl(&["backfill"]).ok();
    assert!(again.starts_with("nothing to do"), "{again}");
    applied.otelctl(&["restart", "prometheus"]).ok();
    story.holds(&applied, 0, "after a restart");
    let left = applied.world.host("docker ps --all --format '{{.Names}}' | sort").ok();
    assert_eq!(left.trim(), "otel-collector\notel-prometheus");
    applied.otelctl(&["plan", "--detailed-exitcode"]).ok();
}
