//! `promtool test rules` of a release of Prometheus.

use super::super::telemetry;
use super::story::Story;
use otelctl::stack::Metric;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A release that the rules must work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// Debian's.
    Debian,
    /// The one that a profile gets by default.
    Current,
}

pub const RELEASES: [Release; 2] = [Release::Debian, Release::Current];

impl Release {
    /// `prometheus` or `promtool`.
    pub fn program(self, name: &str) -> PathBuf {
        match self {
            Self::Debian => format!("/usr/bin/{name}").into(),
            Self::Current => telemetry::current_prometheus(name),
        }
    }
}

/// A promtool and the rules that it tests.
pub struct Promtool {
    release: Release,
    rules: String,
    folder: tempfile::TempDir,
}

impl Promtool {
    pub fn new(release: Release, rules: &str) -> Self {
        let folder = tempfile::tempdir().expect("make a folder");
        Self { release, rules: rules.to_owned(), folder }
    }

    /// What promtool has to say against a story of some counters.
    pub fn complaint(&self, story: &Story, counters: &[Metric]) -> Option<String> {
        let file = self.folder.path().join("story.yaml");
        self.write(&story.rules(&self.rules));
        fs::write(&file, story.text("rules.yaml", counters)).expect("write the story");
        self.run(&["test", "rules", &file.display().to_string()])
    }

    /// What promtool has to say against the rules themselves.
    pub fn check(&self) -> Option<String> {
        let rules = self.write(&self.rules);
        self.run(&["check", "rules", &rules.display().to_string()])
    }

    fn write(&self, rules: &str) -> PathBuf {
        let file = self.folder.path().join("rules.yaml");
        fs::write(&file, rules).expect("write the rules");
        file
    }

    fn run(&self, arguments: &[&str]) -> Option<String> {
        let program = self.release.program("promtool");
        let output = Command::new(&program).args(arguments).output().unwrap_or_else(|error| {
            panic!("cannot run {}: {error}; run `scripts/install test`", program.display())
        });
        let told = [output.stdout, output.stderr].concat();
        (!output.status.success()).then(|| String::from_utf8_lossy(&told).into_owned())
    }
}
