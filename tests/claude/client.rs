//! Sessions of the client, and what is true of them.

use super::messages::{Api, Usage};
use crate::live::bench::scenario::Case;
use crate::live::bench::subject::{Setup, Subject};
use crate::live::otlp::fault::{Fault, Proxy};
use crate::live::otlp::{Totals, saving, surcharge};
use crate::live::world::{Output, Place};
use otelctl::stack::DEFAULT_PRICES;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

const EXPORTER: &str = "127.0.0.1:8889";
const RECEIVER: &str = "127.0.0.1:4318";
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT=";

/// What the client calls itself.
const SERVICE: &str = "claude-code";

/// Models whose prices the table has; sessions differ in them.
const MODELS: [&str; 3] = ["claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"];

/// Longer than a batch waits.
const LIMIT: Duration = Duration::from_secs(10);

/// How long the client was in use: nobody but itself knows.
const ACTIVE: &str = "claude_active_seconds_total";

fn program() -> String {
    std::env::var("OTELCTL_TEST_CLAUDE").expect("`make test-claude` says where the client is")
}

/// The pinned release.
fn version() -> String {
    let pinned = include_str!("../../scripts/claude-code/package.json");
    let pinned: Value = serde_json::from_str(pinned).expect("JSON");
    let version = pinned["dependencies"]["@anthropic-ai/claude-code"].as_str();
    version.expect("a version").to_owned()
}

/// Sessions on one host, counted from their first one.
struct Sessions {
    subject: Subject,
    api: Api,
    held: u32,
}

impl Sessions {
    fn new(setup: Setup) -> Self {
        let subject = Subject::apply(setup);
        let api = Api::start(&subject.stack.world.network(Place::Host));
        Self { subject, api, held: 0 }
    }

    /// Runs one session with what `client-env` prints and nothing else.
    fn hold(&mut self, protocol: &str, model: &str) {
        self.hold_by(protocol, model, None);
    }

