#![cfg(test)]
//! The real client through an applied stack: what its API says was used is what is counted.
//!
//! The API is made up (`messages`), listens on the loopback interface of a host that has no way
//! out, and knows no key. Opt-in, since the client is big: `make test-claude` fetches it.

#[path = "../live"]
mod live {
    #![allow(dead_code, reason = "the harness of the live tests, which use all of it")]
    pub mod applied;
    pub mod world;
}

mod messages;

use live::applied::Applied;
use live::world::{Output, Place};
use messages::Api;
use otelctl::stack::{DEFAULT_PRICES, METRICS};
use otelctl::verify::samples;
use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::{Duration, Instant};

const EXPORTER: &str = "http://127.0.0.1:8889/metrics";

/// Models whose prices the table has; sessions differ in them.
const MODELS: [&str; 3] = ["claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"];

/// Longer than a batch waits.
const LIMIT: Duration = Duration::from_secs(10);

/// Counter, model and `type`, which only tokens have.
type Counted = BTreeMap<(String, String, String), f64>;

fn program() -> String {
    std::env::var("OTELCTL_TEST_CLAUDE").expect("`make test-claude` says where the client is")
}

/// Runs one session of the client with what `client-env` prints and nothing else.
fn session(stack: &Applied, api: &Api, protocol: &str, model: &str) -> Output {
    let environment = stack.otelctl(&["client-env", "--ci", "--protocol", protocol]).ok();
    let home = stack.world.dir().join(format!("home-{protocol}-{model}").replace('/', "-"));
    std::fs::create_dir_all(&home).expect("make a home");
    let mut client = stack.world.command(Place::Host);
    client.args(["timeout", "60", "env", "-i", "PATH=/usr/bin:/bin"]);
    client.arg(format!("HOME={}", home.display()));
    client.args(environment.lines().filter(|line| !line.is_empty() && !line.starts_with('#')));
    client.arg(format!("ANTHROPIC_BASE_URL={}", api.url()));
    client.args(["ANTHROPIC_API_KEY=made-up", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1"]);
    client.arg(program()).args(["--print", "Say hello.", "--model", model]);
    Output::of(&mut client)
}

/// What the exporter shows, without the label of the collector's run.
fn exported(stack: &Applied) -> Counted {
    let page = stack.world.http_get(Place::Host, EXPORTER);
    assert_eq!(page.status, 200, "{}", page.body);
    let mut counted = Counted::new();
    for sample in samples(&page.body).expect("the exposition format") {
        let label = |name| sample.labels.get(name).cloned().unwrap_or_default();
        if METRICS.iter().any(|metric| metric.name == sample.name) {
            let key = (sample.name.clone(), label("model"), label("type"));
            *counted.entry(key).or_default() += sample.value;
        }
    }
    counted
}

/// What must be counted, by what the API says was used; no counter beside these is checked.
fn truth(api: &Api, sessions: u32) -> Counted {
    let mut truth = Counted::new();
    let mut add = |counter: &str, model: &str, kind: &str, value: f64| {
        *truth.entry((counter.into(), model.into(), kind.into())).or_default() += value;
    };
    add("claude_sessions_total", "unknown", "", f64::from(sessions));
    for (model, usage) in api.used() {
        let (_, [input, output, read, write, ..]) =
            DEFAULT_PRICES.iter().find(|(name, _)| *name == model).expect("a price");
        let tokens = usage.tokens.map(f64::from);
        for (kind, tokens) in ["input", "output", "cacheRead", "cacheCreation"].iter().zip(tokens) {
            add("claude_tokens_total", &model, kind, tokens);
        }
        let prices = [input, output, read, write];
        let cost: f64 =
            prices.iter().zip(tokens).map(|(price, tokens)| *price * tokens / 1e6).sum();
        add("claude_cost_usd_total", &model, "", cost);
        add("claude_cache_hits_total", &model, "", f64::from(usage.hits));
        add("claude_cache_misses_total", &model, "", f64::from(usage.misses));
        add("claude_cache_tokens_saved_total", &model, "", tokens[2]);
        add("claude_cache_cost_saved_usd_total", &model, "", (input - read) * tokens[2] / 1e6);
    }
    truth.retain(|_, value| *value > 0.0);
    truth
}

/// The counters whose truth the API tells, as far as they count anything.
fn known(counted: &Counted, truth: &Counted) -> Counted {
    let mut counted = counted.clone();
    counted.retain(|(counter, ..), value| {
        *value > 0.0 && truth.keys().any(|(known, ..)| known == counter)
    });
    counted
}

fn same(counted: &Counted, truth: &Counted) -> bool {
    counted.len() == truth.len()
        && counted.iter().zip(truth).all(|((key, counted), (expected_key, expected))| {
            let tolerance = if key.0.contains("usd") { 1e-9 * expected } else { 0.0 };
            key == expected_key && (counted - expected).abs() <= tolerance
        })
}

fn every_protocol(collector: &str) {
    let stack = Applied::new("claude", collector);
    let api = Api::start(&stack.world.network(Place::Host));
    let mut sessions = 0;
    for protocol in ["grpc", "http/protobuf", "http/json"] {
        for model in MODELS {
            let before = api.used();
            let seen = session(&stack, &api, protocol, model);
            sessions += 1;
            assert_eq!(seen.status, 0, "{protocol}, {model}: {seen:?}\n{}", api.log());
            assert!(seen.stdout.contains("hello"), "{protocol}, {model}: {seen:?}");
            assert_ne!(api.used(), before, "the client asks the API");
        }
        let truth = truth(&api, sessions);
        let begin = Instant::now();
        while !same(&known(&exported(&stack), &truth), &truth) && begin.elapsed() < LIMIT {
            sleep(Duration::from_millis(100));
        }
        let counted = known(&exported(&stack), &truth);
        assert!(
            same(&counted, &truth),
            "collector {collector}, {protocol}: {counted:#?} is counted, true is {truth:#?}\n{}",
            api.log()
        );
        let tokens: f64 = counted
            .iter()
            .filter(|((name, ..), _)| name == "claude_tokens_total")
            .map(|(_, v)| v)
            .sum();
        println!("collector {collector}, {protocol}: {sessions} sessions, {tokens} tokens, exact");
    }
    // Nothing but the API was asked for anything, and by no other way.
    assert_eq!(api.strangers(), Vec::<String>::new());
}

#[test]
fn the_pinned_collector_counts_what_the_api_says() {
    every_protocol("0.91.0");
}

#[test]
fn a_current_collector_counts_what_the_api_says() {
    every_protocol("0.155.0");
}
