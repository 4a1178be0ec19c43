//! A small stack in a world of its own, and the whole way from its compose file to Docker.

use crate::live::world::World;
use otelctl::artifact::compose::ComposeFile;
use otelctl::diagnostic::Diagnostic;
use otelctl::plan::{Change, Plan};
use otelctl::provider::docker::{Desired, Operation, Reader, Writer, diff};
use otelctl::provider::{Execute, Observe};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const COMPOSE: &str = include_str!("docker-compose.yaml");
/// The collector's configuration.
pub const COLLECTOR: &str = "
extensions: {health_check: {endpoint: '0.0.0.0:13133'}}
receivers: {otlp: {protocols: {grpc: {endpoint: '0.0.0.0:4317'}}}}
exporters: {debug: {}}
service:
  extensions: [health_check]
  pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}
";

/// Stands for the collector's health: 503 so many times, at first twice, then 200. The provider
/// asks from the test's own network, where the world's ports are not.
pub struct Health {
    pub url: String,
    asked: Arc<AtomicUsize>,
    sick_until: Arc<AtomicUsize>,
}

impl Health {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (asked, sick_until) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(2)));
        let (count, until) = (Arc::clone(&asked), Arc::clone(&sick_until));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let sick = count.fetch_add(1, Ordering::SeqCst) < until.load(Ordering::SeqCst);
                let status = if sick { "503 Service Unavailable" } else { "200 OK" };
                let _ = stream.read(&mut [0; 1024]);
                let head =
                    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = stream.write_all(head.as_bytes());
            }
        });
        Self { url, asked, sick_until }
    }

    /// Answers 503 to the next so many questions.
    pub fn fall_sick(&self, questions: usize) {
        self.sick_until.store(self.asked() + questions, Ordering::SeqCst);
    }

    /// How often it was asked so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A stack's folder in a world.
pub struct Stack {
    pub world: World,
    pub health: Health,
    pub compose: String,
}

impl Stack {
    /// Writes the folder; nothing is in Docker yet.
    pub fn new(name: &str) -> Self {
        let (world, health) = (World::new(name), Health::start());
        let directory = world.dir().join("otel");
        let compose =
            COMPOSE.replace("@DIR@", directory.to_str().unwrap()).replace("@HEALTH@", &health.url);
        let stack = Self { world, health, compose };
        stack.write("config/collector.yaml", COLLECTOR);
        stack.write("prometheus/prometheus.yml", "global: {}\n");
        stack.write(".env", "COMPOSE_PROJECT_NAME=otel\n");
        stack.write("docker-compose.yaml", &stack.compose);
        stack
    }

    /// Writes a file of the stack's folder.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.directory().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn directory(&self) -> PathBuf {
        self.world.dir().join("otel")
    }

    pub fn engine(&self) -> String {
        format!("unix://{}", self.world.docker_socket().display())
    }

    /// What a compose file asks for; none: everything goes.
    pub fn desired(&self, compose: Option<&str>) -> Desired {
        Desired {
            stack: "otel".into(),
            project: "otel".into(),
            directory: self.directory().to_str().unwrap().into(),
            compose: compose.map(|text| ComposeFile::parse(text).unwrap()),
            remove_volumes: false,
            previous: Vec::new(),
            read_once: Vec::new(),
            scraped: None,
        }
    }

    /// The changes in order, or what stands in the way.
    pub async fn plan(&self, desired: &Desired) -> Result<Vec<Change<Operation>>, Vec<Diagnostic>> {
        let reader = Reader::connect(&self.engine()).await.unwrap();
        let changes = diff(desired, &reader.observe(desired).await.unwrap())?;
        Ok(Plan::new("otel".into(), changes, Vec::new()).changes().to_vec())
    }

    /// One line a change: action, address, fields.
    pub async fn lines(&self, desired: &Desired) -> Vec<String> {
        let changes = self.plan(desired).await.unwrap();
        let line = |change: &Change<Operation>| {
            let fields: Vec<&str> = change.fields.iter().map(|f| f.field.as_str()).collect();
            let address = change.address.trim_start_matches("docker/");
            format!("{:?} {address} {}", change.action, fields.join(",")).trim_end().to_owned()
        };
        changes.iter().map(line).collect()
    }

    /// Executes the whole plan, as far as it goes.
    pub async fn apply(&self, desired: &Desired) -> Result<(), Diagnostic> {
        let writer = Writer::connect(&self.engine()).await.unwrap();
        for change in self.plan(desired).await.unwrap() {
            writer.execute(&change.operation, &|_| ()).await?;
        }
        Ok(())
    }

    /// The names and full ids of all containers, sorted.
    pub fn containers(&self) -> Vec<String> {
        let list = self.world.host("docker ps --all --no-trunc --format '{{.Names}} {{.ID}}'").ok();
        let mut lines: Vec<String> = list.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    /// Runs docker-compose in the stack's folder.
    pub fn docker_compose(&self, arguments: &str) -> String {
        let directory = self.directory();
        self.world.host(&format!("cd {} && docker-compose {arguments}", directory.display())).ok()
    }
}
