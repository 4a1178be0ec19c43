//! The namespaces of a world, and the one process that holds them.
//!
//! That process is the first of a process namespace and waits for the end of its standard
//! input. When the test drops its end of the pipe, or dies, the kernel kills everything in the
//! namespace, and the mounts and networks go with the last of their users: nothing is left to
//! find and undo.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{Output, Place};

/// Where programs are looked for: a test must not depend on who started it.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Bash, since as the first process it also reaps the orphans.
const HOLD: &str = r#"
set -eu
# Docker would use the machine's own containerd where one runs; names of networks stay in here.
for folder in /run/containerd /run/netns; do mkdir -p "$folder"; mount -t tmpfs tmpfs "$folder"; done
# What the mirror lacks fails alike on every machine, with a network or without.
echo '127.0.0.1 localhost registry-1.docker.io' >/run/containerd/hosts
mount --bind /run/containerd/hosts /etc/hosts
# The machine's own systemd must not be asked to run what a test installs, and its units and
# the folder that a profile names by default are of no concern here.
for folder in /run/systemd /etc/systemd/system /opt; do mkdir -p "$folder"; mount -t tmpfs -o mode=755 tmpfs "$folder"; done
machine() { # NAME HOST4 PEER4 HOST6 PEER6
  ip netns add "$1"
  ip link add "$1" type veth peer name eth0 netns "$1"
  ip address add "$2/24" dev "$1"
  ip address add "$4/64" dev "$1" nodad
  ip link set "$1" up
  ip -n "$1" link set lo up
  ip -n "$1" address add "$3/24" dev eth0
  ip -n "$1" address add "$5/64" dev eth0 nodad
  ip -n "$1" link set eth0 up
  ip -n "$1" route add default via "$2"
  ip -n "$1" -6 route add default via "$4"
}
ip link set lo up
machine inside 10.10.10.1 10.10.10.2 fd00:10::1 fd00:10::2
machine outside 198.51.100.1 198.51.100.2 2001:db8::1 2001:db8::2
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
echo ready
read -r _ || true
"#;

/// Namespaces for networks, mounts and processes.
pub struct Namespaces(Child);

impl Namespaces {
    /// Makes the namespaces and the networks.
    pub fn new() -> Self {
        // Slave: where the machine's own Docker unmounts a container, the copy here goes too.
        let mut holder = Command::new("unshare")
            .args(["--mount", "--propagation", "slave", "--net", "--pid", "--fork", "--mount-proc"])
            .args(["--kill-child", "bash", "-c", HOLD])
            .env_clear()
            .env("PATH", PATH)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("run unshare");
        let mut line = String::new();
        if let Some(stdout) = holder.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).expect("read from the holder");
        }
        assert_eq!(line.trim(), "ready", "cannot make network namespaces");
        Self(holder)
    }

    fn holder(&self) -> u32 {
        self.0.id()
    }

    /// A command that will run at `place`; the program is its first argument.
    ///
    /// Not by `ip netns exec`: that mounts a /sys of its own, without the control groups.
    pub fn enter(&self, place: Place) -> Command {
        match place {
            Place::Host => self.enter_all(),
            Place::Inside | Place::Outside => {
                nsenter(&[format!("--net={}", self.network(place).display())])
            }
        }
    }

    /// The file of the network of `place`.
    pub fn network(&self, place: Place) -> PathBuf {
        let holder = self.holder();
        PathBuf::from(match place {
            Place::Host => format!("/proc/{holder}/ns/net"),
            Place::Inside => format!("/proc/{holder}/root/run/netns/inside"),
            Place::Outside => format!("/proc/{holder}/root/run/netns/outside"),
        })
    }

    /// A command that will run on the host and end with the world.
    pub fn enter_all(&self) -> Command {
        let of = |namespace| format!("/proc/{}/ns/{namespace}", self.holder());
        nsenter(&[
            format!("--net={}", of("net")),
            format!("--mount={}", of("mnt")),
            format!("--pid={}", of("pid_for_children")),
        ])
    }

    /// Sends a signal to the process whose id, as seen from inside, stands in a file.
    pub fn signal(&self, signal: &str, pid_file: &Path) {
        let script = format!("kill -s {signal} \"$(cat '{}')\"", pid_file.display());
        Output::of(self.enter_all().args(["sh", "-c", &script])).ok();
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        // The end of its standard input ends the holder; unshare returns when all are dead.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn nsenter(namespaces: &[String]) -> Command {
    let mut command = Command::new("nsenter");
    command.args(namespaces).arg("--").env_clear().env("PATH", PATH);
    command
}
