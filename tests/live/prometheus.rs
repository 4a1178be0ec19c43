//! The Prometheus provider against a real Prometheus on a spare loopback port.

mod scraped;
mod server;

use super::telemetry::{Telemetry, VERSIONS};
use otelctl::artifact::path;
use otelctl::artifact::prometheus::{PrometheusConfig, RuleFile};
use otelctl::diagnostic::{Diagnostic, Kind};
use otelctl::plan::{Action, Change};
use otelctl::provider::prometheus::{Desired, Observed, Operation, Reader, Writer, diff};
use otelctl::provider::{Execute, Observe};
pub use server::{Exporter, Prometheus, spare_port};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

const RULES: &str = "\
groups:
  - name: claude-code
    interval: 60s
    rules:
      - record: claude:tokens:inc1m
        expr: |
          (claude_tokens_total{service_name!='otelctl-verify', model=~\"a \\\"b\"}
            - last_over_time(claude:tokens:seen[72h])) or claude_tokens_total
      - record: claude:tokens:by_model
        expr: sum(rate(claude_tokens_total[5m]  offset 60s)) by(model)  # a comment
        labels: {team: a}
";

fn config(target: &str) -> String {
    format!(
        "global: {{scrape_interval: 60s, evaluation_interval: 60s}}\n\
         rule_files: ['rules/*.yaml']\n\
         scrape_configs:\n  - job_name: 'otel-collector'\n    static_configs:\n      \
         - targets: ['{target}']\n    scrape_interval: 1s\n    metrics_path: /metrics\n    \
         honor_labels: true\n"
    )
}

/// A folder with rendered files, and the desired state they stand for.
struct Rendered {
    directory: tempfile::TempDir,
    port: u16,
}

impl Rendered {
    fn new(target: &str) -> Self {
        let rendered = Self { directory: tempfile::tempdir().unwrap(), port: spare_port() };
        fs::create_dir(rendered.directory.path().join("rules")).unwrap();
        rendered.write("prometheus.yml", &config(target));
        rendered.write("rules/claude-code.rules.yaml", RULES);
        rendered
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.directory.path().join(file), text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.directory.path().join(file)).unwrap()
    }

    fn desired(&self) -> Desired {
        let rules = self.read("rules/claude-code.rules.yaml");
        Desired {
            url: format!("http://127.0.0.1:{}", self.port),
            config: PrometheusConfig::parse(&self.read("prometheus.yml")).unwrap(),
            rules: RuleFile::parse(&rules).unwrap(),
            job: "otel-collector".into(),
            retention: None,
            container: "otel-prometheus".into(),
        }
    }

    fn start(&self, arguments: &[&str]) -> Prometheus {
        Prometheus::start(self.directory.path(), self.port, arguments)
    }

    async fn plan(&self) -> Vec<Change<Operation>> {
        let desired = self.desired();
        diff(&desired, &Reader::new().unwrap().observe(&desired).await.unwrap())
    }
}

async fn execute(change: &Change<Operation>, patience: u64) -> Result<(), Diagnostic> {
    let writer = Writer::new().unwrap().patience(Duration::from_secs(patience));
    writer.execute(&change.operation, &|_| ()).await
}

fn fields(changes: &[Change<Operation>]) -> Vec<&str> {
    changes.iter().flat_map(|c| &c.fields).map(|f| f.field.as_str()).collect()
}

#[tokio::test]
async fn from_nothing_to_loaded_and_changed() {
    let exporter = Exporter::start("claude_tokens_total{model=\"m\"} 7\n");
    let rendered = Rendered::new(&exporter.address());
    let plan = rendered.plan().await;
    assert_eq!((plan.len(), plan[0].action), (1, Action::Create));

    // The container comes up while the operation already waits.
    let _prometheus = rendered.start(&["--web.enable-lifecycle"]);
    execute(&plan[0], 20).await.unwrap();
    let plan = rendered.plan().await;
    assert!(plan.is_empty(), "{plan:?}");

    // The files change, and Prometheus has not read them yet.
    let rules = rendered.read("rules/claude-code.rules.yaml").replace("[5m]", "[6m]");
    rendered.write("rules/claude-code.rules.yaml", &rules);
    rendered.write("prometheus.yml", &config(&exporter.address()).replace("60s", "2m"));
    let plan = rendered.plan().await;
    assert_eq!(plan[0].action, Action::Update);
    assert_eq!(
        fields(&plan),
        [
            "global.scrape_interval",
            "global.evaluation_interval",
            "rules.claude-code.claude:tokens:by_model.expr"
        ]
    );
    execute(&plan[0], 20).await.unwrap();
    assert!(rendered.plan().await.is_empty());
}

