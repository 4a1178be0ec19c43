//! The month in a real Prometheus: blocks made by `promtool`, served by each release.

use super::super::otlp::Wire;
use super::super::prometheus::{Prometheus, spare_port};
use super::super::telemetry::current_prometheus;
use super::scrape::{OUTAGES, RECORDED, SCRAPED};
use super::{HOUR, Labels, MINUTE, MONTH_BEGINS, Month};
use otelctl::stack::{DETAIL, METRICS};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Where a program is.
type Program = fn() -> PathBuf;

/// Debian's Prometheus, and the one that a profile gets by default.
pub const RELEASES: [(&str, Program); 2] =
    [("2.42", || "/usr/bin/prometheus".into()), ("3.5", || current_prometheus("prometheus"))];

/// The hours of which the raw counters are stored beside the increments, scrape by scrape: a
/// restart of the collector, an outage of Prometheus and another restart.
pub const RAW: (u64, u64) =
    (MONTH_BEGINS + 15 * 24 * HOUR + 18 * HOUR, MONTH_BEGINS + 15 * 24 * HOUR + 24 * HOUR);

/// Blocks on disk.
pub struct Store {
    directory: tempfile::TempDir,
}

/// A server and the way to it.
pub struct Server {
    pub wire: Wire,
    pub address: String,
    _prometheus: Prometheus,
}

/// `{a="b",…}` with more labels.
pub fn selector(name: &str, labels: &Labels, more: &[(&str, &str)]) -> String {
    let own = labels.iter().map(|(name, value)| (*name, value.as_str()));
    let all = own.chain(more.iter().copied()).map(|(name, value)| format!("{name}=\"{value}\""));
    format!("{name}{{{}}}", all.collect::<Vec<_>>().join(","))
}

impl Store {
    /// Writes the month as a scraper and the recording rules would have.
    pub fn filled(month: &Month) -> Self {
        let directory = tempfile::tempdir().expect("make a folder");
        let file = directory.path().join("month.openmetrics");
        write(month, &file);
        let blocks = directory.path().join("blocks");
        let mut promtool = Command::new("promtool");
        promtool.args(["tsdb", "create-blocks-from", "openmetrics", "--quiet"]);
        // In blocks of days: the file is read once for each of them.
        promtool.arg("--max-block-duration=744h").arg(&file).arg(&blocks);
        let output = promtool.output().expect("run promtool; `scripts/install test` brings it");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { directory }
    }

    /// Starts a release on a copy of the blocks.
    pub fn start(&self, program: &Path) -> Server {
        let port = spare_port();
        let folder = self.directory.path().join(port.to_string());
        fs::create_dir(&folder).expect("make a folder");
        let blocks = self.directory.path().join("blocks");
        let copied = Command::new("cp").arg("-r").arg(blocks).arg(folder.join("tsdb")).status();
        assert!(copied.expect("run cp").success());
        fs::write(folder.join("prometheus.yml"), "").expect("write a file");
        let arguments = ["--storage.tsdb.retention.time=400d"];
        let prometheus = Prometheus::start_program(program, &folder, port, &arguments);
        let server = Server {
            wire: Wire::here(),
            address: format!("127.0.0.1:{port}"),
            _prometheus: prometheus,
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        while !server.wire.get(&server.address, "/-/ready").is_ok_and(|answer| answer.status == 200)
        {
            assert!(Instant::now() < deadline, "{} does not answer", program.display());
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }
}

fn write(month: &Month, file: &Path) {
    let mut out = BufWriter::new(fs::File::create(file).expect("make a file"));
    for series in &month.series {
        let mut all = METRICS.iter().chain(&DETAIL);
        let metric = all.find(|metric| metric.name == series.counter).expect("known");
        let name = selector(&format!("{}:inc1m", metric.rule_stem()), &series.labels, &[]);
        for (minute, increment) in series.increments() {
            let at = minute * 1000 + RECORDED;
            writeln!(out, "{name} {increment} {}.{:03}", at / 1000, at % 1000).expect("write");
        }
    }
    let down = |minute: u64| OUTAGES.iter().any(|(from, to)| (*from..*to).contains(&minute));
    for series in &month.series {
        let name = selector(series.counter, &series.labels, &series.target());
        let scrapes = (RAW.0..RAW.1).step_by(usize::try_from(MINUTE).expect("small"));
        for minute in scrapes.filter(|minute| !down(*minute)) {
            if let Some(value) = series.value(minute) {
                writeln!(out, "{name} {value} {}", minute + SCRAPED).expect("write");
            }
        }
    }
    for health in &month.health {
        let mut labels = String::new();
        for (name, value) in &health.labels {
            write!(labels, ",{name}=\"{value}\"").expect("write");
        }
        let name = format!("{}{{job=\"{}\"{labels}}}", health.metric, health.job);
        for (at, value) in &health.samples {
            writeln!(out, "{name} {value} {at}").expect("write");
        }
    }
    writeln!(out, "# EOF").expect("write");
    out.flush().expect("write");
}