    /// Runs one session, by another way to the receiver if one is given.
    fn hold_by(&mut self, protocol: &str, model: &str, way: Option<&Proxy>) {
        let stack = &self.subject.stack;
        let before = self.api.used();
        let environment = stack.otelctl(&["client-env", "--ci", "--protocol", protocol]).ok();
        let home = stack.world.dir().join(format!("home-{}", self.held));
        fs::create_dir_all(&home).expect("make a home");
        let mut client = stack.world.command(Place::Host);
        client.args(["timeout", "120", "env", "-i", "PATH=/usr/bin:/bin"]);
        client.arg(format!("HOME={}", home.display()));
        for line in environment.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match way.filter(|_| line.starts_with(ENDPOINT)) {
                Some(proxy) => client.arg(format!("{ENDPOINT}http://{}", proxy.address())),
                None => client.arg(line),
            };
        }
        client.arg(format!("ANTHROPIC_BASE_URL={}", self.api.url()));
        client.args(["ANTHROPIC_API_KEY=made-up", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1"]);
        client.arg(program()).args(["--print", "Say hello.", "--model", model]);
        let seen = Output::of(&mut client);
        self.held += 1;
        assert_eq!(seen.status, 0, "{protocol}, {model}: {seen:?}\n{}", self.api.log());
        assert!(seen.stdout.contains("hello"), "{protocol}, {model}: {seen:?}");
        assert_ne!(self.api.used(), before, "the client asks the API");
    }

    /// What must be counted, by what the API says was used; for how long the client was in
    /// use, by what is exported.
    fn truth(&self, exported: &Totals) -> Totals {
        let version = version();
        let mut truth = Totals::default();
        truth.add("claude_sessions_total", "unknown", &version, f64::from(self.held));
        for (model, usage) in self.api.used() {
            let mut add = |counter: &str, value: f64| truth.add(counter, &model, &version, value);
            let [_, _, read, written] = usage.tokens.map(f64::from);
            add("claude_tokens_total", usage.tokens.map(f64::from).iter().sum());
            add("claude_cost_usd_total", cost(&model, &usage));
            add("claude_cache_hits_total", f64::from(usage.hits));
            add("claude_cache_misses_total", f64::from(usage.misses));
            add("claude_cache_tokens_saved_total", read);
            add("claude_cache_cost_saved_usd_total", saving(&model) * read);
            add("claude_cache_cost_surcharge_usd_total", surcharge(&model) * written);
        }
        truth.add(ACTIVE, "unknown", &version, exported.sum(ACTIVE, |_, _| true));
        truth
    }

    /// Waits until the exporter has what is true, and says that it stays so.
    fn await_exported(&self, name: &str) -> Totals {
        let deadline = Instant::now() + LIMIT;
        loop {
            let exported = self.exported();
            let is_true = exported.share(&self.truth(&exported)).total_cmp(&1.0).is_eq();
            if is_true || Instant::now() > deadline {
                break;
            }
            sleep(Duration::from_millis(200));
        }
        sleep(Duration::from_secs(2));
        let exported = self.exported();
        let truth = self.truth(&exported);
        exported.assert_equals(&truth, name);
        truth
    }

    fn exported(&self) -> Totals {
        Totals::exported(&self.subject.wire, EXPORTER)
    }

    /// Says that the exporter, Prometheus, the rules, every panel and `usage` have what is true.
    fn are_counted(&self, name: &str) {
        let truth = self.await_exported(name);
        let case = Case { name: "sessions", service: SERVICE.to_owned(), truth };
        self.subject.settle(&case);
        let result = self.subject.result(case);
        assert!(result.stored.total_cmp(&1.0).is_eq(), "{name}: {} is stored", result.stored);
        assert!(result.recorded.total_cmp(&1.0).is_eq(), "{name}: rules: {}", result.recorded);
        let wrong = result.panels.iter().filter(|panel| panel.share.total_cmp(&1.0).is_ne());
        let wrong: Vec<_> = wrong.collect();
        assert!(wrong.is_empty() && result.panels.len() > 20, "{name}: {wrong:#?}");
        self.usage_is_told(name);
        println!(
            "{name}: {} sessions, {} tokens: exporter, Prometheus, rules, {} queries of panels \
             and `usage` exact",
            self.held,
            result.tokens,
            result.panels.len()
        );
    }

    /// Compares each row of `usage` with the API.
    fn usage_is_told(&self, name: &str) {
        let arguments = ["--quiet", "usage", "--utc", "--by", "model", "--format", "json"];
        let told: Value =
            serde_json::from_str(&self.subject.stack.otelctl(&arguments).ok()).expect("JSON");
        assert_eq!(told["total"]["sessions"], self.held, "{name}: {told:#}");
        let rows = told["rows"].as_array().expect("rows").iter();
        let rows: BTreeMap<&str, &Value> =
            rows.filter_map(|row| Some((row["keys"]["model"].as_str()?, row))).collect();
        for (model, usage) in self.api.used() {
            let row = rows.get(model.as_str()).unwrap_or_else(|| panic!("no {model}: {told:#}"));
            let [input, output, read, written] = usage.tokens;
            for (value, expected) in [
                (&row["tokens"]["input"], input),
                (&row["tokens"]["output"], output),
                (&row["tokens"]["cache_read"], read),
                (&row["tokens"]["cache_creation"], written),
                (&row["tokens"]["total"], input + output + read + written),
                (&row["cache_hits"], usage.hits),
                (&row["cache_misses"], usage.misses),
            ] {
                assert_eq!(*value, expected, "{name}, {model}: {told:#}");
            }
            let (expected, told) = (cost(&model, &usage), row["cost_usd"].as_f64());
            let off = (told.expect("a number") - expected).abs();
            assert!(off <= 1e-9 * expected, "{name}, {model}: {told:?}, not {expected}");
        }
    }
}

/// What the client makes of a usage, by the prices of its table.
fn cost(model: &str, usage: &Usage) -> f64 {
    let known = DEFAULT_PRICES.iter().find(|(name, _)| *name == model);
    let (_, [input, output, read, write, ..]) = known.expect("a price");
    let tokens = usage.tokens.map(f64::from);
    let prices = [input, output, read, write];
    prices.iter().zip(tokens).map(|(price, tokens)| *price * tokens / 1e6).sum()
}

fn every_protocol(setup: Setup) {
    let mut sessions = Sessions::new(setup);
    for protocol in ["grpc", "http/protobuf", "http/json"] {
        for model in MODELS {
            sessions.hold(protocol, model);
        }
        sessions.are_counted(&format!("collector {}, {protocol}", setup.collector));
    }
    // Nothing but the API was asked for anything, and by no other way.
    assert_eq!(sessions.api.strangers(), Vec::<String>::new());
}

#[test]
fn the_oldest_releases_count_what_the_api_says() {
    every_protocol(Setup::quick());
}

#[test]
fn the_newest_releases_count_what_the_api_says() {
    every_protocol(Setup::newest());
}

/// The first export of metrics is refused.
const fn refused(number: u32) -> Fault {
    if number < 1 { Fault::Refused } else { Fault::None }
}

/// The first one arrives, and is told to have been refused.
const fn doubted(number: u32) -> Fault {
    if number < 1 { Fault::Doubted } else { Fault::None }
}

#[test]
fn what_the_client_sends_again_after_503_is_counted_once_unless_it_had_arrived() {
    for protocol in ["http/protobuf", "http/json"] {
        let mut sessions = Sessions::new(Setup::newest());
        let network = sessions.subject.stack.world.network(Place::Host);
        let way = |fault| Proxy::start(&network, &sessions.subject.wire, RECEIVER, fault);
        let (refusing, doubting) = (way(refused), way(doubted));
        sessions.hold_by(protocol, MODELS[0], Some(&refusing));
        assert_eq!(refusing.faults(), 1);
        sessions.are_counted(&format!("{protocol}, refused once"));

        sessions.hold_by(protocol, MODELS[0], Some(&doubting));
        assert_eq!(doubting.faults(), 1);
        let tokens = |totals: &Totals| totals.sum("claude_tokens_total", |_, _| true);
        sleep(Duration::from_secs(2));
        let exported = sessions.exported();
        let (counted, truth) = (tokens(&exported), tokens(&sessions.truth(&exported)));
        println!("{protocol}: taken, answered 503 and sent again: {counted} of {truth} tokens");
        assert!(counted > truth, "{protocol}: {counted} of {truth}");
    }
}
