//! What a stop costs in mid-load: what was scraped is never lost and never counted twice, and
//! what arrived since is lost for a time that is measured.

use super::long;
use super::pulse::Pulse;
use super::subject::{Setup, Subject};
use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How long the batch that comes before the exporter may hold a point: `batch_timeout`.
const BATCH: Duration = Duration::from_secs(1);

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

/// Lets something happen to a stack under a steady load.
fn around(subject: &Subject, event: &str, happens: impl FnOnce()) -> Loss {
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
    let tokens = |totals: &crate::live::otlp::Totals| {
        let sum = totals.sum("claude_tokens_total", |_, _| true);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let whole = sum as u64;
        whole
    };
    // All that comes has come when a scrape and an evaluation later it is the same.
    let mut before = u64::MAX;
    let mut now = || {
        thread::sleep(subject.setup.scrape() + subject.setup.rules());
        let stored = tokens(&subject.stored(&service));
        std::mem::replace(&mut before, stored) == stored
    };
    while !now() {}
    let (stored, recorded) = (subject.stored(&service), subject.recorded(&service));
    let (stored, recorded) = (tokens(&stored), tokens(&recorded));
    let loss = Loss { event: event.to_owned(), pulse, stored, recorded };
    println!("{loss}");
    loss
}

#[test]
fn a_planned_restart_loses_what_came_in_its_downtime_and_a_second() {
    let subject = Subject::apply(Setup::quick());
    let times = if long() { 10 } else { 1 };
    for time in 1..=times {
        let restart = || subject.restart("otel-collector");
        let loss = around(&subject, &format!("restart {time}"), restart);
        loss.assert_kept();
        assert!(loss.window() <= BATCH + HASTE, "{loss}");
        if time > 3 {
            continue;
        }
        let swap = || subject.apply_again(&format!("otelctl::log_max_size: {time}m\n"));
        let loss = around(&subject, &format!("apply {time}"), swap);
        loss.assert_kept();
        assert!(loss.window() <= BATCH + HASTE, "{loss}");
    }
}

#[test]
fn what_was_scraped_survives_every_kill() {
    let subject = Subject::apply(Setup::quick());
    let since = subject.setup.scrape() + BATCH + HASTE;
    for time in 1..=if long() { 3 } else { 1 } {
        let killed = || subject.crash("otel-collector");
        let loss = around(&subject, &format!("collector killed {time}"), killed);
        loss.assert_kept();
        assert!(loss.window() <= since, "{loss}");

        let killed = || subject.outage(2 * subject.setup.rules());
        let loss = around(&subject, &format!("Prometheus killed {time}"), killed);
        loss.assert_kept();
        assert_eq!(loss.lost(), 0, "{loss}");

        let loss = around(&subject, &format!("Docker killed {time}"), || subject.crash_docker());
        loss.assert_kept();
        assert!(loss.window() <= since, "{loss}");
    }
}
