//! A machine whose first process is the real systemd, with Docker and nftables as its units.
//!
//! It is a copy of this machine in namespaces of its own (`boot.sh`) and stands in the place
//! of a world's host: same network, same neighbours, same registry. Knows nothing of otelctl.

use crate::live::world::{Output, Place, Running, World};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

const BOOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/systemd/boot.sh");
const PATIENCE: Duration = Duration::from_secs(60);

/// A booted machine; it ends when it is dropped.
pub struct Machine<'a> {
    world: &'a World,
    folder: PathBuf,
    systemd: u32,
    process: Option<Running>,
}

impl<'a> Machine<'a> {
    /// Boots for the first time, without Docker, in the place of the world's own engine.
    pub fn boot(world: &'a World) -> Self {
        world.stop_docker();
        let folder = world.dir().join("machine");
        let mut machine = Self { world, folder, systemd: 0, process: None };
        machine.switch_on();
        machine
    }

    fn switch_on(&mut self) {
        // The control group has the name of the world's folder, which removes it.
        let root = self.world.dir().parent().and_then(|root| root.file_name()).expect("a folder");
        let folder = self.folder.display();
        let log = self.world.dir().join("boot.log");
        let script =
            format!("exec bash {BOOT} '{folder}' '{}' >>'{}' 2>&1", root.display(), log.display());
        self.process = Some(self.world.spawn(Place::Host, &script));
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Some(found) = first_process(&folder.to_string()) {
                self.systemd = found;
                let state = self.shell("systemctl is-system-running --wait");
                if matches!(state.stdout.trim(), "running" | "degraded") {
                    return;
                }
            }
            sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(&log).unwrap_or_default();
        let jobs = self.shell("systemctl list-jobs; systemctl --failed");
        panic!("systemd does not start:\n{log}\n{jobs:?}");
    }

    /// Shuts down as an admin does, and boots again.
    pub fn reboot(&mut self) {
        self.shell("systemctl poweroff");
        let begin = Instant::now();
        while first_process(&self.folder.display().to_string()).is_some() {
            assert!(begin.elapsed() < PATIENCE, "it does not shut down");
            sleep(Duration::from_millis(50));
        }
        self.process = None;
        self.switch_on();
    }

    /// A path of the machine as this one reaches it.
    pub fn path(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{path}", self.systemd))
    }

    /// Runs a shell command in the machine.
    pub fn shell(&self, script: &str) -> Output {
        let mut command = Command::new("nsenter");
        command.arg("--target").arg(self.systemd.to_string());
        command.args(["--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--root", "--wd"]);
        command.args(["env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]);
        Output::of(command.args(["sh", "-c", script]))
    }

    /// Runs a command again and again until it prints this, which it must within 30 seconds.
    #[track_caller]
    pub fn awaits(&self, script: &str, expected: &str) {
        let begin = Instant::now();
        let mut seen = self.shell(script);
        while seen.stdout.trim() != expected {
            assert!(begin.elapsed() < PATIENCE / 2, "{script}: {seen:?} instead of `{expected}`");
            sleep(Duration::from_millis(100));
            seen = self.shell(script);
        }
    }
}

impl Drop for Machine<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.shell("journalctl --no-pager -p notice -n 60; systemctl --failed");
            eprintln!("the machine said last:\n{}", log.stdout);
        }
        // unshare takes everything in the namespace with it.
        self.process = None;
        let begin = Instant::now();
        let folder = self.folder.display().to_string();
        while first_process(&folder).is_some() && begin.elapsed() < PATIENCE {
            sleep(Duration::from_millis(50));
        }
    }
}

/// The process that is the first of its namespace and was told of this folder.
fn first_process(folder: &str) -> Option<u32> {
    let mark = format!("MACHINE={folder}\0");
    let processes = fs::read_dir("/proc").expect("processes").flatten();
    processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).find(|id: &u32| {
        let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let first = status.lines().any(|l| l.starts_with("NSpid:") && l.ends_with("\t1"));
        first && String::from_utf8_lossy(&environment).contains(&mark)
    })
}
