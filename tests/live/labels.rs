//! Counters with labels of the profile's choice are exact, label value by label value.
//!
//! What is true is worked out from the requests themselves (`sent`), so that it knows
//! nothing of the collector; every series must have exactly the labels it should.

mod counted;
mod crowd;
mod sent;

pub use counted::Counted;
pub use crowd::Member;
pub use sent::{Sent, add_recordings_of};

use super::otlp::{Connection, Wire, replay};
use super::telemetry::{Telemetry, VERSIONS};
use otelctl::stack::{ExtraLabel, METRICS};
use std::path::Path;
use std::thread;
use std::time::Duration;

const RECEIVER: &str = "127.0.0.1:4318";

/// As many labels as a profile may ask for.
const MOST: [&str; 8] = [
    "type",
    "query_source",
    "effort",
    "user_email",
    "organization_id",
    "terminal_type",
    "repository",
    "team",
];
/// Told by resources alone, with a dot, by some spans alone; and no type of tokens.
const OTHERS: [&str; 4] = ["host.arch", "agent_name", "cost.center", "user.id"];

const LIMIT: Duration = Duration::from_secs(10);

fn asked(labels: &[&str]) -> (String, Vec<ExtraLabel>) {
    let profile = format!("otelctl::metric_labels: [{}]", labels.join(", "));
    (profile, labels.iter().map(|label| ExtraLabel::of(label)).collect())
}

/// Sends what a crowd sends, all at once; several may be told.
pub fn crowd(wire: &Wire, sent: &mut [&mut Sent], size: u64) {
    let members: Vec<_> = (0..size)
        .map(|number| {
            let wire = wire.clone();
            thread::spawn(move || {
                let requests = Member::new(number).requests();
                let mut connection = Connection::open(&wire, RECEIVER).expect(RECEIVER);
                for (path, body) in &requests {
                    connection.send(path, body);
                }
                requests
            })
        })
        .collect();
    for member in members {
        for (_, body) in member.join().expect("a member sends all it has") {
            for sent in sent.iter_mut() {
                sent.add(&body);
            }
        }
    }
}

/// Sends the recordings of the real client, and adds what they tell.
pub fn recordings(wire: &Wire, sent: &mut [&mut Sent]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    replay(wire, RECEIVER, &folder);
    add_recordings_of(&folder, |body| sent.iter_mut().for_each(|sent| sent.add(body)));
}

pub fn no_warning(telemetry: &Telemetry) {
    let log = telemetry.log();
    // In a container it must listen on every address, which it finds careless.
    let told = |line: &&str| {
        (line.contains("\twarn\t") || line.contains("\terror\t")) && !line.contains("0.0.0.0")
    };
    let told: Vec<&str> = log.lines().filter(told).collect();
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn every_label_is_exact_at_the_exporter() {
    for (version, labels) in
        VERSIONS.iter().flat_map(|version| [(version, MOST.as_slice()), (version, &OTHERS)])
    {
        let (profile, labels) = asked(labels);
        Telemetry::alone_with(version, &profile, |telemetry| {
            telemetry.start_collector();
            let wire = telemetry.wire();
            let mut sent = Sent::new(&labels);
            recordings(&wire, &mut [&mut sent]);
            crowd(&wire, &mut [&mut sent], 24);
            let truth = sent.counted();
            let name = format!("collector {version}, {labels:?}");
            truth.await_equal(LIMIT, &name, || Counted::exported(&wire, "127.0.0.1:8889"));
            no_warning(telemetry);
        });
    }
}

#[test]
fn every_label_is_exact_in_the_rules() {
    for version in VERSIONS {
        let (profile, labels) = asked(&MOST);
        Telemetry::alone_with(version, &profile, |telemetry| {
            telemetry.start_collector();
            telemetry.start_prometheus();
            let wire = telemetry.wire();
            let mut sent = Sent::new(&labels);
            recordings(&wire, &mut [&mut sent]);
            crowd(&wire, &mut [&mut sent], 24);
            let truth = sent.counted();
            let prometheus = "127.0.0.1:9090";
            let name = format!("collector {version}");
            truth.await_equal(LIMIT, &name, || Counted::stored(&wire, prometheus, &METRICS));
            let limit = Duration::from_secs(90);
            truth.await_equal(limit, &name, || Counted::recorded(&wire, prometheus, &METRICS));
        });
    }
}
