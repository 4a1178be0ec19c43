//! A host of its own for a live test: three network namespaces, a real Docker Engine and a
//! registry that serves the images of `scripts/images registry` under their official names.
//!
//! ```text
//!   inside 10.10.10.2, fd00:10::2        outside 198.51.100.2, 2001:db8::2
//!          └──── 10.10.10.1, fd00:10::1 ─ host ─ 198.51.100.1, 2001:db8::1 ────┘
//! ```
//!
//! Both neighbours route everything over the host, so that they can try the addresses of its
//! containers too. Worlds share nothing but the kernel and the stored images: any number of
//! them may run at once. All that a world made goes with it, also when the test is killed.
//! Knows nothing of what is tested.

mod engine;
mod folder;
mod namespaces;
mod output;
mod registry;
mod running;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

pub use output::{Output, Response};
pub use running::Running;

use engine::Engine;
use folder::Folder;
use namespaces::Namespaces;
use registry::Registry;

/// Where a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The machine that Docker and otelctl run on.
    Host,
    /// A machine of the trusted network 10.10.10.0/24.
    Inside,
    /// A machine of the rest of the world, 198.51.100.0/24.
    Outside,
}

/// A host with its Docker Engine, and two machines beside it.
pub struct World {
    // Dropped in this order: what runs, the namespaces it runs in, the folder it wrote to.
    engine: Mutex<Option<Engine>>,
    _registry: Registry,
    namespaces: Namespaces,
    folder: Folder,
}

impl World {
    /// Makes a world and waits until its engine answers; `name` is for people.
    ///
    /// # Panics
    /// When a component is missing; the message says how to install it.
    pub fn new(name: &str) -> Self {
        require_everything();
        let folder = Folder::new(name);
        let namespaces = Namespaces::new();
        let registry = Registry::start(&namespaces, &folder);
        let engine = Engine::start(&namespaces, &folder);
        Self { engine: Mutex::new(Some(engine)), _registry: registry, namespaces, folder }
    }

    /// An empty folder for the test's files, mode 0755.
    pub fn dir(&self) -> &Path {
        self.folder.files()
    }

    /// The socket of the engine.
    pub fn docker_socket(&self) -> PathBuf {
        self.folder.socket()
    }

    /// A command that will run at `place` in a clean environment which names the engine;
    /// the program is its first argument.
    pub fn command(&self, place: Place) -> Command {
        let mut command = self.namespaces.enter(place);
        command.env("DOCKER_HOST", format!("unix://{}", self.docker_socket().display()));
        // To enter the host's mounts is to leave the working directory.
        command.current_dir(self.dir()).args(["env", "--chdir"]).arg(self.dir());
        command
    }

    /// The file of the network namespace of `place`, for what enters it by itself.
    pub fn network(&self, place: Place) -> PathBuf {
        self.namespaces.network(place)
    }

    fn shell(&self, place: Place, script: &str) -> Output {
        Output::of(self.command(place).args(["sh", "-c", script]))
    }

    /// Runs a shell command on the host.
    pub fn host(&self, script: &str) -> Output {
        self.shell(Place::Host, script)
    }

    /// Runs a shell command on a machine of the trusted network.
    pub fn inside(&self, script: &str) -> Output {
        self.shell(Place::Inside, script)
    }

    /// Runs a shell command on a machine of the rest of the world.
    pub fn outside(&self, script: &str) -> Output {
        self.shell(Place::Outside, script)
    }

    /// Starts a shell command at `place`, which ends with the value returned.
    pub fn spawn(&self, place: Place, script: &str) -> Running {
        Running::start(self.command(place).args(["sh", "-c", script]))
    }

    /// Starts a shell command on the host, which ends with the value returned.
    pub fn spawn_host(&self, script: &str) -> Running {
        self.spawn(Place::Host, script)
    }

    /// Runs the otelctl of this build on the host.
    #[allow(dead_code, reason = "the tests of the bed itself come before otelctl")]
    pub fn otelctl(&self, arguments: &[&str]) -> Output {
        Output::of(self.command(Place::Host).arg(env!("CARGO_BIN_EXE_otelctl")).args(arguments))
    }

    /// Fetches `url` from `place`; status 0 means that nothing answered within two seconds.
    pub fn http_get(&self, place: Place, url: &str) -> Response {
        let mut curl = self.command(place);
        curl.args(["curl", "--silent", "--globoff", "--connect-timeout", "2", "--max-time", "20"]);
        Response::of(curl.args(["--write-out", "\n%{http_code}", url]))
    }

    /// Stops the engine and with it every container, as an admin's `systemctl stop docker` does.
    pub fn stop_docker(&self) {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = engine.take() {
            engine.stop(&self.namespaces);
        }
    }

    /// Kills the engine as the kernel does when memory runs out; containers go on without it.
    pub fn kill_docker(&self) {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = engine.take() {
            engine.kill(&self.namespaces);
        }
    }

    /// Starts the engine where it does not run, and waits until it answers.
    pub fn start_docker(&self) {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        engine.get_or_insert_with(|| Engine::start(&self.namespaces, &self.folder));
    }

    /// Stops the engine and starts it again; containers with a restart policy come back.
    pub fn restart_docker(&self) {
        self.stop_docker();
        self.start_docker();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the world's engine said last:\n{}", self.folder.log_tail("dockerd"));
        }
    }
}

/// Fails where a component is missing: a live test that is skipped proves nothing.
fn require_everything() {
    let programs = [
        "curl",
        "docker",
        "docker-registry",
        "dockerd",
        "fish",
        "ip",
        "nft",
        "nsenter",
        "prometheus",
        "promtool",
        "strace",
        "systemctl",
        "systemd-analyze",
        "unshare",
    ];
    for program in programs {
        let found =
            namespaces::PATH.split(':').any(|folder| Path::new(folder).join(program).exists());
        assert!(found, "`{program}` is missing: run `scripts/install test`");
    }
    let root = Output::of(Command::new("id").arg("-u")).stdout.trim() == "0";
    assert!(root, "live tests make network namespaces and need root: run `make test`");
}
