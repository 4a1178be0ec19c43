//! `usage` on real Prometheus releases: the same numbers as what was sent, to the token.

use super::otlp::{Load, Temporality, Totals, load, replay};
use super::prometheus::{Prometheus, spare_port};
use super::telemetry::{Telemetry, VERSIONS, current_prometheus};
use super::world::Output;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const RECEIVER: &str = "127.0.0.1:4318";

/// The rules are evaluated each minute.
const RULES: Duration = Duration::from_secs(100);

/// The user's own Prometheus, a newer one, at another port.
const EXTERNAL: &str = "\notelctl::prometheus::mode: external\n\
                        otelctl::prometheus::url: http://127.0.0.1:9091\n";

#[test]
fn it_says_what_was_sent_to_the_token() {
    Telemetry::alone(VERSIONS[0], |telemetry| {
        telemetry.start_collector();
        telemetry.start_prometheus();
        telemetry.start_current_prometheus(9091);
        let wire = telemetry.wire();
        let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
        let mut truth = replay(&wire, RECEIVER, &recordings);
        let asked =
            Load { clients: 6, exports: 10, temporality: Temporality::Mixed, idle: 0.2, seed: 5 };
        truth.extend(load(&wire, RECEIVER, asked));
        for (prometheus, more) in [("127.0.0.1:9090", ""), ("127.0.0.1:9091", EXTERNAL)] {
            Totals::await_equal(&truth, RULES, prometheus, || {
                Totals::recorded(&wire, prometheus, "1h")
            });
            let usage = |arguments: &[&str]| {
                telemetry.otelctl(more, &[&["--quiet", "usage", "--utc"], arguments].concat()).ok()
            };
            let by = |key: &str| -> Value {
                serde_json::from_str(&usage(&["--by", key, "--format", "json"])).expect("JSON")
            };
            let by_model = by("model");
            rows_are_true(&by_model, "model", |row, counter| {
                truth.sum(counter, |model, _| row.is_none_or(|row| row == model))
            });
            rows_are_true(&by("version"), "service_version", |row, counter| {
                truth.sum(counter, |_, version| row.is_none_or(|row| row == version))
            });
            let sum = |rows: &Value| -> f64 {
                let rows = rows["rows"].as_array().expect("rows");
                rows.iter().filter_map(|row| row["tokens"]["total"].as_f64()).sum()
            };
            let tokens = truth.sum("claude_tokens_total", |_, _| true);
            for key in ["day", "hour", "day,model", "hour,version,model"] {
                assert!(sum(&by(key)).total_cmp(&tokens).is_eq(), "{key}: {:#}", by(key));
            }
            tables_agree(&by_model, &usage(&["--format", "csv"]), &usage(&[]));
        }
        a_label_that_is_not_exported_is_told(telemetry);
    });
}

/// Compares each row, and the total, with what is true of a model or a release; none: of all.
fn rows_are_true(usage: &Value, label: &str, truth: impl Fn(Option<&str>, &str) -> f64) {
    let rows = usage["rows"].as_array().expect("rows");
    assert!(rows.len() > 1, "{usage:#}");
    let named = rows.iter().map(|row| (row["keys"][label].as_str(), row));
    for (name, row) in named.chain([(None, &usage["total"])]) {
        let whole = |value: &Value| value.as_i64().map(|value| value.to_string());
        for (counter, value) in [
            ("claude_tokens_total", &row["tokens"]["total"]),
            ("claude_cache_tokens_saved_total", &row["tokens"]["cache_read"]),
            ("claude_cache_hits_total", &row["cache_hits"]),
            ("claude_cache_misses_total", &row["cache_misses"]),
            ("claude_sessions_total", &row["sessions"]),
        ] {
            // Sessions name no model, and are not made up for one.
            if value.is_null() && label == "model" && name.is_some() {
                assert_eq!(counter, "claude_sessions_total");
                continue;
            }
            let expected = format!("{:.0}", truth(name, counter));
            assert_eq!(whole(value), Some(expected), "{counter} of {name:?}: {usage:#}");
        }
        for (counter, value) in [
            ("claude_cost_usd_total", &row["cost_usd"]),
            ("claude_cache_cost_saved_usd_total", &row["cache_saved_usd"]),
        ] {
            let (expected, found) = (truth(name, counter), value.as_f64().expect("a number"));
            let same = (expected - found).abs() <= 1e-9 * expected.abs().max(1e-6);
            assert!(same, "{counter} of {name:?} is {expected}, not {found}");
        }
    }
}

/// The three formats say the same.
fn tables_agree(json: &Value, csv: &str, table: &str) {
    let mut lines = csv.lines();
    let titles: Vec<&str> = lines.next().expect("titles").split(',').collect();
    let column = |name: &str| titles.iter().position(|title| *title == name).expect(name);
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!(lines.clone().count(), rows.len(), "{csv}");
    for (line, row) in lines.zip(rows) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0], row["keys"]["model"], "{csv}");
        assert_eq!(cells[column("tokens")], row["tokens"]["total"].to_string(), "{csv}");
        let cost: f64 = cells[column("cost_usd")].parse().expect("a number");
        assert!(cost.total_cmp(&row["cost_usd"].as_f64().expect("a number")).is_eq(), "{csv}");
    }
    let total = json["total"]["tokens"]["total"].as_i64().expect("whole").to_string();
    let last = table.lines().rfind(|line| line.starts_with("total")).expect("a total");
    assert_eq!(last.rsplit(' ').next().map(|cell| cell.replace(',', "")), Some(total), "{table}");
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    assert!(!table.contains(['█', '\u{1b}']), "no bars and no colour off a terminal: {table}");
}

