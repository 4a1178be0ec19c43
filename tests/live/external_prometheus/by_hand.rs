//! A Prometheus that somebody configured by hand, as a bare process of a world's host.

use super::super::applied::Applied;
use super::super::world::{Output, Place, Running};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What somebody wrote: comments, three jobs, two ways to indent, a password.
pub const CONFIG: &str = "\
# Prometheus of the house. Ask Ada before you change it.
global:
  scrape_interval:     15s # house rule
  evaluation_interval: 15s
  external_labels:
      site: 'berlin'   # four spaces, on purpose

rule_files:
  - rules/*.yml     # relative to this file
  - \"more/alerts.yml\"

scrape_configs:
# The server itself.
- job_name: 'prometheus'
  static_configs:
    - targets: ['localhost:9090']

- job_name: node
  scrape_interval: 5s
  static_configs: [{targets: ['localhost:9100']}]   # down, and nobody cares

- job_name: \"app\"
  basic_auth:
    username: scraper
    password: hunter2-do-not-show
  static_configs:
  - targets:
    - localhost:9200
  # the end, without a newline";

const RULES: &str = "groups:\n- name: house\n  rules:\n  - {record: a, expr: 'sum(up)'}\n";
const ALERTS: &str = "groups:\n- name: alerts\n  rules:\n  - {alert: Down, expr: 'up == 0'}\n";

/// The mode and the owners of the configuration, which are to stay.
const ATTRIBUTES: (u32, u32, u32) = (0o640, 4711, 4712);

/// The program of the distribution's package, 2.42.
pub const DEBIAN: &str = "/usr/bin/prometheus";

/// A later one, which can include scrape configurations.
pub fn later() -> String {
    let cache = std::env::var("OTELCTL_CACHE")
        .unwrap_or_else(|_| format!("{}/.cache/otelctl", std::env::var("HOME").unwrap()));
    let program = format!("{cache}/prometheus/3.5.0/prometheus");
    assert!(Path::new(&program).exists(), "no {program}: run `scripts/install test`");
    program
}

/// A host with somebody's Prometheus, and the document's stack beside it.
pub struct ByHand {
    pub stack: Applied,
    server: Option<Running>,
    program: String,
}

impl ByHand {
    /// Makes a host; nothing is applied, and no Prometheus runs yet.
    pub fn prepare(name: &str) -> Self {
        let stack = Applied::prepare(name, "0.91.0");
        let by_hand = Self { stack, server: None, program: DEBIAN.to_owned() };
        by_hand.write_profile("");
        for (file, text) in [("rules/a.yml", RULES), ("more/alerts.yml", ALERTS)] {
            by_hand.write(file, text);
        }
        by_hand.write_config(CONFIG);
        by_hand
    }

    /// The profile: the document's with an external Prometheus, and `more` below it.
    pub fn write_profile(&self, more: &str) {
        let external = format!(
            "\notelctl::prometheus::mode: external\notelctl::grafana::mode: none\n\
             otelctl::prometheus::config_file: {}\n\
             profile::otel_collector::prometheus_scrape_interval: 1s\n{more}",
            self.config().display()
        );
        self.stack.write_profile("0.91.0", &external);
    }

    pub fn folder(&self) -> PathBuf {
        self.stack.world.dir().join("house")
    }

    pub fn config(&self) -> PathBuf {
        self.folder().join("prometheus.yml")
    }

    /// Writes a file of the house.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.folder().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes the configuration with its mode and owners.
    pub fn write_config(&self, text: &str) {
        let (mode, user, group) = ATTRIBUTES;
        self.write("prometheus.yml", text);
        fs::set_permissions(self.config(), fs::Permissions::from_mode(mode)).unwrap();
        std::os::unix::fs::chown(self.config(), Some(user), Some(group)).unwrap();
    }

    /// Starts a Prometheus on port 9090 and waits until it is ready; the file `pid` has its id.
    pub fn start(&mut self, program: &str, arguments: &str) {
        self.stop();
        program.clone_into(&mut self.program);
        // A relative path, as a unit with a WorkingDirectory has it.
        let command = format!(
            "cd '{}' && echo $$ >pid && exec '{program}' --config.file=prometheus.yml --storage.tsdb.path=tsdb \
             --web.listen-address=127.0.0.1:9090 {arguments} >>log 2>&1",
            self.folder().display()
        );
        self.server = Some(self.stack.world.spawn_host(&command));
        self.wait("it is ready", |by_hand| [200, 401].contains(&by_hand.status("/-/ready")));
    }

    /// Ends the Prometheus.
    pub fn stop(&mut self) {
        self.server = None;
    }

    fn status(&self, path: &str) -> u16 {
        self.stack.world.http_get(Place::Host, &format!("http://localhost:9090{path}")).status
    }

    /// What the Prometheus answers.
    pub fn ask(&self, path: &str) -> String {
        let url = format!("http://localhost:9090{path}");
        self.stack.world.http_get(Place::Host, &url).body
    }

    /// Waits for something that takes a moment.
    #[track_caller]
    pub fn wait(&self, what: &str, done: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !done(self) {
            let log = || fs::read_to_string(self.folder().join("log")).unwrap_or_default();
            assert!(start.elapsed() < Duration::from_secs(30), "{what}: {}", log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Runs otelctl with the profile.
    pub fn otelctl(&self, arguments: &[&str]) -> Output {
        self.stack.otelctl(arguments)
    }

    /// Says that a plan has nothing to change.
    #[track_caller]
    pub fn is_settled(&self) {
        let seen = self.otelctl(&["plan", "--detailed-exitcode"]);
        assert_eq!(seen.status, 0, "{}{}", seen.stdout, seen.stderr);
    }

    /// Says that the configuration is byte for byte what somebody wrote, and all alone.
    #[track_caller]
    pub fn is_as_written(&self, text: &str) {
        assert_eq!(fs::read_to_string(self.config()).unwrap(), text);
        let found = fs::metadata(self.config()).unwrap();
        assert_eq!((found.mode() & 0o7777, found.uid(), found.gid()), ATTRIBUTES);
        self.is_alone();
    }

    /// Says that nothing half-made lies beside the configuration.
    #[track_caller]
    pub fn is_alone(&self) {
        let names = fs::read_dir(self.folder()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let hidden: Vec<String> = names.filter(|name| name.starts_with('.')).collect();
        assert_eq!(hidden, Vec::<String>::new());
    }

    /// Says that the job is scraped and the rules are loaded.
    #[track_caller]
    pub fn has_the_stack(&self) {
        let targets = self.ask("/api/v1/targets?state=active");
        let targets: serde_json::Value = serde_json::from_str(&targets).unwrap();
        let ours: Vec<&serde_json::Value> = targets["data"]["activeTargets"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|target| target["scrapePool"] == "otel-collector")
            .collect();
        assert_eq!(ours.len(), 1, "{targets}");
        assert_eq!(ours[0]["health"], "up", "{targets}");
        let rules = self.ask("/api/v1/rules");
        assert!(rules.contains("claude:tokens:inc1m") && rules.contains("\"house\""), "{rules}");
    }

    /// Says that nothing of the stack is loaded any more.
    #[track_caller]
    pub fn has_nothing(&self) {
        let config = self.ask("/api/v1/status/config");
        assert!(!config.contains("claude") && !config.contains("otel-collector"), "{config}");
        assert!(config.contains("job_name: node"), "{config}");
        // What the user's own alert on `up` saw while the job went is the user's.
        let mut rules: serde_json::Value =
            serde_json::from_str(&self.ask("/api/v1/rules")).unwrap();
        for group in rules["data"]["groups"].as_array_mut().unwrap() {
            for rule in group["rules"].as_array_mut().unwrap() {
                rule["alerts"] = serde_json::Value::Null;
            }
        }
        let rules = rules.to_string();
        assert!(!rules.contains("claude") && !rules.contains("otel-collector"), "{rules}");
    }
}
