//! An applied stack that is measured.

use super::panel;
use super::scenario::Case;
use super::table::Outcome;
use crate::live::applied::Applied;
use crate::live::dashboards::{Choice, Question};
use crate::live::otlp::{Totals, Wire};
use crate::live::world::Place;
use otelctl::artifact::path;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const COLLECTORS: [&str; 2] = ["0.91.0", "0.155.0"];
const PROMETHEUS: [&str; 2] = ["2.42.0", "3.5.0"];
const SERVER: &str = "127.0.0.1:9090";

/// Everything that a run sends lies within this range.
const RANGE: (&str, u64) = ("3h", 3 * 3600);

/// What is applied.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    pub collector: &'static str,
    pub prometheus: &'static str,
    /// Whether Prometheus scrapes every 15 seconds and rules run each minute, as by default;
    /// otherwise both happen every 5 seconds.
    pub by_default: bool,
}

impl Setup {
    /// What the suite measures.
    pub const fn quick() -> Self {
        Self { collector: COLLECTORS[0], prometheus: PROMETHEUS[0], by_default: false }
    }

    /// The same with the newest releases.
    pub const fn newest() -> Self {
        Self { collector: COLLECTORS[1], prometheus: PROMETHEUS[1], by_default: false }
    }

    /// All that can be combined, those that take longest first.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for by_default in [true, false] {
            for collector in COLLECTORS {
                all.extend(PROMETHEUS.map(|prometheus| Self { collector, prometheus, by_default }));
            }
        }
        all
    }

    /// Seconds between two scrapes.
    pub const fn scrape(self) -> Duration {
        Duration::from_secs(if self.by_default { 15 } else { 5 })
    }

    /// Seconds between two evaluations of the rules.
    pub const fn rules(self) -> Duration {
        Duration::from_secs(if self.by_default { 60 } else { 5 })
    }
}

/// A stack on a host of its own.
pub struct Subject {
    pub setup: Setup,
    pub wire: Wire,
    pub stack: Applied,
    /// The settings below the document's.
    settings: String,
    options: Vec<String>,
    questions: Vec<Question>,
}

impl Subject {
    /// Applies the document's profile with these versions and intervals.
    pub fn apply(setup: Setup) -> Self {
        let Setup { collector, prometheus, by_default } = setup;
        let stack = Applied::prepare("bench", collector);
        let mut more = format!("otelctl::prometheus::image: prom/prometheus:v{prometheus}\n");
        let mut options = Vec::new();
        let interval = setup.scrape().as_secs();
        let setting = "profile::otel_collector::prometheus_scrape_interval";
        let _ = writeln!(more, "{setting}: {interval}s");
        if !by_default {
            // No setting says how often rules run: that is the templates' business.
            options = ["--templates".to_owned(), templates(&stack).display().to_string()].into();
        }
        stack.write_profile(collector, &more);
        let wire = Wire::within(&stack.world.network(Place::Host));
        let mut subject =
            Self { setup, wire, stack, settings: more, options, questions: Vec::new() };
        subject.otelctl(&["apply"]);
        subject.questions = subject.questions();
        subject
    }

    /// Every query of every dashboard that this profile renders when it has a Grafana.
    fn questions(&self) -> Vec<Question> {
        let folder = self.stack.world.dir().join("rendered");
        let profile = self.stack.world.dir().join("with-grafana.yaml");
        let text = fs::read_to_string(&self.stack.profile).expect("read the profile");
        let text = text.replace("otelctl::grafana::mode: none", "otelctl::grafana::mode: managed");
        fs::write(&profile, text).expect("write a profile");
        let (profile, to) = (profile.display().to_string(), folder.display().to_string());
        self.stack.world.otelctl(&["--profile", &profile, "render", "--output", &to]).ok();
        let read = |path| fs::read_to_string(folder.join(path)).expect("a dashboard");
        [path::OVERVIEW, path::COSTS]
            .into_iter()
            .flat_map(|path| Question::all(&read(path)))
            .collect()
    }

    /// Applies the profile with these settings more.
    pub fn apply_again(&self, settings: &str) {
        self.stack.write_profile(self.setup.collector, &format!("{}{settings}", self.settings));
        self.otelctl(&["apply"]);
    }

    /// Takes the stack away, its data aside, and brings it back.
    pub fn destroy_and_apply(&self) {
        self.otelctl(&["destroy"]);
        self.otelctl(&["apply"]);
    }

