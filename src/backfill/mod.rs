//! The time before the recording rules: what they would have counted, from the raw samples.
//!
//! Owns how samples become increments of minutes, where the rules begin, what they counted
//! there for the time before, and what of all that is missing. Pure: may not know clients,
//! disk, Docker, or how a number looks.
//!
//! Why it looks as it does:
//! - Every sample has a time and a value that follow from the raw samples alone. The same
//!   sample twice is one to Prometheus: an import that was killed is simply done again.
//! - The first evaluation of a rule counts a living series whole. So each set of labels
//!   gets one sample a millisecond ahead of that evaluation, which takes back what the
//!   minutes before it have: a range that ends there, begins there, or holds both is exact.
//! - [`UNTIL`] says in the imported samples themselves where the rules began, for they are
//!   no longer the first ones afterwards.
//! - A series that ended before the rules began gets its last value as one that was seen:
//!   a collector that was only paused does not count twice when it comes back.

mod border;
mod counter;
mod history;
mod import;
mod past;
mod piece;
mod storage;
#[cfg(test)]
mod tests;

pub use border::{Border, First, Native};
pub use counter::{Counter, EVERYTHING, MARK, UNTIL, counters};
pub use history::{History, Labels};
pub use import::{Import, Sample};
pub use past::{Existing, Missing, Past};
pub use piece::{DAY, Piece, pieces};
pub use storage::{Storage, Unfit};
