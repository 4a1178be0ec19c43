//! Plain HTTP over TCP, from any network namespace.

use nix::sched::{CloneFlags, setns};
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(20);

type Connect = dyn Fn(&str) -> io::Result<TcpStream> + Send + Sync;

/// A way to reach `host:port`. A connection belongs to the network it was made in, whoever
/// uses it afterwards.
#[derive(Clone)]
pub struct Wire(Arc<Connect>);

/// A status and a body.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Wire {
    /// Connects from the network of the thread that calls.
    pub fn here() -> Self {
        // Its number is that of the thread, and other threads must find it too.
        let thread = nix::unistd::gettid();
        Self::within(Path::new(&format!("/proc/self/task/{thread}/ns/net")))
    }

    /// Connects from a network namespace, such as `/proc/PID/ns/net` or `/run/netns/NAME`.
    pub fn within(namespace: &Path) -> Self {
        let shown = namespace.display();
        let namespace = File::open(namespace).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let namespace = Arc::new(namespace);
        Self(Arc::new(move |address: &str| {
            let (namespace, address) = (Arc::clone(&namespace), address.to_owned());
            // Only a thread that ends here may change its network.
            let connecting = thread::spawn(move || {
                setns(&*namespace, CloneFlags::CLONE_NEWNET)?;
                TcpStream::connect(&address)
            });
            connecting.join().expect("connecting does not panic")
        }))
    }

    /// Connects to `host:port`.
    pub fn connect(&self, address: &str) -> io::Result<TcpStream> {
        (self.0)(address)
    }

    /// Fetches a page on a connection of its own.
    pub fn get(&self, address: &str, page: &str) -> io::Result<Answer> {
        Connection::open(self, address)?.call("GET", page, "")
    }
}

/// A connection that is kept for many requests.
pub struct Connection {
    address: String,
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Connects.
    pub fn open(wire: &Wire, address: &str) -> io::Result<Self> {
        let stream = (wire.0)(address)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_nodelay(true)?;
        Ok(Self { address: address.to_owned(), stream: BufReader::new(stream) })
    }

    /// Sends a JSON document, which must be taken as a whole.
    ///
    /// # Panics
    /// When it is not: the truth would be unknown.
    pub fn send(&mut self, path: &str, body: &Value) {
        let answer = self.post(path, body).expect(path);
        let whole = ["{}", "{\"partialSuccess\":{}}"].contains(&answer.body.trim());
        assert!(answer.status == 200 && whole, "{path}: {} {}", answer.status, answer.body);
    }

    /// Sends a JSON document, which may be refused.
    pub fn post(&mut self, path: &str, body: &Value) -> io::Result<Answer> {
        self.call("POST", path, &body.to_string())
    }

    fn call(&mut self, method: &str, path: &str, body: &str) -> io::Result<Answer> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let garbage = |line: &str| io::Error::other(format!("`{line}` is no HTTP"));
        let line = self.line()?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.ok_or_else(|| garbage(&line))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(':') {
                None => break,
                Some(("content-length", value)) => {
                    length = value.trim().parse().map_err(|_| garbage(&line))?;
                }
                Some(("transfer-encoding", value)) => chunked = value.trim() == "chunked",
                Some(_) => {}
            }
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                let line = self.line()?;
                let size = u64::from_str_radix(&line, 16).map_err(|_| garbage(&line))?;
                self.stream.by_ref().take(size).read_to_end(&mut body)?;
                self.line()?;
                if size == 0 {
                    break;
                }
            }
        } else {
            self.stream.by_ref().take(length).read_to_end(&mut body)?;
        }
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}
