//! What was used: exact numbers from the recording rules, by label, day or hour.
//!
//! Owns the questions to Prometheus, adding up the answers, times and days of a
//! zone, and the comparison with what somebody else counted. Pure: may not know
//! clients, disk, the terminal, or how a number looks.

mod amounts;
mod bucket;
mod clock;
mod column;
mod grouping;
mod label;
mod question;
pub mod reconcile;

mod since;
mod span;
mod tally;

pub use amounts::{Amounts, Tokens};
pub use bucket::{Bucket, Step, buckets};
pub use clock::Clock;
pub use column::{COLUMNS, Column};
pub use grouping::Grouping;
pub use label::{Labels, Only};
pub use question::{Closure, Question, questions};
pub use since::{Search, existed_before};
pub use span::{Asked, Span};
pub use tally::{Row, Tally};

use std::collections::BTreeMap;

/// What was used in a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Usage {
    /// The stack's name.
    pub stack: String,
    /// The time.
    pub span: Span,
    /// What a row stands for.
    pub grouping: Grouping,
    /// Label values that everything here has, as the command line asks.
    pub only: BTreeMap<String, String>,
    /// Since when there are samples of the recording rules, where that is within the time.
    pub since: Recorded,
    /// One row for each time and combination of labels.
    pub rows: Vec<Row>,
    /// Everything, also what falls to no row.
    pub total: Amounts,
}

/// How far back the samples of the recording rules go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// To before the time that is asked for.
    Before,
    /// To a moment within it: what came earlier is not in the numbers.
    Since(jiff::Timestamp),
    /// There are none up to its end.
    Never,
}
