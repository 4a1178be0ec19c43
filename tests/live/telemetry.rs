//! A rendered collector and a rendered Prometheus as bare processes, in a network of their own.
//!
//! Quicker than a world with containers, for what needs none: the ports are those of the
//! profile, since nobody else is in that network. What runs ends with the value.

use nix::sched::{CloneFlags, unshare};
use otelctl::artifact::{Artifact, path};
use otelctl::profile::Profile;
use otelctl::render::render;
use otelctl::secret::Secret;
use otelctl::stack::Stack;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::bench::long;
use super::otlp::Wire;
use super::prometheus::Prometheus;
use super::world::Output;

const DOCUMENT: &str = include_str!("../../examples/document/profile.yaml");

/// The version that the document pins.
const PINNED: &str = "contrib:0.91.0";

/// Where Prometheus finds its rules in the container.
const RULES: &str = "/etc/prometheus/rules";

/// Where the collector finds its secrets in the container.
const SECRETS: &str = "/run/secrets/collector";

/// How long the collector may take for what it should log.
const PATIENCE: Duration = Duration::from_secs(30);

/// The profile's file.
const PROFILE: &str = "profile.yaml";

/// The release that `scripts/build-prometheus` makes.
const CURRENT_PROMETHEUS: &str = "3.5.0";

/// Collectors that the bed builds.
pub const VERSIONS: [&str; 2] = ["0.91.0", "0.155.0"];

/// Collectors between them, which only the long tests build and run.
const BETWEEN: [&str; 2] = ["0.98.0", "0.122.0"];

/// Collectors that are tried: in the long form those between the oldest and the newest, too.
pub fn versions() -> Vec<&'static str> {
    let between = if long() { &BETWEEN[..] } else { &[] };
    VERSIONS.iter().chain(between).copied().collect()
}

/// A stack's processes; no container, no firewall.
pub struct Telemetry {
    pub stack: Stack,
    artifacts: Vec<Artifact>,
    directory: tempfile::TempDir,
    version: String,
    collector: Option<Child>,
    prometheus: Vec<Prometheus>,
}

impl Telemetry {
    /// Runs a test with the document's profile and this collector version, rendered and not
    /// started, in a network of its own.
    ///
    /// # Panics
    /// When a component is missing; the message says how to install it.
    pub fn alone(version: &str, test: impl FnOnce(&mut Self) + Send) {
        Self::alone_with(version, "", test);
    }

    /// Like [`Telemetry::alone`], with `more` below the document's profile.
    pub fn alone_with(version: &str, more: &str, test: impl FnOnce(&mut Self) + Send) {
        // A thread that has left its network must not come back to other tests.
        let run = || test(&mut Self::new(version, more));
        let ended = std::thread::scope(|scope| scope.spawn(run).join());
        if let Err(panic) = ended {
            std::panic::resume_unwind(panic);
        }
    }

    /// Runs a test that mostly waits with each collector at the same time.
    pub fn at_once(more: &str, test: impl Fn(&str, &mut Self) + Sync) {
        let test = &test;
        std::thread::scope(|scope| {
            for version in VERSIONS {
                scope.spawn(move || Self::alone_with(version, more, |alone| test(version, alone)));
            }
        });
    }