#[test]
fn what_is_rendered_loads_without_a_difference() {
    Telemetry::alone(VERSIONS[0], |telemetry| {
        telemetry.start_collector();
        // The harness has them run more often.
        std::fs::write(telemetry.file(path::RULES), telemetry.rendered(path::RULES)).unwrap();
        telemetry.start_prometheus();
        // Here its rules lie beside the configuration.
        let config = telemetry.rendered(path::PROMETHEUS).replace("/etc/prometheus/", "");
        let desired = Desired {
            url: telemetry.stack.prometheus.as_ref().unwrap().url.clone(),
            config: PrometheusConfig::parse(&config).unwrap(),
            rules: RuleFile::parse(&telemetry.rendered(path::RULES)).unwrap(),
            job: telemetry.stack.scrape.job.clone(),
            retention: None,
            container: "otel-prometheus".into(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let observed = Reader::new().unwrap().observe(&desired).await.unwrap();
            assert!(matches!(observed, Observed::Loaded(_)), "{observed:?}");
            assert_eq!(diff(&desired, &observed), []);
        });
    });
}

#[tokio::test]
async fn a_refused_reload_tells_its_cause() {
    let exporter = Exporter::start("");
    let rendered = Rendered::new(&exporter.address());
    let _prometheus = rendered.start(&["--web.enable-lifecycle"]);
    execute(&rendered.plan().await[0], 20).await.unwrap();

    rendered.write("prometheus.yml", &config("other:1"));
    let plan = rendered.plan().await;
    assert_eq!(fields(&plan), ["scrape_configs.otel-collector.static_configs"]);
    // Broken behind the plan's back.
    rendered.write("prometheus.yml", &format!("{}nonsense: 1\n", config("other:1")));
    let error = execute(&plan[0], 20).await.unwrap_err();
    assert_eq!(error.kind, Kind::Failed);
    assert!(error.causes.concat().contains("field nonsense not found"), "{error:?}");
}

#[tokio::test]
async fn without_the_lifecycle_endpoint_the_hint_names_the_flag() {
    let exporter = Exporter::start("");
    let rendered = Rendered::new(&exporter.address());
    let _prometheus = rendered.start(&[]);
    execute(&rendered.plan().await[0], 20).await.unwrap();
    rendered.write("prometheus.yml", &config("other:1"));
    let error = execute(&rendered.plan().await[0], 20).await.unwrap_err();
    assert!(error.hint.as_deref().unwrap().contains("--web.enable-lifecycle"), "{error:?}");
}

#[tokio::test]
async fn a_target_that_is_down_names_the_scrape_error() {
    let rendered = Rendered::new(&format!("127.0.0.1:{}", spare_port()));
    let plan = rendered.plan().await;
    let _prometheus = rendered.start(&["--web.enable-lifecycle"]);
    let error = execute(&plan[0], 8).await.unwrap_err();
    assert!(error.message.contains("job `otel-collector`"), "{error:?}");
    assert!(error.causes.concat().contains("connection refused"), "{error:?}");
}

#[tokio::test]
async fn a_prometheus_that_never_comes_is_unreachable() {
    let rendered = Rendered::new("127.0.0.1:1");
    let error = execute(&rendered.plan().await[0], 1).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unreachable);
    assert!(error.causes.concat().contains("Connection refused"), "{error:?}");
}

#[tokio::test]
async fn what_is_no_prometheus_is_told_from_what_is_not_there() {
    for (answer, message) in [
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", Some("404 Not Found: gone")),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", Some("not that of a Prometheus")),
        // Docker's proxy, with nothing behind it, accepts and closes.
        ("", None),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut rendered = Rendered::new("127.0.0.1:1");
        rendered.port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        let observed = Reader::new().unwrap().observe(&rendered.desired()).await.unwrap();
        match message {
            Some(message) => {
                let Observed::Unreadable(why) = &observed else { panic!("{observed:?}") };
                assert!(why.contains(message), "{why}");
            }
            None => assert_eq!(observed, Observed::NotRunning),
        }
    }
}
