//! The Docker Engine of a world.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::folder::Folder;
use super::namespaces::Namespaces;
use super::registry::Registry;

const PATIENCE: Duration = Duration::from_secs(90);

/// A running dockerd; the child is the nsenter that waits for it.
pub struct Engine {
    child: Child,
    pid_file: PathBuf,
}

impl Engine {
    /// Starts dockerd and waits until it answers.
    pub fn start(namespaces: &Namespaces, folder: &Folder) -> Self {
        // Named, so that the machine's own /etc/docker/daemon.json is not read.
        let settings = folder.path("daemon.json");
        fs::write(&settings, "{}").expect("write the settings");
        let pid_file = folder.path("docker.pid");
        let (address, port) = Registry::ADDRESS;
        let log = folder.log("dockerd");
        let child = namespaces
            .enter_all()
            .arg("dockerd")
            .arg(format!("--host=unix://{}", folder.socket().display()))
            .arg("--config-file")
            .arg(settings)
            .arg("--data-root")
            .arg(folder.path("data"))
            .arg("--exec-root")
            .arg(folder.path("exec"))
            .arg("--pidfile")
            .arg(&pid_file)
            .arg(format!("--cgroup-parent={}", folder.control_group()))
            .arg("--exec-opt=native.cgroupdriver=cgroupfs")
            .arg(format!("--registry-mirror=http://{address}:{port}"))
            .args(["--group=root", "--log-level=warn"])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("open the log"))
            .stderr(log)
            .spawn()
            .expect("run dockerd");
        let mut engine = Self { child, pid_file };
        let begin = Instant::now();
        while !answers(folder) {
            let ended = engine.child.try_wait().expect("wait for dockerd").is_some();
            assert!(
                !ended && begin.elapsed() < PATIENCE,
                "dockerd does not start:\n{}",
                folder.log_tail("dockerd")
            );
            sleep(Duration::from_millis(50));
        }
        engine
    }

    /// Asks dockerd to stop, and waits for it.
    pub fn stop(self, namespaces: &Namespaces) {
        self.end(namespaces, "TERM");
    }

    /// Kills dockerd, whose containers go on, and waits until it is gone.
    pub fn kill(self, namespaces: &Namespaces) {
        self.end(namespaces, "KILL");
    }

    fn end(mut self, namespaces: &Namespaces, signal: &str) {
        namespaces.signal(signal, &self.pid_file);
        let begin = Instant::now();
        while self.child.try_wait().expect("wait for dockerd").is_none() {
            assert!(begin.elapsed() < PATIENCE, "dockerd does not stop");
            sleep(Duration::from_millis(50));
        }
    }
}

/// Whether the engine answers on its socket.
fn answers(folder: &Folder) -> bool {
    let ask = || {
        let mut stream = UnixStream::connect(folder.socket())?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        Ok::<_, std::io::Error>(answer.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}