    fn new(version: &str, more: &str) -> Self {
        unshare(CloneFlags::CLONE_NEWNET).expect("live tests make network namespaces: run as root");
        let up = Command::new("ip").args(["link", "set", "lo", "up"]).status().expect("run `ip`");
        assert!(up.success(), "the loopback interface must come up");
        let profile = format!(
            "{}\notelctl::prometheus::scrape_target: localhost:8889\n\
             profile::otel_collector::prometheus_scrape_interval: 1s\n{more}\n",
            DOCUMENT.replace(PINNED, &format!("contrib:{version}"))
        );
        let text = profile;
        let profile = Profile::read(&text, "profile.yaml").expect("a valid profile");
        let stack = Stack::build(&profile, &[]).expect("a valid stack");
        let artifacts = render(&stack).expect("renders");
        let directory = tempfile::tempdir().expect("make a folder");
        fs::write(directory.path().join(PROFILE), text).expect("write the profile");
        for artifact in &artifacts {
            let file = directory.path().join(&artifact.path);
            fs::create_dir_all(file.parent().expect("has a folder")).expect("make a folder");
            fs::write(&file, &artifact.bytes).expect("write an artifact");
        }
        let version = version.to_owned();
        let telemetry =
            Self { stack, artifacts, directory, version, collector: None, prometheus: Vec::new() };
        if telemetry.artifacts.iter().any(|artifact| artifact.path == path::RULES) {
            fs::write(telemetry.file(path::RULES), telemetry.rules()).expect("write the rules");
        }
        telemetry
    }

    /// The thread's way to the stack.
    #[expect(clippy::unused_self, reason = "the wire is of the place where it runs")]
    pub fn wire(&self) -> Wire {
        Wire::here()
    }

    /// The rendered text of an artifact.
    pub fn rendered(&self, path: &str) -> String {
        let artifact = self.artifacts.iter().find(|artifact| artifact.path == path);
        String::from_utf8(artifact.expect(path).bytes.to_vec()).expect("text")
    }

    /// The rules, evaluated every five seconds: nobody needs to wait for a minute.
    fn rules(&self) -> String {
        let rules = self.rendered(path::RULES);
        assert!(rules.contains("interval: 1m"), "{rules}");
        rules.replace("interval: 1m", "interval: 5s")
    }

