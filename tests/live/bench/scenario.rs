//! What people do with a stack, and what happens to it meanwhile.

use super::long;
use super::subject::Subject;
use crate::live::otlp::{Habits, Load, Temporality, Totals, crowd, replay_as};
use std::path::Path;
use std::thread;
use std::time::Duration;

const RECEIVER: &str = "127.0.0.1:4318";

/// A pause after which Prometheus has forgotten a series by itself, and a collector with the
/// exporter's default expiration, too.
const LONG_PAUSE: Duration = Duration::from_secs(330);

/// Something that was sent under a `service.name` of its own, and what is true of it.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: &'static str,
    pub service: String,
    pub truth: Totals,
}

impl Case {
    fn new(name: &'static str) -> Self {
        let service =
            format!("bench-{}", name.replace(|letter: char| !letter.is_alphanumeric(), "-"));
        Self { name, service, truth: Totals::default() }
    }

    fn habits(&self) -> Habits {
        Habits { service: self.service.clone(), ..Habits::default() }
    }

    /// Sends a load with these habits.
    fn send(&mut self, subject: &Subject, load: Load, habits: &Habits) {
        self.truth.extend(crowd(&subject.wire, RECEIVER, load, habits));
    }
}

const fn some(clients: u64, exports: u64, seed: u64) -> Load {
    Load { clients, exports, temporality: Temporality::Delta, idle: 0.3, seed }
}

/// Clients whose exports are spread over a time.
fn over(time: Duration, exports: u64, habits: Habits) -> Habits {
    let pace = time / u32::try_from(exports).expect("a few");
    Habits { pace: (pace / 2, pace * 3 / 2), ..habits }
}

/// Runs every case.
pub fn run(subject: &Subject) -> Vec<Case> {
    let calm = [steady, models, one_shot, idle, recordings, cumulative, late];
    let mut first: Vec<fn(&Subject) -> Case> = calm.to_vec();
    // In the short form Prometheus is away while all others send: no easier, and quicker.
    if !long() {
        first.push(prometheus_restarted);
    }
    let mut cases: Vec<Case> = thread::scope(|scope| {
        let running: Vec<_> =
            first.into_iter().map(|case| scope.spawn(move || case(subject))).collect();
        running.into_iter().map(|case| case.join().expect("a case ends")).collect()
    });
    if long() {
        cases.push(prometheus_restarted(subject));
    }
    cases.extend(collector_restarted(subject));
    cases
}

fn steady(subject: &Subject) -> Case {
    let mut case = Case::new("steady");
    let habits = Habits { one_model: true, ..case.habits() };
    case.send(subject, some(8, 30, 11), &over(2 * subject.setup.rules(), 30, habits));
    case
}

fn models(subject: &Subject) -> Case {
    let mut case = Case::new("several models");
    let habits = over(2 * subject.setup.rules(), 30, case.habits());
    case.send(subject, some(8, 30, 12), &habits);
    case
}

fn one_shot(subject: &Subject) -> Case {
    let mut case = Case::new("one-shot");
    let habits = over(subject.setup.rules(), 20, case.habits());
    for session in 0..20 {
        let load = Load { idle: 0.0, ..some(1, 1, 130 + session) };
        case.send(subject, load, &habits);
    }
    case
}

fn idle(subject: &Subject) -> Case {
    let mut case = Case::new("idle gaps");
    let pause = if long() { LONG_PAUSE } else { 2 * subject.setup.rules() };
    let habits = Habits { pause: Some((4, pause)), ..case.habits() };
    case.send(subject, some(6, 8, 14), &habits);
    case
}

fn recordings(subject: &Subject) -> Case {
    let mut case = Case::new("recordings");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    case.truth = replay_as(&subject.wire, RECEIVER, &folder, Some(&case.service));
    case
}

fn cumulative(subject: &Subject) -> Case {
    let mut case = Case::new("cumulative");
    let habits = over(2 * subject.setup.rules(), 30, case.habits());
    let load = Load { temporality: Temporality::Cumulative, ..some(8, 30, 16) };
    case.send(subject, load, &habits);
    case
}

fn late(subject: &Subject) -> Case {
    let mut case = Case::new("retries");
    let habits = Habits { late: 0.3, ..case.habits() };
    case.send(subject, some(8, 30, 17), &over(subject.setup.rules(), 30, habits));
    case
}

/// Stopped by its admin and killed by the kernel, each time after a scrape.
fn collector_restarted(subject: &Subject) -> [Case; 2] {
    let mut restarted = Case::new("collector restarted");
    let mut again = Case::new("10, restart, 10");
    let events: [fn(&Subject); 3] = [
        |subject| subject.restart("otel-collector"),
        |subject| subject.crash("otel-collector"),
        |_| (),
    ];
    for (seed, event) in (20..).zip(events) {
        let (habits, same) = (restarted.habits(), again.habits());
        restarted.send(subject, some(4, 10, seed), &habits);
        // Every counter comes to the very value that it had before.
        again.send(subject, Load { idle: 0.0, ..some(10, 2, 30) }, &same);
        subject.settle(&restarted);
        subject.settle(&again);
        event(subject);
    }
    [restarted, again]
}

/// Killed in mid-load, down for longer than two evaluations of the rules; then restarted.
fn prometheus_restarted(subject: &Subject) -> Case {
    let mut case = Case::new("Prometheus restarted");
    let rules = subject.setup.rules();
    let habits = over(4 * rules, 40, case.habits());
    thread::scope(|scope| {
        let sending = scope.spawn(|| crowd(&subject.wire, RECEIVER, some(4, 40, 18), &habits));
        thread::sleep(rules);
        subject.outage(2 * rules);
        case.truth = sending.join().expect("all is sent");
    });
    subject.settle(&case);
    subject.restart("prometheus");
    let plain = case.habits();
    case.send(subject, some(4, 5, 19), &plain);
    subject.settle(&case);
    case
}
