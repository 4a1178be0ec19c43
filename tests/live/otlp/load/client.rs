//! One made-up client.

use super::{Habits, Load, Random, Temporality};
use crate::live::otlp::totals::{Totals, is_priced, saving, surcharge};
use crate::live::otlp::wire::{Connection, Wire};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::{SystemTime, UNIX_EPOCH};

const MODELS: [&str; 3] =
    ["claude-sonnet-4-5-20250929", "claude-opus-4-5-20251101", "claude-haiku-4-5-20251001"];

/// The metrics it sends, each with its unit.
const METRICS: [(&str, &str); 3] =
    [("claude_code.session.count", "count"), (TOKENS, "tokens"), (COST, "USD")];
const TOKENS: &str = "claude_code.token.usage";
const COST: &str = "claude_code.cost.usage";

/// A metric and the attributes of one of its points.
type Point = (&'static str, Vec<(&'static str, &'static str)>);

/// One made-up client; its number decides what sort of client it is.
pub struct Client {
    number: u64,
    load: Load,
    habits: Habits,
    random: Random,
    cumulative: bool,
    version: String,
    session: String,
    started: u128,
    exported: u128,
    /// Everything since the start, for a cumulative client.
    sums: BTreeMap<Point, f64>,
    truth: Totals,
}

impl Client {
    pub fn new(number: u64, load: Load, habits: Habits) -> Self {
        let cumulative = match load.temporality {
            Temporality::Delta => false,
            Temporality::Cumulative => true,
            Temporality::Mixed => number < 2,
        };
        let now = now();
        Self {
            number,
            load,
            habits,
            random: Random(load.seed.wrapping_mul(1000) + number),
            cumulative,
            version: format!("2.0.{}", number % 2),
            session: format!("session-{}-{number}-{}", std::process::id(), load.seed),
            started: now,
            exported: now,
            sums: BTreeMap::new(),
            truth: Totals::default(),
        }
    }

    /// Sends everything and returns what is true.
    pub fn run(mut self, wire: &Wire, receiver: &str) -> Totals {
        let mut connection = Connection::open(wire, receiver).expect(receiver);
        let mut late = Vec::new();
        for export in 0..self.load.exports {
            let now = now();
            let mut points = BTreeMap::new();
            let mut records = Vec::new();
            if export == 0 {
                points.insert((METRICS[0].0, Vec::new()), 1.0);
                self.truth.add("claude_sessions_total", "unknown", &self.version, 1.0);
            }
            let least = u32::from(self.load.idle == 0.0);
            for _ in 0..self.random.between(least, 3) {
                if !self.random.chance(self.load.idle) {
                    records.push(self.request(&mut points));
                }
            }
            self.noise(&mut records);
            if self.cumulative {
                for (point, value) in std::mem::take(&mut points) {
                    *self.sums.entry(point).or_default() += value;
                }
                points.clone_from(&self.sums);
            }
            let mut requests = Vec::new();
            if !points.is_empty() {
                requests.push(("/v1/metrics", self.metrics(&points, now)));
            }
            if !records.is_empty() {
                requests.push(("/v1/logs", self.logs(&records, now)));
            }
            self.exported = now;
            if self.random.chance(self.habits.late) {
                late.extend(requests);
            } else {
                // Deltas that were put off come after newer ones. A sum that does would pass for
                // a reset at every collector: its sender tries again before the next one.
                let newer = if self.cumulative { 0 } else { requests.len() };
                requests.splice(newer..newer, late.drain(..));
                for (path, body) in &requests {
                    connection.send(path, body);
                }
            }
            self.rest(export);
        }
        for (path, body) in &late {
            connection.send(path, body);
        }
        self.truth
    }

    /// Waits until the next export.
    fn rest(&mut self, export: u64) {
        sleep(self.random.time(self.habits.pace));
        if let Some((exports, pause)) = self.habits.pause
            && (export + 1).is_multiple_of(exports)
            && export + 1 < self.load.exports
        {
            sleep(pause);
        }
    }

    /// One API request: adds to the points, returns its event.
    fn request(&mut self, points: &mut BTreeMap<Point, f64>) -> Value {
        let random = &mut self.random;
        let model = random.between(0, 2);
        let model = if self.habits.one_model { self.number % 3 } else { u64::from(model) };
        let model = MODELS[usize::try_from(model).expect("small")];
        let hit = random.chance(0.7);
        let cache_read = if hit { random.between(1, 50_000) } else { 0 };
        let tokens = [
            ("input", random.between(1, 500)),
            ("output", random.between(1, 2_000)),
            ("cacheRead", cache_read),
            ("cacheCreation", random.between(0, 3_000)),
        ];
        let cost = f64::from(random.between(1, 5_000)) / 16_384.0;
        for (kind, amount) in tokens {
            let point = (TOKENS, vec![("type", kind), ("model", model)]);
            *points.entry(point).or_default() += f64::from(amount);
        }
        *points.entry((COST, vec![("model", model)])).or_default() += cost;
        let mut add = |metric, value| self.truth.add(metric, model, &self.version, value);
        let all = tokens.iter().map(|(_, amount)| f64::from(*amount)).sum();
        add("claude_tokens_total", all);
        add("claude_cost_usd_total", cost);
        add("claude_cache_tokens_saved_total", f64::from(cache_read));
        add("claude_cache_cost_saved_usd_total", f64::from(cache_read) * saving(model));
        let [.., (_, cache_write)] = tokens;
        let written = f64::from(cache_write) * surcharge(model);
        add("claude_cache_cost_surcharge_usd_total", written);
        if !is_priced(model) {
            add("claude_unpriced_tokens_total", all);
        }
        add(if hit { "claude_cache_hits_total" } else { "claude_cache_misses_total" }, 1.0);
        // The older releases send event numbers as strings.
        let number = |value: u32| match self.number % 2 {
            0 => json!({"stringValue": value.to_string()}),
            _ => json!({"intValue": value.to_string()}),
        };
        let mut attributes = self.attributes();
        attributes.extend([
            string("event.name", "api_request"),
            string("model", model),
            json!({"key": "cache_read_tokens", "value": number(cache_read)}),
            json!({"key": "duration_ms", "value": number(1_234)}),
        ]);
        event("api_request", &attributes)
    }

    /// Events that are no successful request, though one of them looks like it.
    fn noise(&mut self, records: &mut Vec<Value>) {
        for name in ["user_prompt", "tool_result", "api_error"] {
            if !self.random.chance(0.3) {
                continue;
            }
            let mut attributes = self.attributes();
            attributes.push(string("event.name", name));
            if name == "api_error" {
                attributes.extend([string("model", MODELS[1]), string("cache_read_tokens", "7")]);
            }
            records.push(event(name, &attributes));
        }
    }

    fn metrics(&self, points: &BTreeMap<Point, f64>, now: u128) -> Value {
        let begin = if self.cumulative { self.started } else { self.exported };
        let shown = |name: &str, attributes: &[(&str, &str)], value: f64| {
            let mut all = self.attributes();
            all.extend(attributes.iter().map(|(key, value)| string(key, value)));
            let mut point = json!({
                "attributes": all,
                "startTimeUnixNano": begin.to_string(),
                "timeUnixNano": now.to_string(),
            });
            // A third of the clients send whole numbers as such.
            if self.number % 3 == 2 && name != COST {
                point["asInt"] = format!("{value:.0}").into();
            } else {
                point["asDouble"] = value.into();
            }
            point
        };
        let metrics: Vec<Value> = METRICS
            .iter()
            .filter_map(|(name, unit)| {
                let ours = points.iter().filter(|((metric, _), _)| metric == name);
                let points: Vec<Value> =
                    ours.map(|((_, attributes), value)| shown(name, attributes, *value)).collect();
                let temporality = if self.cumulative { 2 } else { 1 };
                (!points.is_empty()).then(|| {
                    json!({"name": name, "unit": unit, "sum": {
                        "aggregationTemporality": temporality,
                        "isMonotonic": true,
                        "dataPoints": points,
                    }})
                })
            })
            .collect();
        json!({"resourceMetrics": [{"resource": self.resource(), "scopeMetrics": [{
            "scope": {"name": "com.anthropic.claude_code", "version": self.version},
            "metrics": metrics,
        }]}]})
    }

    fn logs(&self, records: &[Value], now: u128) -> Value {
        let mut records = records.to_vec();
        for record in &mut records {
            record["timeUnixNano"] = now.to_string().into();
            record["observedTimeUnixNano"] = now.to_string().into();
        }
        json!({"resourceLogs": [{"resource": self.resource(), "scopeLogs": [{
            "scope": {"name": "com.anthropic.claude_code.events", "version": self.version},
            "logRecords": records,
        }]}]})
    }

    /// The attributes that each of its points and events carries.
    fn attributes(&self) -> Vec<Value> {
        let mut attributes = vec![
            string("session.id", &self.session),
            string("user.id", &format!("u{:02}", self.number % 7)),
            string("terminal.type", "xterm"),
            string("organization.id", "org1"),
        ];
        // Not everybody has logged in, or is in a team.
        if !self.number.is_multiple_of(4) {
            attributes.push(string("user.email", &format!("u{}@example.com", self.number % 7)));
        }
        if self.number.is_multiple_of(3) {
            attributes.push(string("team", ["platform", "search"][usize::from(self.cumulative)]));
        }
        attributes
    }

    fn resource(&self) -> Value {
        json!({"attributes": [
            string("service.name", &self.habits.service),
            string("service.version", &self.version),
            string("os.type", "linux"),
            string("host.arch", "amd64"),
        ]})
    }
}

fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos()
}

fn string(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

fn event(name: &str, attributes: &[Value]) -> Value {
    json!({"body": {"stringValue": format!("claude_code.{name}")}, "attributes": attributes})
}
