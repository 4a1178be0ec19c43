//! A synthetic month in real Prometheus releases, and every query of every panel held against
//! what is true of it.
//!
//! Several releases of the CLI, models, people and teams, a collector that was restarted, a
//! Prometheus that was down, pauses, one-shot sessions: `people` says who did what, `scrape`
//! and `pipeline` what Prometheus stored of it, `facts` what is true, `ask` what a panel shows.

mod ask;
mod facts;
mod panels;
mod people;
mod picture;
mod pipeline;
mod rules;
mod scrape;
mod store;

use super::dashboards::Question;
use ask::Reader;
use otelctl::artifact::path;
use otelctl::profile::Profile;
use otelctl::render::render;
use otelctl::stack::Stack;
use people::Use;
use pipeline::Health;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use store::Store;

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
const DAY: u64 = 86_400;

/// Tuesday, 19 May 2026, 15:42 UTC, and thirty days later.
const MONTH_BEGINS: u64 = 1_779_205_320;
const MONTH_ENDS: u64 = MONTH_BEGINS + 30 * DAY;

/// Midnight in the midst of it: 2026-06-05 00:00 UTC.
const MIDNIGHT: u64 = 1_780_617_600;

/// Labels of a series.
type Labels = BTreeMap<&'static str, String>;

/// The synthetic month.
pub struct Month {
    /// What was used, by counter, in the order of time.
    uses: BTreeMap<&'static str, Vec<Use>>,
    /// The same of each session.
    sessions: BTreeMap<String, BTreeMap<&'static str, Vec<Use>>>,
    /// All values of each label.
    values: BTreeMap<&'static str, BTreeSet<String>>,
    series: Vec<scrape::Series>,
    health: Vec<Health>,
    budget: f64,
}

/// The profile that has every panel.
const EVERYTHING: &str = "otelctl::metric_labels: [type, user_email, team]\n\
                          otelctl::budget::monthly_usd: 250\notelctl::detail: true\n";

/// The default labels, no budget, and a Prometheus that does not scrape the collector itself.
const LITTLE: &str = "otelctl::prometheus::mode: external\n";

impl Month {
    fn new() -> Self {
        let all = people::uses();
        let series = scrape::series(&all, MONTH_ENDS);
        let mut uses: BTreeMap<&'static str, Vec<Use>> = BTreeMap::new();
        let mut sessions: BTreeMap<_, BTreeMap<_, Vec<Use>>> = BTreeMap::new();
        let mut values: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for one in all {
            for (label, value) in &one.labels {
                let known = values.entry(*label).or_default();
                if !known.contains(value) {
                    known.insert(value.clone());
                }
            }
            if let Some(session) = one.labels.get("session_id") {
                let of_session = sessions.entry(session.clone()).or_default();
                of_session.entry(one.counter).or_default().push(one.clone());
            }
            uses.entry(one.counter).or_default().push(one);
        }
        Self { uses, sessions, values, series, health: pipeline::health(), budget: 250.0 }
    }

    /// What a counter counted, of one session where that is all that is asked.
    fn of(&self, counter: &str, session: Option<&str>) -> &[Use] {
        let uses = match session.filter(|_| counter.starts_with("claude_session_")) {
            None => self.uses.get(counter),
            Some(session) => self.sessions.get(session).and_then(|uses| uses.get(counter)),
        };
        uses.map_or(&[], Vec::as_slice)
    }

    /// All values of a label.
    fn values(&self, label: &str) -> BTreeSet<String> {
        if label == "job" {
            return facts::JOBS.map(str::to_owned).into();
        }
        if label == "hour" {
            return facts::hours().collect();
        }
        self.values.get(label).cloned().unwrap_or_default()
    }
}

/// The queries of the dashboards about all sessions of a profile.
fn questions(profile: &str) -> Vec<Question> {
    dashboards(profile).iter().take(2).flat_map(|dashboard| Question::all(dashboard)).collect()
}

/// The dashboards of a profile; the third is about one session.
fn dashboards(profile: &str) -> Vec<String> {
    let profile = Profile::read(profile, "profile.yaml").expect("a profile");
    let stack = Stack::build(&profile, &[]).expect("a stack");
    let artifacts = render(&stack).expect("renders");
    let found = path::DASHBOARDS.into_iter().filter_map(|path| {
        let artifact = artifacts.iter().find(|artifact| artifact.path == path)?;
        Some(String::from_utf8(artifact.bytes.to_vec()).expect("text"))
    });
    found.collect()
}