fn a_label_that_is_not_exported_is_told(telemetry: &Telemetry) {
    let Output { status, stdout, stderr } =
        telemetry.otelctl("", &["usage", "--by", "user", "--range", "soon"]);
    assert_eq!((status, stdout.as_str()), (64, ""));
    assert!(stderr.contains("no label `user_email`"), "{stderr}");
    assert!(stderr.contains("`otelctl::metric_labels`"), "{stderr}");
    assert!(stderr.contains("`--range soon` is no length of time"), "{stderr}");
}

/// Samples that lie exactly at midnight, where releases differ in what a range holds; the second
/// day is the one on which clocks go back in Germany.
const MIDNIGHTS: &str = "\
# TYPE claude:tokens:inc1m gauge
claude:tokens:inc1m{model=\"m\"} 1 1761343200
claude:tokens:inc1m{model=\"m\"} 2 1761343200.001
claude:tokens:inc1m{model=\"m\"} 4 1761429600
claude:tokens:inc1m{model=\"m\"} 8 1761517800
claude:tokens:inc1m{model=\"m\"} 16 1761519600
claude:tokens:inc1m{model=\"m\"} 32 1761519600.001
claude:tokens:inc1m{model=\"m\"} 64 1761606000
# TYPE claude:tokens:seen gauge
claude:tokens:seen{model=\"m\"} 9 1761386430
# EOF
";

#[test]
fn a_sample_of_midnight_counts_once_on_every_release() {
    for program in [Path::new("/usr/bin/prometheus"), &current_prometheus("prometheus")] {
        let directory = tempfile::tempdir().expect("make a folder");
        let file = |name: &str| directory.path().join(name);
        fs::write(file("samples.txt"), MIDNIGHTS).expect("write samples");
        fs::write(file("prometheus.yml"), "scrape_configs: []\n").expect("write");
        let mut promtool = Command::new("promtool");
        promtool.args(["tsdb", "create-blocks-from", "openmetrics"]);
        Output::of(promtool.arg(file("samples.txt")).arg(file("tsdb"))).ok();
        let port = spare_port();
        let kept = ["--storage.tsdb.retention.time=100y"];
        let _prometheus = Prometheus::start_program(program, directory.path(), port, &kept);
        let url = format!("http://127.0.0.1:{port}");
        Prometheus::await_ready(&url);
        let profile = format!(
            "otelctl::prometheus::mode: external\notelctl::prometheus::url: {url}\n\
             otelctl::grafana::mode: none\n"
        );
        fs::write(file("profile.yaml"), profile).expect("write the profile");
        let usage = |arguments: &[&str]| {
            let mut otelctl = Command::new(env!("CARGO_BIN_EXE_otelctl"));
            otelctl.env("TZ", "CET-1CEST,M3.5.0,M10.5.0/3").arg("--profile");
            Output::of(otelctl.arg(file("profile.yaml")).arg("usage").args(arguments))
        };
        let days = ["--from", "2025-10-25", "--to", "2025-10-27", "--by", "day"];
        let output = usage(&[&days[..], &["--format", "json"]].concat());
        assert!(output.stderr.contains("rules exist since 2025-10-25 12:00"), "{output:?}");
        let json: Value = serde_json::from_str(&output.ok()).expect("JSON");
        let of = |row: &Value| (row["keys"]["day"].clone(), row["tokens"]["total"].clone());
        let rows: Vec<_> = json["rows"].as_array().expect("rows").iter().map(of).collect();
        let expected = [("2025-10-25", 6), ("2025-10-26", 24), ("2025-10-27", 96)];
        assert_eq!(rows, expected.map(|(day, tokens)| (day.into(), tokens.into())));
        assert_eq!(json["total"]["tokens"]["total"], 126);
        assert_eq!(json["recorded_since"], "2025-10-25T12:00:00+02:00");

        let hours = ["--from", "2025-10-26T23:00", "--to", "2025-10-27T01:00", "--by", "hour"];
        let table = usage(&hours).ok();
        assert!(table.contains("2025-10-26 23:00") && table.contains("UTC+01:00"), "{table}");
        let nothing = usage(&["--from", "2024-01-01", "--to", "2024-01-02"]);
        assert!(nothing.stderr.contains("no samples of the recording rules"), "{nothing:?}");
        assert!(nothing.ok().ends_with("nothing was used"));
    }
}

#[test]
fn a_prometheus_that_is_not_there_is_unreachable() {
    Telemetry::alone(VERSIONS[0], |telemetry| {
        let Output { status, stdout, stderr } = telemetry.otelctl("", &["usage"]);
        assert_eq!((status, stdout.as_str()), (69, ""), "{stderr}");
        assert!(stderr.contains("cannot ask Prometheus at"), "{stderr}");
    });
}
