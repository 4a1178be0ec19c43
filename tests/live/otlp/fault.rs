//! A proxy before a collector that has its way with what is sent: it answers 503 instead of
//! forwarding, or after it has forwarded. Knows HTTP/1.1 and no OTLP.

use super::wire::Wire;
use nix::sched::{CloneFlags, setns};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: it is forwarded, and so is its answer.
    None,
    /// Nobody gets it.
    Refused,
    /// The collector gets it, the client is told that nobody did.
    Doubted,
}

/// A proxy that runs for as long as the test does.
pub struct Proxy {
    address: String,
    faults: Arc<AtomicU32>,
}

impl Proxy {
    /// Listens on the loopback interface of a network; `fault` is asked for each export of
    /// metrics by its number, from 0.
    pub fn start(network: &Path, wire: &Wire, receiver: &str, fault: fn(u32) -> Fault) -> Self {
        let network = File::open(network).expect("a network");
        // Only a thread that ends here may change its network.
        let listening = thread::spawn(move || {
            setns(&network, CloneFlags::CLONE_NEWNET).expect("enter the network");
            TcpListener::bind("127.0.0.1:0").expect("listen")
        });
        let listener = listening.join().expect("it listens");
        let address = listener.local_addr().expect("it is bound").to_string();
        let (wire, receiver) = (wire.clone(), receiver.to_owned());
        let (faults, seen) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let told = Arc::clone(&faults);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (wire, receiver) = (wire.clone(), receiver.clone());
                let (seen, told) = (Arc::clone(&seen), Arc::clone(&told));
                thread::spawn(move || {
                    let decide = |metrics: bool| {
                        let number = || seen.fetch_add(1, Ordering::SeqCst);
                        let fault = if metrics { fault(number()) } else { Fault::None };
                        told.fetch_add(u32::from(fault != Fault::None), Ordering::SeqCst);
                        fault
                    };
                    serve(stream, &wire, &receiver, decide)
                });
            }
        });
        Self { address, faults }
    }

    /// `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// How many exports had a fault so far.
    pub fn faults(&self) -> u32 {
        self.faults.load(Ordering::SeqCst)
    }
}

/// Handles one request; each has a connection of its own.
fn serve(
    stream: TcpStream,
    wire: &Wire,
    receiver: &str,
    decide: impl FnOnce(bool) -> Fault,
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (head, body) = request(&mut stream)?;
    let fault = decide(head.starts_with("POST /v1/metrics"));
    let answer = if fault == Fault::Refused {
        Vec::new()
    } else {
        let mut upstream = wire.connect(receiver)?;
        upstream.write_all(head.as_bytes())?;
        upstream.write_all(&body)?;
        let mut answer = Vec::new();
        upstream.read_to_end(&mut answer)?;
        answer
    };
    let refusal =
        b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.get_mut().write_all(if fault == Fault::None { &answer } else { refusal })
}

/// Reads a request: its head, which asks to close the connection afterwards, and its body.
fn request(stream: &mut BufReader<TcpStream>) -> io::Result<(String, Vec<u8>)> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let lower = line.to_ascii_lowercase();
        if line.trim_end().is_empty() {
            break;
        }
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        assert!(!lower.starts_with("transfer-encoding:"), "no client sends chunks: {line}");
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    head.push_str("Connection: close\r\n\r\n");
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok((head, body))
}
