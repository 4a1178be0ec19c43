//! How exact an applied stack is: the truth, what Prometheus has stored over all restarts, what
//! the recording rules total, and what every panel shows, for each way that people use it.
//!
//! The suite runs one stack at intervals of five seconds. `make bench-exact` runs every
//! collector with every Prometheus, also at the default intervals, and with pauses longer than
//! Prometheus remembers a series by itself. Each case has a `service.name` of its own, so that
//! all run on one stack at the same time.

mod loss;
mod panel;
mod pulse;
pub mod scenario;
pub mod subject;
pub mod table;

use std::sync::Mutex;
use std::thread;
use subject::{Setup, Subject};
use table::{Row, Table};

/// As many stacks as run at the same time in the long form: each waits most of the time.
const AT_ONCE: usize = 4;

/// Whether the long forms were asked for.
pub fn long() -> bool {
    std::env::var_os("OTELCTL_TEST_LONG").is_some_and(|value| value == "1")
}

fn measured(setup: Setup) -> Row {
    let subject = Subject::apply(setup);
    let cases = scenario::run(&subject);
    Row { setup, results: cases.into_iter().map(|case| subject.result(case)).collect() }
}

#[test]
fn every_case_is_counted_and_shown_exactly() {
    let setups = if long() { Setup::all() } else { vec![Setup::quick()] };
    let (left, rows) = (Mutex::new(setups.into_iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let setup = left.lock().expect("nobody panics with it").next();
                    let Some(setup) = setup else { break };
                    let row = measured(setup);
                    rows.lock().expect("nobody panics with it").push(row);
                }
            });
        }
    });
    let table = Table::new(rows.into_inner().expect("all are done"));
    println!("{table}");
    table.assert_exact();
}
