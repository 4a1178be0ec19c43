//! Compares what was counted with what somebody else counted, by day and model.
//!
//! The others are a billing export, or the transcripts that Claude Code keeps of
//! its sessions on one machine. Pure: lines come in, a comparison comes out.

mod billing;
mod comparison;
mod expected;
mod model;
mod number;
mod records;
mod title;
mod transcripts;

pub use billing::Billing;
pub use comparison::{Comparison, Fact, Pair, Reason};
pub use expected::{Counts, Expected, Origin, Troubles};
pub use transcripts::Transcripts;

/// What is told of single lines, at most: the rest is only counted.
const MOST_TOLD: usize = 20;

/// Longer lines of a file are left out, in bytes: pictures make them long.
pub const LONGEST_LINE: usize = 32 << 20;
