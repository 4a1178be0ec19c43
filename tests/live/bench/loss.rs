//! What a stop costs in mid-load: what was scraped is never lost and never counted twice, and
//! what arrived since is lost for a time that is measured.

use super::long;
use super::pulse::Pulse;
use super::subject::{Setup, Subject};
use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// What a planned stop may cost beside its downtime.
const PROMISED: Duration = Duration::from_secs(1);

/// How long the batch that comes before the exporter may hold a point: `batch_timeout`.
const BATCH: Duration = Duration::from_millis(200);

/// From a scrape to the signal that ends the collector: to notice, to ask Docker.
const HASTE: Duration = Duration::from_millis(250);

/// What happened to a load around an event.
struct Loss {
    event: String,
    pulse: Pulse,
    /// Tokens that Prometheus has stored, over all runs of the collector.
    stored: u64,
    /// Tokens that the recording rules total.
    recorded: u64,
}

impl Loss {
    /// Exports that were taken and never scraped.
    fn lost(&self) -> u64 {
        self.pulse.taken().saturating_sub(self.stored)
    }

    /// The time in which what was lost is sent. Told by the number of exports: a machine that
    /// does not keep up sends fewer.
    fn window(&self) -> Duration {
        Pulse::time_of(self.lost())
    }

    /// Says that the rules have what was scraped, and that no export was counted twice.
    fn assert_kept(&self) {
        assert_eq!(self.recorded, self.stored, "{self}: the rules have what was scraped");
        assert!(self.stored <= self.pulse.taken() + self.pulse.unsure(), "{self}: counted twice");
    }
}

impl Display for Loss {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} taken, {} without an answer, {} stored, {} by the rules; nothing was taken \
             for {:.2} s, and as much as {:.2} s of exports that were taken is lost",
            self.event,
            self.pulse.taken(),
            self.pulse.unsure(),
            self.stored,
            self.recorded,
            self.pulse.gap().as_secs_f64(),
            self.window().as_secs_f64(),
        )
    }
}

/// A load around an event, of which not all has come yet.
struct Trial {
    event: String,
    service: String,
    pulse: Pulse,
}

/// Lets something happen to a stack under a steady load.
fn around(subject: &Subject, event: &str, happens: impl FnOnce()) -> Trial {
    let service = format!("loss-{}", event.replace(|letter: char| !letter.is_alphanumeric(), "-"));
    let end = AtomicBool::new(false);
    let calm = subject.setup.scrape() / 2;
    let pulse = thread::scope(|scope| {
        let pulse = Pulse::start(scope, &subject.wire, &service, &end);
        thread::sleep(subject.setup.scrape() + calm);
        happens();
        thread::sleep(calm);
        end.store(true, Ordering::Relaxed);
        pulse.join().expect("it sends to the end")
    });
    Trial { event: event.to_owned(), service, pulse }
}

/// Waits until all has come of every trial, and says what was kept of it.
fn losses(subject: &Subject, trials: Vec<Trial>) -> Vec<Loss> {
    let tokens = |totals: &crate::live::otlp::Totals| {
        let sum = totals.sum("claude_tokens_total", |_, _| true);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let whole = sum as u64;
        whole
    };
    let stored = || trials.iter().map(|trial| tokens(&subject.stored(&trial.service)));
    // All that comes has come when a scrape and an evaluation later it is the same.
    let mut before = Vec::new();
    let mut now = || {
        thread::sleep(subject.setup.scrape() + subject.setup.rules());
        let stored: Vec<u64> = stored().collect();
        std::mem::replace(&mut before, stored.clone()) == stored
    };
    while !now() {}
    let kept: Vec<u64> = stored().collect();
    let kept = trials.into_iter().zip(kept).map(|(Trial { event, service, pulse }, stored)| {
        let recorded = tokens(&subject.recorded(&service));
        let loss = Loss { event, pulse, stored, recorded };
        println!("{loss}");
        loss.assert_kept();
        loss
    });
    kept.collect()
}

/// What is measured: the oldest releases, in the long form the newest ones, too.
fn setups() -> Vec<Setup> {
    let mut setups = vec![Setup::quick()];
    setups.extend(long().then(Setup::newest));
    setups
}

#[test]
fn a_planned_restart_loses_what_came_in_its_downtime_and_a_second() {
    for setup in setups() {
        println!("{setup:?}");
        let subject = Subject::apply(setup);
        let mut trials = Vec::new();
        for time in 1..=if long() { 10 } else { 1 } {
            let restart = || subject.restart("otel-collector");
            trials.push(around(&subject, &format!("restart {time}"), restart));
        }
        for time in 1..=if long() { 3 } else { 1 } {
            let swap = || subject.apply_again(&format!("otelctl::log_max_size: {time}m\n"));
            trials.push(around(&subject, &format!("apply {time}"), swap));
        }
        let destroy = || subject.destroy_and_apply();
        trials.push(around(&subject, "destroy, apply", destroy));
        for loss in losses(&subject, trials) {
            assert!(loss.window() <= PROMISED, "{loss}");
        }
    }
}

#[test]
fn what_was_scraped_survives_every_kill() {
    for setup in setups() {
        println!("{setup:?}");
        let subject = Subject::apply(setup);
        let since = subject.setup.scrape() + BATCH + HASTE;
        let (mut trials, mut limits) = (Vec::new(), Vec::new());
        for time in 1..=if long() { 3 } else { 1 } {
            let mut trial = |name: &str, limit: Duration, happens: &dyn Fn()| {
                trials.push(around(&subject, &format!("{name} killed {time}"), happens));
                limits.push(limit);
            };
            trial("collector", since, &|| subject.crash("otel-collector"));
            trial("Prometheus", Duration::ZERO, &|| subject.outage(2 * subject.setup.rules()));
            trial("Docker", since, &|| subject.crash_docker());
        }
        for (loss, limit) in losses(&subject, trials).into_iter().zip(limits) {
            assert!(loss.window() <= limit, "{loss}");
        }
    }
}
