//! The stack's nft table: read with `nft`, written as one netlink batch.
//!
//! The table's name is the mark of ownership: `inet otelctl_STACK` and all in
//! it is ours, and no other table is ever read or touched. May not know other
//! providers, the profile, or templates.

mod diff;
mod listing;
#[cfg(feature = "netlink")]
mod netlink;
mod reader;
mod writer;

pub use diff::diff;
pub use listing::{ListedChain, Listing};
pub use reader::Reader;
pub use writer::Writer;

use crate::artifact::ruleset::Ruleset;

/// The table as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// The table's name: `otelctl_otel`.
    pub table: String,
    /// Its content; with none, the table should not exist.
    pub ruleset: Option<Ruleset>,
}

/// The table as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observed {
    /// There is no such table.
    Absent,
    /// The table and what it holds.
    Present(Listing),
}

/// One netlink batch, which the kernel does wholly or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The table holds exactly this from one packet to the next.
    Replace {
        /// The content.
        ruleset: Ruleset,
    },
    /// The table goes, if it is there.
    Delete {
        /// The table's name.
        table: String,
    },
}
