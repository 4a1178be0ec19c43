//! `usage` on real Prometheus releases: the same numbers as what was sent, to the token.

use super::otlp::{Load, Temporality, Totals, load, replay};
use super::prometheus::{Prometheus, spare_port};
use super::telemetry::{Telemetry, VERSIONS, current_prometheus};
use super::world::Output;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const RECEIVER: &str = "127.0.0.1:4318";

/// The rules are evaluated every five seconds.
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

/// A Prometheus with made-up samples of the recording rules, and a profile that names it.
struct Filled {
    directory: tempfile::TempDir,
    _prometheus: Prometheus,
}

impl Filled {
    fn new(program: &Path, samples: &str, more: &str) -> Self {
        let directory = tempfile::tempdir().expect("make a folder");
        let file = |name: &str| directory.path().join(name);
        fs::write(file("samples.txt"), samples).expect("write samples");
        fs::write(file("prometheus.yml"), "scrape_configs: []\n").expect("write");
        let mut promtool = Command::new("promtool");
        promtool.args(["tsdb", "create-blocks-from", "openmetrics"]);
        Output::of(promtool.arg(file("samples.txt")).arg(file("tsdb"))).ok();
        let port = spare_port();
        let kept = ["--storage.tsdb.retention.time=100y"];
        let prometheus = Prometheus::start_program(program, directory.path(), port, &kept);
        let url = format!("http://127.0.0.1:{port}");
        Prometheus::await_ready(&url);
        let profile = format!(
            "otelctl::prometheus::mode: external\notelctl::prometheus::url: {url}\n\
             otelctl::grafana::mode: none\n{more}"
        );
        fs::write(file("profile.yaml"), profile).expect("write the profile");
        Self { directory, _prometheus: prometheus }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file, and the folders above it.
    fn write(&self, name: &str, text: &str) {
        let file = self.file(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("make a folder");
        fs::write(file, text).expect("write a file");
    }

    /// Runs `usage` as if in Germany, without the system's data about zones.
    fn usage(&self, arguments: &[&str]) -> Output {
        let mut otelctl = Command::new(env!("CARGO_BIN_EXE_otelctl"));
        otelctl.env("TZ", "CET-1CEST,M3.5.0,M10.5.0/3").current_dir(self.directory.path());
        Output::of(otelctl.args(["--profile", "profile.yaml", "usage"]).args(arguments))
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.usage(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&output.ok()).expect("JSON")
    }
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
# EOF
";

const DAYS: [&str; 4] = ["--from", "2025-10-25", "--to", "2025-10-27"];

#[test]
fn a_sample_of_midnight_counts_once_on_every_release() {
    for program in [Path::new("/usr/bin/prometheus"), &current_prometheus("prometheus")] {
        let filled = Filled::new(program, MIDNIGHTS, "");
        let json = filled.json(&[&DAYS[..], &["--by", "day"]].concat());
        let of = |row: &Value| (row["keys"]["day"].clone(), row["tokens"]["total"].clone());
        let rows: Vec<_> = json["rows"].as_array().expect("rows").iter().map(of).collect();
        let expected = [("2025-10-25", 6), ("2025-10-26", 24), ("2025-10-27", 96)];
        assert_eq!(rows, expected.map(|(day, tokens)| (day.into(), tokens.into())));
        assert_eq!(json["total"]["tokens"]["total"], 126);
        // They tell no type.
        assert_eq!(json["total"]["tokens"]["other"], 126);
        assert_eq!(json["recorded_since"], Value::Null);

        // In the minute up to the first midnight.
        let earlier = ["--from", "2025-10-20", "--to", "2025-10-27"];
        let output = filled.usage(&earlier);
        assert!(output.stderr.contains("rules exist since 2025-10-24 23:59"), "{output:?}");
        assert_eq!(filled.json(&earlier)["recorded_since"], "2025-10-24T23:59:00+02:00");

        let hours = ["--from", "2025-10-26T23:00", "--to", "2025-10-27T01:00", "--by", "hour"];
        let table = filled.usage(&hours).ok();
        assert!(table.contains("2025-10-26 23:00") && table.contains("UTC+01:00"), "{table}");
        let nothing = filled.usage(&["--from", "2024-01-01", "--to", "2024-01-02"]);
        assert!(nothing.stderr.contains("no samples of the recording rules"), "{nothing:?}");
        assert!(nothing.ok().ends_with("nothing was used"));
    }
}

/// Two users, one of whom a client does not tell, and a model with a long name.
const USERS: &str = "\
# TYPE claude:tokens:inc1m gauge
claude:tokens:inc1m{model=\"claude-opus-5-5\",user_email=\"a@example.com\",type=\"input\"} 10 1761386400
claude:tokens:inc1m{model=\"claude-opus-5-5\",user_email=\"a@example.com\",type=\"output\"} 20 1761386400
claude:tokens:inc1m{model=\"claude-opus-5-5\",user_email=\"a@example.com\",type=\"cacheRead\"} 1000000 1761386400
claude:tokens:inc1m{model=\"claude-opus-5-5\",user_email=\"a@example.com\",type=\"cacheCreation\"} 5 1761386400
claude:tokens:inc1m{model=\"claude-sonnet-4-5-20250929\",user_email=\"unknown\",type=\"output\"} 7 1761472800
# TYPE claude:cost_usd:inc1m gauge
claude:cost_usd:inc1m{model=\"claude-opus-5-5\",user_email=\"a@example.com\"} 1.5 1761386400
claude:cost_usd:inc1m{model=\"claude-sonnet-4-5-20250929\",user_email=\"unknown\"} 0.25 1761472800
# TYPE claude:sessions:inc1m gauge
claude:sessions:inc1m{model=\"unknown\",user_email=\"a@example.com\"} 2 1761386400
# TYPE claude:cache_hits:inc1m gauge
claude:cache_hits:inc1m{model=\"claude-opus-5-5\",user_email=\"a@example.com\"} 3 1761386400
# TYPE claude:cache_misses:inc1m gauge
claude:cache_misses:inc1m{model=\"claude-opus-5-5\",user_email=\"a@example.com\"} 1 1761386400
# TYPE claude:cache_cost_saved_usd:inc1m gauge
claude:cache_cost_saved_usd:inc1m{model=\"claude-opus-5-5\",user_email=\"a@example.com\"} 3.8 1761386400
# TYPE claude:cache_cost_surcharge_usd:inc1m gauge
claude:cache_cost_surcharge_usd:inc1m{model=\"claude-opus-5-5\",user_email=\"a@example.com\"} 0.3 1761386400
# TYPE claude:tokens:seen gauge
claude:tokens:seen{model=\"m\"} 9 1761300000
# EOF
";

const USER_LABEL: &str = "otelctl::metric_labels: [type, user_email]\n";

#[test]
fn a_team_sees_who_used_what() {
    let filled = Filled::new(&current_prometheus("prometheus"), USERS, USER_LABEL);
    let table = filled.usage(&[&DAYS[..], &["--by", "user"]].concat());
    assert_eq!(table.stderr, "");
    assert_eq!(table.stdout, TEAM);
    let arguments = [&DAYS[..], &["--by", "day,model", "--where", "user=unknown"]].concat();
    let json = filled.json(&arguments);
    assert_eq!(json["rows"].as_array().map(Vec::len), Some(1), "{json:#}");
    assert_eq!(json["rows"][0]["keys"]["day"], "2025-10-26");
    assert_eq!(json["total"]["sessions"], 0);
    assert_eq!(json["total"]["tokens"]["output"], 7);
}

const TEAM: &str = "\
stack `otel`, 2025-10-25 00:00 to 2025-10-28 00:00, UTC+01:00

user_email     sessions  requests  cached  cost (est.)  net saved
a@example.com         2         4  75.0 %      $1.5000    $3.5000
unknown               0         0       -      $0.2500    $0.0000
total                 2         4  75.0 %      $1.7500    $3.5000

user_email     input  output  cache read  cache write     tokens
a@example.com     10      20   1,000,000            5  1,000,035
unknown            0       7           0            0          7
total             10      27   1,000,000            5  1,000,042
";

/// An entry of a transcript.
fn entry(id: &str, at: &str, model: &str, tokens: [u64; 4]) -> String {
    let [input, output, read, written] = tokens;
    let usage = json!({
        "input_tokens": input, "output_tokens": output,
        "cache_read_input_tokens": read, "cache_creation_input_tokens": written,
    });
    let message = json!({ "id": id, "model": model, "role": "assistant", "usage": usage });
    let request = format!("req_{id}");
    json!({ "type": "assistant", "timestamp": at, "requestId": request, "message": message })
        .to_string()
        + "\n"
}

#[test]
fn transcripts_are_compared_day_by_day() {
    let filled = Filled::new(&current_prometheus("prometheus"), USERS, USER_LABEL);
    let opus = |id, tokens| entry(id, "2025-10-25T10:00:00.5Z", "claude-opus-5-5", tokens);
    let sonnet = |id, at, output| entry(id, at, "claude-sonnet-4-5-20250929", [0, output, 0, 0]);
    let text = opus("a", [10, 1, 1_000_000, 5])
        + "{\"type\":\"user\",\"message\":\"private words\"}\n"
        + &opus("a", [10, 20, 1_000_000, 5])
        + "{\"type\":\"assistant\",\"private\": words}\n";
    filled.write("projects/one/session.jsonl", &text);
    // The session goes on in another file, which repeats its beginning.
    let again = opus("a", [10, 20, 1_000_000, 5])
        + &sonnet("b", "2025-10-26T10:00:00Z", 9)
        + &sonnet("c", "2025-10-27T10:00:00Z", 4);
    filled.write("projects/one/resumed/deep.jsonl", &again);
    filled.write("elsewhere/other.jsonl", &opus("z", [9, 9, 9, 9]));
    symlink(filled.file("elsewhere"), filled.file("projects/link")).expect("make a link");

    let output = filled.usage(&["--reconcile", "projects"]);
    assert_eq!((output.status, output.stdout.as_str()), (0, APART), "{output:?}");
    let file = filled.file("projects/one/session.jsonl");
    let place = format!("{}:4:", fs::canonicalize(file).expect("a path").display());
    assert!(output.stderr.contains(&place), "{}", output.stderr);
    assert!(output.stderr.contains("1 symbolic links are not followed"), "{}", output.stderr);
    assert!(!output.stderr.contains("private"), "{}", output.stderr);

    let json = filled.json(&["--reconcile", "projects", "--to", "2025-10-25"]);
    assert_eq!((&json["agrees"], &json["outside"]), (&json!(true), &json!(2)), "{json:#}");
    let csv = filled.usage(&["--reconcile", "projects", "--format", "csv"]).ok();
    let line = "2025-10-26,claude-sonnet-4-5,output_tokens,9,7,-2,part-missing\r";
    assert!(csv.lines().any(|found| found == line.trim_end()), "{csv}");
}

const APART: &str = "\
transcripts of this machine, 2025-10-25 00:00 to 2025-10-28 00:00, UTC+01:00

2025-10-26  claude-sonnet-4-5
        expected  counted  difference
output         9        7          -2
tokens         9        7          -2
likely: some sessions without telemetry, or killed before their last export

2025-10-27  claude-sonnet-4-5
        expected  counted  difference
output         4        0          -4
tokens         4        0          -4
likely: sessions without telemetry

1 of 3 days and models agree
";

#[test]
fn a_billing_export_is_compared_by_days_of_utc() {
    let filled = Filled::new(&current_prometheus("prometheus"), USERS, USER_LABEL);
    filled.write(
        "cost.csv",
        "usage_date_utc,model,token_type,cost_usd,cost_type\n\
         2025-10-25,Claude Opus 5.5,input_cache_read,1.2,token\n\
         2025-10-25,Claude Opus 5.5,output,0.3,token\n\
         2025-10-26,Claude Sonnet 4.5,output,0.75,token\n\
         2025-10-26,,,0.01,web_search\n",
    );
    let output = filled.usage(&["--reconcile", "cost.csv"]);
    assert!(output.stderr.contains("1 rows are about other costs"), "{output:?}");
    let text = output.ok();
    assert!(
        text.starts_with("billing export, 2025-10-25 00:00 to 2025-10-27 00:00, UTC"),
        "{text}"
    );
    assert!(text.contains("cost (est.)   $0.7500  $0.2500    -$0.5000"), "{text}");
    assert!(text.ends_with("1 of 2 days and models agree"), "{text}");

    filled.write("wrong.csv", "date,model,output_tokens\n2025-10-25,m,1\n2025-10-25,m,many\n");
    let Output { status, stdout, stderr } = filled.usage(&["--reconcile", "wrong.csv"]);
    assert_eq!((status, stdout.as_str()), (1, ""));
    assert!(stderr.contains("`many` is no number") && stderr.contains("wrong.csv:3:"), "{stderr}");
    let missing = filled.usage(&["--reconcile", "nowhere"]);
    assert_eq!(missing.status, 64, "{missing:?}");
}

#[test]
fn a_prometheus_that_is_not_there_is_unreachable() {
    Telemetry::alone(VERSIONS[0], |telemetry| {
        let Output { status, stdout, stderr } = telemetry.otelctl("", &["usage"]);
        assert_eq!((status, stdout.as_str()), (69, ""), "{stderr}");
        assert!(stderr.contains("cannot ask Prometheus at"), "{stderr}");
    });
}
