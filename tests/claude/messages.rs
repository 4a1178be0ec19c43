//! A made-up Messages API: answers every question with a greeting, and keeps what was used.
//!
//! Speaks as much HTTP and as many server-sent events as the client needs, after Anthropic's
//! published API reference. What is used differs from answer to answer.

use nix::sched::{CloneFlags, setns};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

/// What the API says was used of a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Input, output, read from the cache, written to it.
    pub tokens: [u32; 4],
    /// Answers that read from the cache.
    pub hits: u32,
    /// Answers that did not.
    pub misses: u32,
}

#[derive(Debug, Default)]
struct Book {
    used: BTreeMap<String, Usage>,
    answers: u32,
    /// Each request's method and path.
    log: Vec<String>,
}

/// A made-up API that answers for as long as the test runs.
pub struct Api {
    port: u16,
    book: Arc<Mutex<Book>>,
}

impl Api {
    /// Listens on the loopback interface of a network namespace.
    pub fn start(namespace: &Path) -> Self {
        let namespace = File::open(namespace).expect("the host has a network");
        let book = Arc::new(Mutex::new(Book::default()));
        // Only a thread of its own may change its network.
        let listening = thread::spawn(move || {
            setns(&namespace, CloneFlags::CLONE_NEWNET).expect("enter the host's network");
            TcpListener::bind("127.0.0.1:0").expect("listen")
        });
        let listener = listening.join().expect("it listens");
        let port = listener.local_addr().expect("it is bound").port();
        let kept = Arc::clone(&book);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let book = Arc::clone(&kept);
                thread::spawn(move || serve(stream, &book));
            }
        });
        Self { port, book }
    }

    /// Where the client finds it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was used so far, by model.
    pub fn used(&self) -> BTreeMap<String, Usage> {
        self.book.lock().expect("a book").used.clone()
    }

    /// Every request so far.
    pub fn log(&self) -> String {
        self.book.lock().expect("a book").log.join("\n")
    }

    /// Requests that no client of a Messages API makes.
    pub fn strangers(&self) -> Vec<String> {
        let known = ["POST /v1/messages", "HEAD /", "GET / "];
        let book = self.book.lock().expect("a book");
        let strange = book.log.iter().filter(|line| !known.iter().any(|k| line.starts_with(k)));
        strange.cloned().collect()
    }
}

fn serve(stream: TcpStream, book: &Mutex<Book>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (line, body) = request(&mut stream).ok()?;
        book.lock().expect("a book").log.push(line.clone());
        let mut words = line.split(' ');
        let (method, path) = (words.next()?, words.next()?);
        let page = path.split('?').next()?;
        let question: Value = serde_json::from_slice(&body).unwrap_or_default();
        let (kind, answer) = match (method, page) {
            ("POST", "/v1/messages") => message(&question, book),
            ("POST", "/v1/messages/count_tokens") => {
                ("application/json", json!({"input_tokens": 10}).to_string())
            }
            _ => ("application/json", "{}".to_owned()),
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
             request-id: req_made_up\r\n\r\n",
            answer.len()
        );
        let answer = if method == "HEAD" { "" } else { &answer };
        stream.get_mut().write_all(format!("{head}{answer}").as_bytes()).ok()?;
    }
}

/// Reads a request: its first line and its body.
fn request(stream: &mut BufReader<TcpStream>) -> io::Result<(String, Vec<u8>)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let length = lines.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut body = vec![0; length.unwrap_or_default()];
    stream.read_exact(&mut body)?;
    Ok((lines.first().cloned().unwrap_or_default(), body))
}

/// Greets, and writes down what that used.
fn message(question: &Value, book: &Mutex<Book>) -> (&'static str, String) {
    let model = question["model"].as_str().unwrap_or("unknown").to_owned();
    let mut book = book.lock().expect("a book");
    book.answers += 1;
    let number = book.answers;
    let read = if number.is_multiple_of(3) { 0 } else { 1000 + 37 * number };
    let tokens = [11 + number, 5 + 3 * number, read, 100 + 7 * number];
    let used = book.used.entry(model.clone()).or_default();
    for (sum, tokens) in used.tokens.iter_mut().zip(tokens) {
        *sum += tokens;
    }
    if read > 0 {
        used.hits += 1;
    } else {
        used.misses += 1;
    }
    let [input, output, read, written] = tokens;
    let usage = |output: u32| {
        json!({
            "input_tokens": input,
            "output_tokens": output,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": written,
        })
    };
    let text = "hello";
    let message = |content: Value, reason: Value, output: u32| {
        json!({
            "id": format!("msg_{number}"), "type": "message", "role": "assistant", "model": model,
            "content": content, "stop_reason": reason, "stop_sequence": null,
            "usage": usage(output),
        })
    };
    if question["stream"] != true {
        let content = json!([{"type": "text", "text": text}]);
        return ("application/json", message(content, "end_turn".into(), output).to_string());
    }
    let events = [
        ("message_start", json!({"message": message(json!([]), Value::Null, 1)})),
        ("content_block_start", json!({"index": 0, "content_block": {"type": "text", "text": ""}})),
        ("content_block_delta", json!({"index": 0, "delta": {"type": "text_delta", "text": text}})),
        ("content_block_stop", json!({"index": 0})),
        (
            "message_delta",
            json!({
                "delta": {"stop_reason": "end_turn", "stop_sequence": null},
                "usage": {"output_tokens": output},
            }),
        ),
        ("message_stop", json!({})),
    ];
    let shown = events.into_iter().map(|(name, mut event)| {
        event["type"] = name.into();
        format!("event: {name}\ndata: {event}\n\n")
    });
    ("text/event-stream", shown.collect())
}
