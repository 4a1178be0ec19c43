//! Made-up people whose clients tell much, little, or something odd about them.

use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// With a price, without one, and none at all.
const MODELS: [Option<&str>; 4] =
    [Some("claude-opus-4-5-20251101"), Some("claude-haiku-4-5"), Some("claude-next-9"), None];

/// Resource attributes that are named as the labels of single counters.
const TRAPS: [(&str, &str); 5] =
    [("language", "de"), ("source", "x"), ("type", "x"), ("decision", "x"), ("tool_name", "x")];

const EXPORTS: u64 = 6;

/// One person with one client; the number decides everything.
pub struct Member {
    number: u64,
    started: u128,
}

impl Member {
    pub fn new(number: u64) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        Self { number, started: now.as_nanos() }
    }

    /// Everything that the client sends, each with its path.
    pub fn requests(&self) -> Vec<(&'static str, Value)> {
        let all = (0..EXPORTS).flat_map(|export| {
            [
                ("/v1/metrics", self.metrics(export)),
                ("/v1/logs", self.logs(export)),
                ("/v1/traces", self.spans(export)),
            ]
        });
        all.collect()
    }

    fn resource(&self) -> Value {
        let mut attributes = vec![string("service.name", "claude-code")];
        if self.number % 8 != 5 {
            attributes.push(string("service.version", &format!("2.0.{}", self.number % 2)));
        }
        attributes.push(string("host.arch", ["amd64", "arm64"][self.choice(2)]));
        attributes.extend(TRAPS.map(|(key, value)| string(key, value)));
        attributes.extend(match self.number % 6 {
            0 | 1 => Some(string("team", "platform")),
            _ => None,
        });
        if self.number % 3 == 1 {
            attributes.push(string("repository", "a \"quoted\" \\ path, with {braces}\nand $1"));
            attributes.push(string("cost.center", "4711"));
        }
        json!({"attributes": attributes})
    }

    /// What each point, event and span carries.
    fn attributes(&self) -> Vec<Value> {
        let mut all = vec![
            string("session.id", &format!("session-{}-{}", std::process::id(), self.number)),
            string("user.id", &format!("u{}", self.number % 5)),
        ];
        all.extend(match self.number % 4 {
            0 => vec![string("user.email", "ann@example.org"), string("organization.id", "o1")],
            1 => vec![string("user.email", "béa@example.org"), string("organization.id", "o2")],
            2 => vec![],
            _ => vec![string("user.email", "")],
        });
        all.extend(match self.number % 6 {
            // As the CLI copies what `OTEL_RESOURCE_ATTRIBUTES` says.
            1 => Some(string("team", "platform")),
            2 => Some(json!({"key": "team", "value": {"intValue": "7"}})),
            3 => Some(json!({"key": "team", "value": {"boolValue": true}})),
            5 => Some(string("team", "7")),
            _ => None,
        });
        if self.number.is_multiple_of(2) {
            all.push(string("terminal.type", ["vscode", "xterm"][self.choice(2)]));
            all.push(string("effort", ["high", "low", "medium"][self.choice(3)]));
        }
        all
    }

    /// With its own attributes, which win over those of the resource.
    fn with(&self, own: &[(&str, &str)]) -> Vec<Value> {
        let mut all = self.attributes();
        all.extend(own.iter().map(|(key, value)| string(key, value)));
        if self.number % 2 == 1 {
            let copied = TRAPS.iter().filter(|(key, _)| own.iter().all(|(taken, _)| taken != key));
            all.extend(copied.map(|(key, value)| string(key, value)));
        }
        all
    }

    fn metrics(&self, export: u64) -> Value {
        let model = MODELS[usize::try_from((self.number + export) % 4).expect("small")];
        let model: Vec<(&str, &str)> = model.map(|model| ("model", model)).into_iter().collect();
        let source = ("query_source", ["main", "subagent"][self.choice(2)]);
        let about = |own: &[(&'static str, &'static str)]| {
            let all: Vec<(&str, &str)> = model.iter().chain(own).copied().chain([source]).collect();
            self.with(&all)
        };
        let kinds = ["input", "output", "cacheRead", "cacheCreation"];
        let tokens = kinds.map(|kind| about(&[("type", kind)]));
        let edit = [
            ("decision", ["accept", "reject"][self.choice(2)]),
            ("tool_name", "Edit"),
            ("language", "Rust"),
        ];
        let metrics = json!([
            self.sum("claude_code.session.count", export, &[self.with(&[])]),
            self.sum("claude_code.token.usage", export, &tokens),
            self.sum("claude_code.cost.usage", export, &[about(&[])]),
            self.sum("claude_code.lines_of_code.count", export, &[about(&[("type", "added")])]),
            self.sum("claude_code.commit.count", export, &[self.with(&[])]),
            self.sum("claude_code.pull_request.count", export, &[self.with(&[])]),
            self.sum("claude_code.code_edit_tool.decision", export, &[self.with(&edit)]),
            self.sum("claude_code.active_time.total", export, &[self.with(&[("type", "cli")])]),
        ]);
        json!({"resourceMetrics": [{"resource": self.resource(), "scopeMetrics": [{
            "scope": {"name": "com.anthropic.claude_code"},
            "metrics": metrics,
        }]}]})
    }

    fn sum(&self, name: &str, export: u64, points: &[Vec<Value>]) -> Value {
        let cumulative = self.number % 5 == 4;
        let (begin, end) = (self.started + u128::from(export) * 1_000_000, 1_000_000);
        let begin_of_all = if cumulative { self.started } else { begin };
        let points: Vec<Value> = points
            .iter()
            .zip(1_u64..)
            .map(|(attributes, number)| {
                let value = number * 1_000 + self.number * 10;
                // A cumulative one tells how many there were of this model until now.
                let value = if cumulative { value * (export + 1) } else { value + export };
                let mut point = json!({
                    "attributes": attributes,
                    "startTimeUnixNano": begin_of_all.to_string(),
                    "timeUnixNano": (begin + end).to_string(),
                });
                if self.number.is_multiple_of(3) {
                    point["asInt"] = value.to_string().into();
                } else {
                    point["asDouble"] = value.into();
                }
                point
            })
            .collect();
        json!({"name": name, "sum": {
            "aggregationTemporality": if cumulative { 2 } else { 1 },
            "isMonotonic": true,
            "dataPoints": points,
        }})
    }

    fn logs(&self, export: u64) -> Value {
        let record = |hit: bool| {
            let tokens = if hit { "100" } else { "0" };
            let mut attributes = self.with(&[
                ("event.name", "api_request"),
                ("query_source", "main"),
                ("cache_read_tokens", tokens),
            ]);
            if let Some(model) = MODELS[self.choice(4)] {
                attributes.push(string("model", model));
            }
            json!({"attributes": attributes, "timeUnixNano": self.started.to_string()})
        };
        let records: Vec<Value> = (0..=export).map(|number| record(number % 3 > 0)).collect();
        json!({"resourceLogs": [{"resource": self.resource(), "scopeLogs": [{
            "scope": {"name": "com.anthropic.claude_code.events"},
            "logRecords": records,
        }]}]})
    }

    fn spans(&self, export: u64) -> Value {
        let span = json!({
            "traceId": format!("{:032x}", self.number + 1),
            "spanId": format!("{:016x}", self.number * 1_000 + export + 1),
            "name": "claude_code.llm_request",
            "kind": 1,
            "startTimeUnixNano": self.started.to_string(),
            "endTimeUnixNano": (self.started + 1).to_string(),
            "attributes": self.with(&[("agent.name", "scout")]),
        });
        json!({"resourceSpans": [{"resource": self.resource(), "scopeSpans": [{"spans": [span]}]}]})
    }

    fn choice(&self, of: u64) -> usize {
        usize::try_from((self.number / 2) % of).expect("small")
    }
}

fn string(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}
