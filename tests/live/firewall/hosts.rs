//! A host between two neighbours and a container, as bare network namespaces.
//!
//! ```text
//!   inside 10.10.10.2, fd00:10::2                 outside 198.51.100.2, 2001:db8::2
//!            └─ 10.10.10.1, fd00:10::1 ── host ── 198.51.100.1, 2001:db8::1 ─┘
//!                                 otc-otel 172.31.250.1
//!                                           └─ container 172.31.250.2
//! ```
//!
//! Unlike a `World` it has no Docker Engine, and the test's own code runs inside: a thread
//! that enters a namespace calls the provider there. Knows nothing of what is tested.

use nix::sched::{CloneFlags, setns};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// The first process of a process namespace: when the test lets go of its input, or dies, the
/// kernel ends it and everything it holds.
const HOLD: &str = r#"
set -eu
mkdir -p /run/netns; mount -t tmpfs tmpfs /run/netns
neighbour() { # NAME HOST4 PEER4 HOST6 PEER6
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
neighbour inside 10.10.10.1 10.10.10.2 fd00:10::1 fd00:10::2
neighbour outside 198.51.100.1 198.51.100.2 2001:db8::1 2001:db8::2
ip link add otc-otel type bridge
ip address add 172.31.250.1/24 dev otc-otel
ip link set otc-otel up
ip netns add container
ip link add port0 type veth peer name eth0 netns container
ip link set port0 master otc-otel up
ip -n container link set lo up
ip -n container address add 172.31.250.2/24 dev eth0
ip -n container link set eth0 up
ip -n container route add default via 172.31.250.1
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
echo ready
read -r _ || true
"#;

/// Where code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The machine that the stack runs on.
    Host,
    /// A machine of the trusted network.
    Inside,
    /// A machine of the rest of the world.
    Outside,
    /// A container of the stack.
    Container,
}

/// What a TCP client meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// A connection.
    Open,
    /// A refusal: the packet arrived, and nobody listens.
    Refused,
    /// Silence.
    Dropped,
}

/// The namespaces; they go with this value.
pub struct Hosts(Child);

impl Hosts {
    /// Makes the namespaces and their networks.
    pub fn new() -> Self {
        let mut holder = Command::new("unshare")
            .args(["--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child"])
            .args(["bash", "-c", HOLD])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("run unshare");
        let mut line = String::new();
        let stdout = holder.stdout.take().expect("is piped");
        BufReader::new(stdout).read_line(&mut line).expect("read from the holder");
        assert_eq!(line.trim(), "ready", "cannot make network namespaces: is this root?");
        Self(holder)
    }

    /// Runs code in a thread of its own whose network is that of `place`.
    pub fn run<T: Send>(&self, place: Place, code: impl FnOnce() -> T + Send) -> T {
        // `unshare --fork` waits in the new networks too, outside its process namespace.
        let holder = self.0.id();
        let child = std::fs::read_to_string(format!("/proc/{holder}/task/{holder}/children"))
            .expect("list the holder's child");
        let root = format!("/proc/{}/root/run/netns", child.trim());
        let path = match place {
            Place::Host => format!("/proc/{holder}/ns/net"),
            Place::Inside => format!("{root}/inside"),
            Place::Outside => format!("{root}/outside"),
            Place::Container => format!("{root}/container"),
        };
        let namespace = File::open(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        thread::scope(|scope| {
            let entered = move || {
                setns(namespace, CloneFlags::CLONE_NEWNET).expect("enter a network namespace");
                code()
            };
            scope.spawn(entered).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Runs a program, which must succeed, and returns what it printed.
    #[track_caller]
    pub fn command(&self, place: Place, arguments: &[&str]) -> String {
        let output = self.run(place, || {
            Command::new(arguments[0]).args(&arguments[1..]).output().expect("run a program")
        });
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        String::from_utf8(output.stdout).expect("is text")
    }

    /// Runs `nft -f -` on the host.
    #[track_caller]
    pub fn nft(&self, rules: &str) {
        let status = self.run(Place::Host, || {
            let mut nft = Command::new("nft")
                .args(["-f", "-"])
                .stdin(Stdio::piped())
                .spawn()
                .expect("run nft");
            nft.stdin.take().expect("is piped").write_all(rules.as_bytes()).expect("write rules");
            nft.wait().expect("wait for nft")
        });
        assert!(status.success(), "nft refuses:\n{rules}");
    }

    /// Listens on every address, IPv4 and IPv6, as long as the value lives.
    pub fn listen(&self, place: Place, ports: &[u16]) -> Vec<TcpListener> {
        self.run(place, || {
            ports.iter().map(|port| TcpListener::bind(("::", *port)).expect("listen")).collect()
        })
    }

    /// Knocks on `address` from `place`.
    pub fn knock(&self, place: Place, address: &str) -> Door {
        let address: SocketAddr = address.parse().expect("is an address with a port");
        self.run(place, || knock(address, Duration::from_millis(700)))
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Knocks from where the calling thread is.
pub fn knock(address: SocketAddr, patience: Duration) -> Door {
    match TcpStream::connect_timeout(&address, patience) {
        Ok(_) => Door::Open,
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => Door::Refused,
        Err(error) if error.kind() == std::io::ErrorKind::TimedOut => Door::Dropped,
        Err(error) => panic!("{address}: {error}"),
    }
}
