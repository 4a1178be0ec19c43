//! What a real Prometheus counts after an outage: its past is written as blocks, and a page
//! shows what a collector says that ran through, and one that is new.

use super::super::otlp::{Wire, percent_encoded};
use super::super::prometheus::{Exporter, Prometheus, spare_port};
use super::promtool::Release;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// In the stack a minute; here nobody wants to wait for it.
const INTERVAL: &str = "1s";

/// Longer than some evaluations.
const SETTLED: Duration = Duration::from_secs(5);

/// The labels of a series of the old collector.
fn labels(model: &str) -> String {
    format!("collector_run=\"a\",model=\"{model}\",service_name=\"claude-code\"")
}

/// What a collector that ran through shows of two models, and a new collector of one.
fn page(known: u64, born: u64, new: u64) -> String {
    let mut page = "# TYPE claude_tokens_total counter\n".to_owned();
    for (labels, value) in
        [(labels("m"), known), (labels("n"), born), (labels("m").replace("\"a\"", "\"b\""), new)]
    {
        let _ = writeln!(page, "claude_tokens_total{{{labels}}} {value}");
    }
    page
}

/// A Prometheus that counted five tokens and then saw nothing for a time.
pub struct Outage {
    folder: tempfile::TempDir,
    exporter: Exporter,
    port: u16,
    running: Option<Prometheus>,
    release: Release,
}

impl Outage {
    /// Writes the past, and starts Prometheus in the present.
    pub fn over(release: Release, rules: &str, outage: Duration) -> Self {
        let folder = tempfile::tempdir().expect("make a folder");
        let exporter = Exporter::start(&page(30, 7, 4));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        let past = now.as_secs() - outage.as_secs();
        let mut samples = String::new();
        for (name, value) in [("claude:tokens:inc1m", 5), ("claude:tokens:seen", 5)] {
            let _ =
                writeln!(samples, "# TYPE {name} gauge\n{name}{{{}}} {value} {past}", labels("m"));
        }
        let run = "claude:run:seen";
        let _ = writeln!(samples, "# TYPE {run} gauge\n{run}{{collector_run=\"a\"}} {past} {past}");
        samples.push_str("# EOF\n");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("past.txt"), samples).expect("write the past");
        let mut promtool = Command::new(release.program("promtool"));
        promtool.args(["tsdb", "create-blocks-from", "openmetrics"]);
        let made = promtool.arg(path("past.txt")).arg(path("tsdb")).output().expect("run promtool");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let rules = rules.replace("interval: 1m", &format!("interval: {INTERVAL}"));
        fs::write(path("rules.yaml"), rules).expect("write the rules");
        let config = format!(
            "global: {{scrape_interval: {INTERVAL}}}\nrule_files: [rules.yaml]\nscrape_configs:\n  \
             - job_name: otel-collector\n    honor_labels: true\n    static_configs:\n      \
             - targets: ['{}']\n",
            exporter.address()
        );
        fs::write(path("prometheus.yml"), config).expect("write the configuration");
        let mut outage = Self { folder, exporter, port: spare_port(), running: None, release };
        outage.start();
        outage
    }

    /// Starts it, ended before as by a crash.
    pub fn start(&mut self) {
        self.running = None;
        let program = self.release.program("prometheus");
        let arguments = ["--storage.tsdb.retention.time=400d"];
        let folder = self.folder.path();
        self.running = Some(Prometheus::start_program(&program, folder, self.port, &arguments));
        Prometheus::await_ready(&format!("http://127.0.0.1:{}", self.port));
    }

    /// The collectors count on.
    pub fn shows(&self, known: u64, born: u64, new: u64) {
        self.exporter.show(&page(known, born, new));
    }

    /// A page of its own.
    pub fn shows_page(&self, page: &str) {
        self.exporter.show(page);
    }

    pub const fn release(&self) -> Release {
        self.release
    }

    /// Where this Prometheus listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Waits until so much was counted in all, and looks again after some evaluations.
    pub fn counts(&self, total: u64, name: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.total() != Some(total) && Instant::now() < deadline {
            sleep(Duration::from_millis(200));
        }
        sleep(SETTLED);
        assert_eq!(self.total(), Some(total), "{:?}: {name}", self.release);
    }

    fn total(&self) -> Option<u64> {
        let query = percent_encoded("sum(sum_over_time(claude:tokens:inc1m[400d]))");
        let page = format!("/api/v1/query?query={query}");
        let answer = Wire::here().get(&self.address(), &page).ok()?;
        let answer: Value = serde_json::from_str(&answer.body).ok()?;
        answer["data"]["result"][0]["value"][1].as_str()?.parse().ok()
    }
}
