//! A real Prometheus process and a tiny exporter, both gone at the end of a test.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::live::otlp::Wire;

/// The program of the distribution's package.
const PROGRAM: &str = "/usr/bin/prometheus";

/// Finds a port nobody listens on.
pub fn spare_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running Prometheus; dropping it ends the process.
pub struct Prometheus {
    child: Child,
}

impl Prometheus {
    /// Starts it on `prometheus.yml` in a folder that also keeps its data and log.
    pub fn start(directory: &Path, port: u16, arguments: &[&str]) -> Self {
        Self::start_program(Path::new(PROGRAM), directory, port, arguments)
    }

    /// Starts another release in the same way.
    pub fn start_program(program: &Path, directory: &Path, port: u16, arguments: &[&str]) -> Self {
        let log = File::create(directory.join("prometheus.log")).unwrap();
        let child = Command::new(program)
            .arg(format!("--config.file={}", directory.join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", directory.join("tsdb").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .args(arguments)
            .stderr(log)
            .spawn()
            .unwrap_or_else(|e| {
                panic!("cannot run {}: {e}; run `scripts/install test`", program.display())
            });
        Self { child }
    }

    /// Waits until the Prometheus at a URL answers questions.
    pub fn await_ready(url: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let address = url.trim_start_matches("http://");
        while Wire::here().get(address, "/-/ready").map_or(0, |answer| answer.status) != 200 {
            assert!(Instant::now() < deadline, "{url} does not answer");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves one text page on a spare port for as long as the test runs.
pub struct Exporter {
    port: u16,
    page: Arc<Mutex<String>>,
}

impl Exporter {
    /// Starts serving a page.
    pub fn start(page: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let exporter = Self {
            port: listener.local_addr().unwrap().port(),
            page: Arc::new(Mutex::new(page.to_owned())),
        };
        let page = Arc::clone(&exporter.page);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let page = page.lock().unwrap().clone();
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n\
                     Content-Length: {}\r\nConnection: close\r\n\r\n{page}",
                    page.len()
                );
            }
        });
        exporter
    }

    /// Serves another page from now on.
    pub fn show(&self, page: &str) {
        page.clone_into(&mut self.page.lock().unwrap());
    }

    /// `host:port` for a scrape job.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}
