//! A steady load that notes what was taken and when: each export is one token.

use crate::live::otlp::{Connection, Wire};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Scope, ScopedJoinHandle, sleep};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const RECEIVER: &str = "127.0.0.1:4318";
const PACE: Duration = Duration::from_millis(20);

/// What became of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// The collector answered 200.
    Taken,
    /// Nobody took it.
    Refused,
    /// The connection broke before an answer came.
    Unsure,
}

/// Every export with its moment and fate.
#[derive(Debug)]
pub struct Pulse(Vec<(Instant, Fate)>);

impl Pulse {
    /// Sends under a `service.name` until told to end. Nothing is sent twice.
    pub fn start<'s>(
        scope: &'s Scope<'s, '_>,
        wire: &'s Wire,
        service: &'s str,
        end: &'s AtomicBool,
    ) -> ScopedJoinHandle<'s, Self> {
        scope.spawn(move || {
            let (mut connection, mut seen) = (None, Vec::new());
            let mut next = Instant::now();
            while !end.load(Ordering::Relaxed) {
                let at = Instant::now();
                let fate = match connection.take().or_else(|| Connection::open(wire, RECEIVER).ok())
                {
                    None => Fate::Refused,
                    Some(mut open) => match open.post("/v1/metrics", &export(service)) {
                        Ok(answer) => {
                            assert_eq!(answer.status, 200, "{}", answer.body);
                            connection = Some(open);
                            Fate::Taken
                        }
                        Err(_) => Fate::Unsure,
                    },
                };
                seen.push((at, fate));
                next = Instant::now().max(next + PACE);
                sleep(next.saturating_duration_since(Instant::now()));
            }
            Self(seen)
        })
    }

    fn count(&self, fate: Fate) -> u64 {
        self.0.iter().map(|(_, found)| u64::from(*found == fate)).sum()
    }

    /// Exports that the collector has answered.
    pub fn taken(&self) -> u64 {
        self.count(Fate::Taken)
    }

    /// Exports of which nobody knows whether they were taken.
    pub fn unsure(&self) -> u64 {
        self.count(Fate::Unsure)
    }

    /// The longest time in which nothing was taken.
    pub fn gap(&self) -> Duration {
        let taken: Vec<_> = self.0.iter().filter(|(_, fate)| *fate == Fate::Taken).collect();
        let gaps = taken.windows(2).map(|pair| pair[1].0 - pair[0].0);
        gaps.max().unwrap_or_default()
    }

    /// The time in which so many exports are sent, on a machine that keeps up.
    pub fn time_of(exports: u64) -> Duration {
        PACE * u32::try_from(exports).expect("a few")
    }
}

fn export(service: &str) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let point = json!({
        "attributes": [text("type", "input"), text("model", "claude-opus-4-5")],
        "startTimeUnixNano": (now - 1_000_000).to_string(),
        "timeUnixNano": now.to_string(),
        "asDouble": 1.0,
    });
    json!({"resourceMetrics": [{
        "resource": {"attributes": [
            text("service.name", service), text("service.version", "2.0.0"),
        ]},
        "scopeMetrics": [{
            "scope": {"name": "com.anthropic.claude_code"},
            "metrics": [{"name": "claude_code.token.usage", "unit": "tokens", "sum": {
                "aggregationTemporality": 1, "isMonotonic": true, "dataPoints": [point],
            }}],
        }],
    }]})
}