fn reader(days: u64, chosen: &[(&'static str, &str)]) -> Reader {
    let chosen = chosen.iter().map(|(label, value)| (*label, (*value).to_owned())).collect();
    Reader { now: MONTH_ENDS, range: days * DAY, utc_offset: "0", chosen }
}

/// What readers choose: all of it in several ranges, and then a part.
fn readers() -> Vec<Reader> {
    vec![
        reader(30, &[]),
        reader(7, &[]),
        reader(1, &[]),
        reader(7, &[("model", "claude-opus-5-5")]),
        reader(30, &[("service_name", people::NIGHTLY)]),
        reader(30, &[("service_version", "2.1.20"), ("model", people::UNPRICED)]),
        reader(7, &[("team", "web")]),
        Reader { utc_offset: "5.5", ..reader(7, &[]) },
        // The days before the month had nothing, and neither has its second weekend.
        Reader { now: MONTH_BEGINS - HOUR, ..reader(1, &[]) },
        Reader { now: 1_779_595_500, ..reader(1, &[]) },
        // A day of the calendar, and hours of a morning, from full hour to full hour.
        Reader { now: MIDNIGHT, ..reader(1, &[]) },
        Reader { now: MIDNIGHT + 10 * HOUR, range: 2 * HOUR, ..reader(1, &[]) },
        // Hours of a clock that is half an hour off.
        Reader {
            now: MIDNIGHT + 4 * HOUR + HOUR / 2,
            range: 2 * HOUR,
            utc_offset: "5.5",
            ..reader(1, &[])
        },
        // Back when the weeks before were there, too.
        Reader { now: MONTH_ENDS - 16 * DAY, ..reader(7, &[]) },
    ]
}

/// What readers of a session's page choose.
fn session_readers(month: &Month) -> Vec<Reader> {
    let long = ("session_id", people::LONG);
    let night = |one: &&Use| one.labels["service_name"] == people::NIGHTLY;
    let last = month.uses["claude_session_tokens_total"].iter().rev().find(night);
    let nightly = &last.expect("a night").labels["session_id"];
    vec![
        reader(30, &[long]),
        Reader { now: MIDNIGHT - 9 * HOUR, range: 18 * HOUR, ..reader(1, &[long]) },
        // From a full minute to a full minute, each within it.
        Reader { now: MIDNIGHT - 14 * HOUR - 4 * MINUTE, range: 4 * HOUR, ..reader(1, &[long]) },
        reader(7, &[("session_id", nightly)]),
        reader(30, &[long, ("user", "ben@example.org")]),
        // Somebody else's, and nothing in this range.
        reader(30, &[long, ("user", "ada@example.org")]),
        reader(7, &[long]),
    ]
}

/// Says what is wrong, as much of it as people read.
fn told(wrong: &[String]) -> String {
    let first: Vec<&str> = wrong.iter().take(20).map(String::as_str).collect();
    format!("{} numbers are not true:\n{}", wrong.len(), first.join("\n"))
}

#[test]
fn every_panel_shows_the_synthetic_month() {
    let month = Month::new();
    let store = Store::filled(&month);
    let mut releases: Vec<_> = store::RELEASES
        .iter()
        .map(|(release, program)| (panels::Table::new(release), store.start(&program())))
        .collect();
    let mut hold = |reader: &Reader, question: &Question| {
        let truth = panels::Expected::of(&month, reader, question);
        for (table, server) in &mut releases {
            table.hold(&truth, reader, question, server);
        }
    };
    let all = questions(EVERYTHING);
    for reader in readers() {
        for question in &all {
            hold(&reader, question);
        }
    }
    let page = Question::all(&dashboards(EVERYTHING)[2]);
    for reader in session_readers(&month) {
        for question in &page {
            hold(&reader, question);
        }
    }
    // Panels of a smaller profile are the same, less those that it cannot have.
    let little = questions(LITTLE);
    assert!(little.len() < all.len());
    for question in &little {
        hold(&reader(7, &[]), question);
    }
    let wrong: Vec<_> = releases.into_iter().flat_map(|(table, _)| table.finish()).collect();
    assert!(wrong.is_empty(), "{}", told(&wrong));
}

#[test]
fn the_real_rules_make_the_increments_of_the_month() {
    let month = Month::new();
    for (release, _) in store::RELEASES {
        rules::hold(&month, release);
    }
}

#[test]
fn a_token_too_few_in_the_month_is_told() {
    let mut month = Month::new();
    let store = Store::filled(&month);
    let prometheus = store.start(&store::RELEASES[0].1());
    let tokens = month.uses.get_mut("claude_tokens_total").expect("tokens");
    tokens.last_mut().expect("a use").value += 1.0;
    let mut table = panels::Table::new("broken");
    for question in questions(EVERYTHING) {
        let reader = reader(7, &[]);
        let truth = panels::Expected::of(&month, &reader, &question);
        table.hold(&truth, &reader, &question, &prometheus);
    }
    let wrong = table.finish();
    for panel in ["Tokens", "Tokens by model", "CLI versions", "Cost per million tokens (estimate)"]
    {
        assert!(
            wrong.iter().any(|told| told.starts_with(&format!("{panel} /"))),
            "{panel}: {wrong:#?}"
        );
    }
    assert!(!wrong.iter().any(|told| told.starts_with("Sessions /")), "{wrong:#?}");
}

#[test]
fn the_pictures_in_the_docs_are_of_the_month() {
    let month = Month::new();
    let store = Store::filled(&month);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dashboards");
    for (release, program) in store::RELEASES {
        let server = store.start(&program());
        // Each in the range that it opens with.
        let session =
            Reader { now: MIDNIGHT - 8 * HOUR, ..reader(1, &[("session_id", people::LONG)]) };
        let readers = [
            ("claude-code-overview.svg", reader(7, &[])),
            ("claude-code-costs.svg", reader(30, &[])),
            ("claude-code-session.svg", session),
        ];
        for (dashboard, (name, reader)) in dashboards(EVERYTHING).iter().zip(&readers) {
            let picture = picture::picture(dashboard, reader, &server);
            let file = docs.join(name);
            if std::env::var_os("OTELCTL_BLESS").is_some() {
                fs::create_dir_all(&docs).expect("make a folder");
                fs::write(&file, &picture).expect("write a picture");
            }
            let known = fs::read_to_string(&file).unwrap_or_default();
            let same = known == picture;
            assert!(
                same,
                "{name} is another by {release}; `OTELCTL_BLESS=1 cargo test --test live pictures` draws it anew"
            );
        }
    }
}
