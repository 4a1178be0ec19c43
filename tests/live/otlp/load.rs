//! Many made-up clients at once, with all that makes exact counting hard.
//!
//! Two releases, three models; a third of the clients sends whole numbers as such, half send
//! event numbers as strings; events that look like requests and are none. Costs are multiples
//! of 1/16384, so that their sums are exact in any order.

mod client;
mod habits;

use super::totals::Totals;
use super::wire::Wire;
use client::Client;
pub use habits::Habits;
use std::thread;
use std::time::Duration;

/// How metrics add up on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temporality {
    /// Each export tells what is new.
    Delta,
    /// Each export tells all since the start.
    Cumulative,
    /// Two clients are cumulative, the others delta.
    Mixed,
}

/// What to send.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Clients at the same time, each with a session of its own.
    pub clients: u64,
    /// Exports of each.
    pub exports: u64,
    /// How metrics add up.
    pub temporality: Temporality,
    /// The share of requests that do not happen, so that some exports are empty.
    pub idle: f64,
    /// Other numbers give another load, the same ones the same.
    pub seed: u64,
}

/// Sends to an OTLP/HTTP receiver at `host:port`; returns what is true.
///
/// # Panics
/// When anything is not taken.
pub fn load(wire: &Wire, receiver: &str, load: Load) -> Totals {
    crowd(wire, receiver, load, &Habits::default())
}

/// Like [`load`], from clients with habits of their own.
///
/// # Panics
/// When anything is not taken.
pub fn crowd(wire: &Wire, receiver: &str, load: Load, habits: &Habits) -> Totals {
    let clients: Vec<_> = (0..load.clients)
        .map(|number| {
            let (wire, receiver) = (wire.clone(), receiver.to_owned());
            let client = Client::new(number, load, habits.clone());
            thread::spawn(move || client.run(&wire, &receiver))
        })
        .collect();
    let mut truth = Totals::default();
    for client in clients {
        truth.extend(client.join().expect("a client sends all it has"));
    }
    truth
}

/// Reproducible numbers (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`.
    fn between(&mut self, least: u32, most: u32) -> u32 {
        let span = u64::from(most - least) + 1;
        least + u32::try_from(self.next() % span).expect("below the span")
    }

    /// A time from the least to the most, in whole milliseconds.
    fn time(&mut self, (least, most): (Duration, Duration)) -> Duration {
        let whole = |time: Duration| u32::try_from(time.as_millis()).expect("a short time");
        Duration::from_millis(u64::from(self.between(whole(least), whole(most))))
    }

    /// True in this share of all calls.
    fn chance(&mut self, share: f64) -> bool {
        f64::from(self.between(0, 999_999)) < share * 1e6
    }
}