    /// Says what the collector's own `validate` has to say against a configuration.
    pub fn complaint(&self, config: &str) -> Option<String> {
        let file = self.file(path::COLLECTOR);
        fs::write(&file, config).expect("write the configuration");
        let mut validate = Command::new(program(&self.version));
        let output = validate.arg("validate").arg("--config").arg(file).output();
        let output = output.expect("run the collector");
        (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The collector's configuration, with a secret in the file that it names.
    pub fn rendered_with(&self, secrets: &[(&str, &Secret)]) -> String {
        let folder = self.file("secrets-collector");
        fs::create_dir_all(&folder).expect("make a folder");
        for (file, secret) in secrets {
            fs::write(folder.join(file), secret.expose()).expect("write a secret");
        }
        let config = self.rendered(path::COLLECTOR);
        assert!(config.contains(SECRETS), "{config}");
        config.replace(SECRETS, &folder.display().to_string())
    }

    /// Starts the collector with a secret, and sends on soon what it sends on.
    pub fn start_collector_with_secret(&mut self, file: &str, secret: &Secret) {
        let config = self.rendered_with(&[(file, secret)]);
        assert!(config.contains("timeout: 10s"), "{config}");
        self.start_collector_with(&config.replace("timeout: 10s", "timeout: 1s"));
    }

    /// Starts the collector on its rendered configuration and waits until it is healthy.
    pub fn start_collector(&mut self) {
        self.start_collector_with(&self.rendered(path::COLLECTOR));
    }

    /// Starts the collector on another configuration and waits until it is healthy.
    pub fn start_collector_with(&mut self, config: &str) {
        self.stop_collector();
        let file = self.file(path::COLLECTOR);
        fs::write(&file, config).expect("write the configuration");
        let program = program(&self.version);
        let log = File::create(self.directory.path().join("collector.log")).expect("make a log");
        let collector = Command::new(&program).arg("--config").arg(file).stderr(log).spawn();
        self.collector = Some(collector.unwrap_or_else(|error| {
            panic!("cannot run {}: {error}; run `scripts/install test`", program.display())
        }));
        self.wait_for(13133, "/", "collector.log");
    }

    /// What the collector has written.
    pub fn log(&self) -> String {
        fs::read_to_string(self.file("collector.log")).unwrap_or_default()
    }

    /// Waits until the collector has logged an error that says so.
    #[track_caller]
    pub fn await_error(&self, told: &str) {
        let deadline = Instant::now() + PATIENCE;
        let has = |line: &str| line.contains("\terror\t") && line.contains(told);
        while !self.log().lines().any(has) {
            assert!(Instant::now() < deadline, "{}", self.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Ends the collector as a crash would.
    pub fn stop_collector(&mut self) {
        if let Some(mut collector) = self.collector.take() {
            let _ = collector.kill();
            let _ = collector.wait();
        }
    }

    /// Starts Prometheus on its rendered configuration and waits until it is ready.
    pub fn start_prometheus(&mut self) {
        self.start_prometheus_with(&self.rendered(path::PROMETHEUS));
    }

    /// Starts Prometheus on another configuration and waits until it is ready.
    pub fn start_prometheus_with(&mut self, config: &str) {
        let file = self.file(path::PROMETHEUS);
        let directory = file.parent().expect("has a folder");
        let rules = directory.join("rules").display().to_string();
        fs::write(&file, config.replace(RULES, &rules)).expect("write the configuration");
        self.prometheus = vec![Prometheus::start(directory, 9090, &[])];
        self.wait_for(9090, "/-/ready", "prometheus/prometheus.log");
    }

    /// Starts the current Prometheus beside the other, with the same files.
    pub fn start_current_prometheus(&mut self, port: u16) {
        let directory = self.file("current");
        let files =
            [(path::PROMETHEUS, self.rendered(path::PROMETHEUS)), (path::RULES, self.rules())];
        for (file, text) in files {
            let file = directory.join(file.trim_start_matches("prometheus/"));
            let folder = file.parent().expect("has a folder").display().to_string();
            fs::create_dir_all(&folder).expect("make a folder");
            let text = text.replace(RULES, &format!("{folder}/rules"));
            fs::write(&file, text).expect("write a file");
        }
        let program = current_prometheus("prometheus");
        self.prometheus.push(Prometheus::start_program(&program, &directory, port, &[]));
        self.wait_for(port, "/-/ready", "current/prometheus.log");
    }

    /// Ends every Prometheus as a crash would; what they stored stays.
    pub fn stop_prometheus(&mut self) {
        self.prometheus.clear();
    }

    /// Runs otelctl with this profile, and `more` below it, in the stack's network.
    pub fn otelctl(&self, more: &str, arguments: &[&str]) -> Output {
        let text = fs::read_to_string(self.file(PROFILE)).expect("the profile") + more;
        let profile = self.file("asked.yaml");
        fs::write(&profile, text).expect("write a profile");
        let mut otelctl = Command::new(env!("CARGO_BIN_EXE_otelctl"));
        Output::of(otelctl.arg("--profile").arg(profile).args(arguments))
    }

    /// A file of this stack.
    pub fn file(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    fn wait_for(&self, port: u16, page: &str, log: &str) {
        let deadline = Instant::now() + PATIENCE;
        let address = format!("127.0.0.1:{port}");
        while !self.wire().get(&address, page).is_ok_and(|answer| answer.status == 200) {
            let log = || fs::read_to_string(self.file(log)).unwrap_or_default();
            assert!(Instant::now() < deadline, "{address}{page} does not answer:\n{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        self.stop_collector();
    }
}

fn cache() -> PathBuf {
    std::env::var_os("OTELCTL_CACHE").map_or_else(
        || Path::new(&std::env::var_os("HOME").expect("HOME")).join(".cache/otelctl"),
        PathBuf::from,
    )
}

/// `prometheus` or `promtool` of the current release.
pub fn current_prometheus(program: &str) -> PathBuf {
    cache().join("prometheus").join(CURRENT_PROMETHEUS).join(program)
}

/// The collector of a version, as the bed builds it.
pub fn program(version: &str) -> PathBuf {
    cache().join("collector").join(version).join("otelcol-contrib")
}
