//! What `client-env` prints really delivers: a sender without any SDK obeys the variables,
//! on a machine of the trusted network, by each protocol; and `verify --client` agrees.

mod protobuf;
mod sender;

use super::applied::Applied;
use super::world::{Output, Place};
use otelctl::stack::VERIFY_SERVICE;
use otelctl::verify::samples;
use sender::Sender;
use std::fs;
use std::time::{Duration, Instant};

/// A form of the environment, and how a shell of that kind takes it in before it runs a script.
const FORMS: [(&[&str], &str); 3] = [
    (&["--shell", "bash"], "bash -c 'source client.env; exec bash send'"),
    (&["--shell", "fish"], "fish --no-config -c 'source client.env; exec bash send'"),
    (&["--ci"], "set -a; . ./client.env; exec bash send"),
];

/// The document's stack, with its HTTP port open to the trusted network as well.
fn applied(name: &str, collector: &str) -> Applied {
    let stack = Applied::prepare(name, collector);
    let text = fs::read_to_string(&stack.profile).expect("the profile");
    let rule = "  otel_http:\n    port: 4318\n    source: '10.10.10.0/24'\n    jump: accept\n";
    let opened = text.replace("custom_rules:\n", &format!("custom_rules:\n{rule}"));
    assert_ne!(text, opened, "the profile has rules");
    fs::write(&stack.profile, opened).expect("write the profile");
    stack.otelctl(&["apply"]).ok();
    stack
}

/// The total of a counter that clients other than `verify` have made.
fn total(stack: &Applied, counter: &str) -> f64 {
    let page = stack.world.http_get(Place::Host, "http://127.0.0.1:8889/metrics").body;
    let samples = samples(&page).expect("a page of metrics");
    let ours = samples
        .iter()
        .filter(|sample| sample.name == counter && sample.labels["service_name"] != VERIFY_SERVICE);
    ours.map(|sample| sample.value).sum()
}

fn verify(stack: &Applied, place: Place) -> Output {
    let mut command = stack.world.command(place);
    let program = env!("CARGO_BIN_EXE_otelctl");
    Output::of(command.args([program, "verify", "--client", "client.env"]))
}

#[test]
fn each_protocols_environment_delivers() {
    for collector in ["0.91.0", "0.155.0"] {
        let stack = applied("client", collector);
        let sender = Sender::new(stack.world.dir());
        let mut sent = 0.0;
        for protocol in ["grpc", "http/protobuf", "http/json"] {
            for (form, take_in) in FORMS {
                let name = format!("{collector} {protocol} {form:?}");
                let asked = [&["client-env", "--protocol", protocol], form].concat();
                let environment = stack.otelctl(&asked).ok();
                let file = stack.world.dir().join("client.env");
                fs::write(file, format!("{environment}\n")).expect("write the environment");
                sender.prepare();
                let told = stack.world.inside(take_in);
                assert_eq!(told.status, 0, "{name}: {told:?}");
                sent += 1.0;
                let deadline = Instant::now() + Duration::from_secs(10);
                for counter in ["claude_sessions_total", "claude_cache_hits_total"] {
                    while total(&stack, counter) < sent && Instant::now() < deadline {
                        std::thread::sleep(Duration::from_millis(100));
                    }
                    let counted = total(&stack, counter);
                    assert!((counted - sent).abs() < 1e-9, "{name}: {counter} is {counted}");
                }
            }
            let told = verify(&stack, Place::Inside);
            assert_eq!(told.status, 0, "{protocol}: {told:?}");
            assert_eq!(told.stdout.matches("  ok ").count(), 3, "{protocol}: {told:?}");
            assert_eq!(total(&stack, "claude_sessions_total").to_bits(), sent.to_bits());
        }
        // The firewall keeps everybody else out, and that is what is told.
        let told = verify(&stack, Place::Outside);
        assert_eq!(told.status, 78, "{told:?}");
        assert!(told.stdout.contains("FAILED  receiver http"), "{told:?}");
    }
}

#[test]
fn what_is_told_of_a_receiver_is_true() {
    let stack = applied("client-wrong", "0.91.0");
    let sender = Sender::new(stack.world.dir());
    let good = stack.otelctl(&["client-env"]).ok();
    let http = stack.otelctl(&["client-env", "--protocol", "http/json"]).ok();
    for (name, environment) in [
        ("no switch", good.replace("ENABLE_TELEMETRY=1", "ENABLE_TELEMETRY=0")),
        ("gRPC to the HTTP port", good.replace(":4317", ":4318")),
        ("HTTP to the gRPC port", http.replace(":4318", ":4317")),
        ("no protocol", good.replace("export OTEL_EXPORTER_OTLP_PROTOCOL", "# ")),
        ("an unknown protocol", good.replace("PROTOCOL=grpc", "PROTOCOL=gprc")),
        ("a path too many", http.replace(":4318", ":4318/v1/metrics")),
    ] {
        assert!(environment != good && environment != http, "{name}");
        fs::write(stack.world.dir().join("client.env"), environment).expect("write it");
        sender.prepare();
        let told = verify(&stack, Place::Inside);
        assert_eq!(told.status, 78, "{name}: {told:?}");
        stack.world.inside("bash -c 'source client.env; exec bash send'");
    }
    // What was sent the right way arrives behind it, and nothing else has.
    fs::write(stack.world.dir().join("client.env"), good).expect("write it");
    sender.prepare();
    stack.world.inside("bash -c 'source client.env; exec bash send'").ok();
    let deadline = Instant::now() + Duration::from_secs(10);
    while total(&stack, "claude_sessions_total") < 1.0 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(total(&stack, "claude_sessions_total").to_bits(), 1.0_f64.to_bits());
}