    fn otelctl(&self, arguments: &[&str]) {
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        self.stack.otelctl(&[&options, arguments].concat()).ok();
    }

    /// Restarts a service as its admin does.
    pub fn restart(&self, service: &str) {
        self.otelctl(&["restart", service]);
    }

    /// Kills the process of a container as the kernel does; Docker starts it again.
    pub fn crash(&self, container: &str) {
        let before = self.started(container);
        let pid = format!("docker inspect --format '{{{{.State.Pid}}}}' {container}");
        self.stack.world.host(&format!("kill -s KILL \"$({pid})\"")).ok();
        self.wait(|| self.started(container) != before);
        // Whoever is asked before it answers says that there is nothing.
        self.otelctl(&["start"]);
    }

    fn started(&self, container: &str) -> String {
        let format = "{{.State.StartedAt}}";
        self.stack.world.host(&format!("docker inspect --format '{format}' {container}")).ok()
    }

    /// Kills Docker's daemon and starts it again, as systemd does with its unit.
    pub fn crash_docker(&self) {
        self.stack.world.kill_docker();
        self.stack.world.start_docker();
        self.otelctl(&["start"]);
    }

    /// Kills Prometheus, and starts it again after a while.
    pub fn outage(&self, length: Duration) {
        self.stack.world.host("docker kill --signal KILL otel-prometheus").ok();
        sleep(length);
        self.otelctl(&["start", "prometheus"]);
    }

    /// Waits until Prometheus has stored all that is true of a service.
    pub fn settle(&self, case: &Case) {
        self.wait(|| self.stored(&case.service).share(&case.truth).total_cmp(&1.0).is_eq());
    }

    /// Waits for what a scrape and an evaluation of the rules bring about; what does not come
    /// in time is a result, too.
    pub fn wait(&self, come: impl Fn() -> bool) {
        let limit = 2 * self.setup.scrape() + 2 * self.setup.rules() + Duration::from_secs(10);
        let deadline = Instant::now() + limit;
        while !come() && Instant::now() < deadline {
            sleep(Duration::from_millis(200));
        }
    }

    /// What Prometheus has stored of a service, over all runs of the collector.
    pub fn stored(&self, service: &str) -> Totals {
        let range = RANGE.0;
        Totals::queried(&self.wire, SERVER, |counter, _| {
            format!("last_over_time({counter}{{service_name=\"{service}\"}}[{range}])")
        })
    }

    /// What the recording rules have of a service.
    pub fn recorded(&self, service: &str) -> Totals {
        let range = RANGE.0;
        Totals::queried(&self.wire, SERVER, |_, stem| {
            format!("sum_over_time({stem}:inc1m{{service_name=\"{service}\"}}[{range}])")
        })
    }

    /// Measures a case, once all of it should have come.
    pub fn result(&self, case: Case) -> Outcome {
        let Case { name, service, truth } = case;
        self.wait(|| self.recorded(&service).share(&truth).total_cmp(&1.0).is_eq());
        // A second more, since what was recorded in this one has come.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() + 1;
        let choice = Choice {
            model: None,
            service: Some(service.clone()),
            utc_offset: "0",
            now,
            range: RANGE.1,
        };
        let asked = |question: &Question| {
            let answer = question.ask(&self.wire, SERVER, &choice);
            panel::share(question, &answer, &truth)
        };
        Outcome {
            name,
            tokens: truth.sum("claude_tokens_total", |_, _| true),
            stored: self.stored(&service).share(&truth),
            recorded: self.recorded(&service).share(&truth),
            panels: self.questions.iter().filter_map(asked).collect(),
            queries: self.questions.len(),
        }
    }
}

/// Templates with rules that run every five seconds.
fn templates(stack: &Applied) -> PathBuf {
    let folder = stack.world.dir().join("templates");
    let path = "prometheus/rules/claude-code.rules.yaml";
    let original =
        concat!(env!("CARGO_MANIFEST_DIR"), "/templates/prometheus/rules/claude-code.rules.yaml");
    let text = fs::read_to_string(original).expect("read the template");
    assert!(text.contains("interval: 1m"), "the rules run each minute");
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("has a folder")).expect("make a folder");
    fs::write(file, text.replace("interval: 1m", "interval: 5s")).expect("write a template");
    folder
}
