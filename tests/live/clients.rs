//! Clients that send to a stack all the while that something happens to it: one connection a
//! request, and no second try.

use super::applied::Applied;
use super::world::{Place, Running};
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

/// Posts a sum every few milliseconds until it is told to stop, and says what became of them.
const CLIENT: &str = r#"
import http.client, json, os, sys, time
point = {"asInt": "1", "startTimeUnixNano": "1", "timeUnixNano": "2"}
sum = {"aggregationTemporality": 1, "isMonotonic": True, "dataPoints": [point]}
metric = {"name": "claude_code.session.count", "sum": sum}
body = json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]})
sent, lost, longest, last = 0, [], 0.0, time.monotonic()
while not os.path.exists(sys.argv[1]):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", 4318, timeout=5)
        connection.request("POST", "/v1/metrics", body, {"Content-Type": "application/json"})
        status = connection.getresponse().status
        if status != 200:
            raise OSError(status)
    except Exception as error:
        lost.append(repr(error))
    else:
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    finally:
        connection.close()
    sent += 1
    if sent == 1:
        print("sending", flush=True)
    time.sleep(0.01)
print(json.dumps({"sent": sent, "lost": lost, "longest": longest}), flush=True)
"#;

/// Clients of a stack that runs, until they are asked how it went.
pub struct Clients<'s> {
    stack: &'s Applied,
    lines: Box<dyn Iterator<Item = String>>,
    _running: Running,
}

impl<'s> Clients<'s> {
    /// Starts sending.
    pub fn start(stack: &'s Applied) -> Self {
        let (script, stop) = (stack.world.dir().join("client.py"), Self::stop(stack));
        fs::write(&script, CLIENT).unwrap();
        let _ = fs::remove_file(&stop);
        let mut command = stack.world.command(Place::Host);
        command.arg("python3").arg(script).arg(stop).stdout(Stdio::piped());
        let mut running = Running::start(&mut command);
        let mut lines = Box::new(running.lines());
        assert_eq!(lines.next().as_deref(), Some("sending"));
        Self { stack, lines, _running: running }
    }

    fn stop(stack: &Applied) -> PathBuf {
        stack.world.dir().join("client.stop")
    }

    /// Stops sending, and says how it went.
    pub fn end(mut self) -> Traffic {
        fs::write(Self::stop(self.stack), "").unwrap();
        let line = self.lines.next().expect("the client says how it went");
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        let lost = told["lost"].as_array().unwrap().iter().map(ToString::to_string).collect();
        let (sent, longest) = (told["sent"].as_u64().unwrap(), told["longest"].as_f64().unwrap());
        Traffic { sent, lost, longest }
    }
}

/// How it went.
pub struct Traffic {
    /// How many requests there were.
    pub sent: u64,
    /// Why some were lost.
    pub lost: Vec<String>,
    /// The longest time without an answer, in seconds.
    pub longest: f64,
}
