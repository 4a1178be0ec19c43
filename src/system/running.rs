//! One running process, as `/proc` shows it, and the signal that has it read its files again.

use crate::diagnostic::{Diagnostic, Kind};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// A process, told from a later one of the same id by when it started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The process id.
    pub id: u32,
    /// When it started, in ticks since the machine did.
    pub started: u64,
    /// The program's file; none when that is not readable or gone.
    pub executable: Option<PathBuf>,
    /// The command line.
    pub arguments: Vec<String>,
    /// The systemd service it belongs to, such as `prometheus.service`.
    pub service: Option<String>,
}

impl Running {
    /// Looks at a process; none when it is gone or may not be looked at.
    #[must_use]
    pub fn find(id: u32) -> Option<Self> {
        let path = |name: &str| format!("/proc/{id}/{name}");
        let arguments = fs::read(path("cmdline")).ok()?;
        let arguments = arguments
            .split(|byte| *byte == 0)
            .map(|argument| String::from_utf8_lossy(argument).into_owned());
        let arguments: Vec<String> = arguments.filter(|argument| !argument.is_empty()).collect();
        if arguments.is_empty() {
            // It has ended, and its parent has not noticed.
            return None;
        }
        let groups = fs::read_to_string(path("cgroup")).unwrap_or_default();
        Some(Self {
            id,
            started: started(&fs::read_to_string(path("stat")).ok()?)?,
            executable: fs::read_link(path("exe")).ok().filter(|program| program.exists()),
            arguments,
            service: service(&groups),
        })
    }

    /// Says that a path means the same file for this process as another one does here.
    #[must_use]
    pub fn sees(&self, path: &Path, here: &Path) -> bool {
        let Ok(folder) = fs::read_link(format!("/proc/{}/cwd", self.id)) else { return false };
        let inside = folder.join(path);
        let inside = inside.strip_prefix("/").unwrap_or(&inside);
        let identity = |path: &Path| fs::metadata(path).ok().map(|file| (file.dev(), file.ino()));
        let there = identity(&Path::new(&format!("/proc/{}/root", self.id)).join(inside));
        there.is_some() && there == identity(here)
    }

    /// Sends SIGHUP, unless the process is another one by now.
    pub fn hang_up(&self) -> Result<(), Diagnostic> {
        let failed = |why: String| {
            let message = format!("cannot send SIGHUP to process {}", self.id);
            Diagnostic::error(Kind::Failed, message).code("system::signal").cause(why)
        };
        if Self::find(self.id).map(|now| now.started) != Some(self.started) {
            return Err(failed("it has ended".to_owned()));
        }
        let id = i32::try_from(self.id).map_err(|error| failed(error.to_string()))?;
        kill(Pid::from_raw(id), Signal::SIGHUP).map_err(|error| {
            let failed = failed(error.to_string());
            match error {
                nix::errno::Errno::EPERM => Diagnostic { kind: Kind::Permission, ..failed }
                    .hint("run it as root, for example with `sudo`"),
                _ => failed,
            }
        })
    }
}

/// The 22nd field of `/proc/PID/stat`; the second may hold spaces and brackets.
fn started(stat: &str) -> Option<u64> {
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(19)?.parse().ok()
}

/// The service of a control group, in either version's form.
fn service(groups: &str) -> Option<String> {
    let named = |line: &str| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        let name = path.rsplit('/').next()?;
        let systemd = controllers.is_empty() || controllers == "name=systemd";
        let system = path.starts_with("/system.slice/");
        (systemd && system && name.ends_with(".service")).then(|| name.to_owned())
    };
    groups.lines().find_map(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_found_and_sees_its_own_files() {
        let own = Running::find(std::process::id()).expect("this process");
        assert!(own.started > 0 && own.executable.is_some() && !own.arguments.is_empty());
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(own.sees(&manifest, &manifest));
        assert!(!own.sees(Path::new("/etc/passwd"), &manifest));
        assert!(!own.sees(Path::new("/no/such/file"), Path::new("/no/such/file")));
        assert_eq!(Running::find(u32::MAX), None);
    }

    #[test]
    fn a_signal_meets_no_later_process_of_the_same_id() {
        let own = Running::find(std::process::id()).expect("this process");
        let earlier = Running { started: own.started - 1, ..own };
        let error = earlier.hang_up().expect_err("another process");
        assert_eq!(error.causes, ["it has ended"]);
    }

    #[test]
    fn the_service_stands_in_the_control_group() {
        let two = "0::/system.slice/prometheus.service\n";
        let one = "12:cpu:/x\n1:name=systemd:/system.slice/prometheus.service\n";
        for groups in [two, one] {
            assert_eq!(service(groups).as_deref(), Some("prometheus.service"));
        }
        for groups in ["0::/user.slice/user-0.slice/session-1.scope\n", "0::/\n", "", "x"] {
            assert_eq!(service(groups), None, "{groups}");
        }
        let container = "0::/system.slice/docker-0a1b.scope\n";
        assert_eq!(service(container), None);
        assert_eq!(
            started("7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 99 0"),
            Some(99)
        );
    }
}
