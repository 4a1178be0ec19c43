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
mod restore;
mod trial;
mod widen;
mod writer;

pub use diff::diff;
pub use listing::{ListedChain, Listing};
pub use reader::Reader;
pub use trial::trial;
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
    /// The kernel is asked whether it would take this; nothing changes.
    Check {
        /// The content.
        ruleset: Ruleset,
    },
    /// The table's chains hold exactly this from one packet to the next.
    Replace {
        /// The content.
        ruleset: Ruleset,
        /// What becomes of the table that is there.
        previous: Previous,
    },
    /// The table goes, if it is there.
    Delete {
        /// The table's name.
        table: String,
    },
}

/// What becomes of the table that was observed.
///
/// Each chain with a hook is judged by the rules of one moment, the chains that
/// it jumps to included (`nft_do_chain`). Two chains with a hook are two
/// moments: while one table takes another's place, both are hooked, and a
/// packet can pass the new chain just before its rules count and the old one
/// just after its rules did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Previous {
    /// It stays, and so do its chains that are wanted: only rules change, and
    /// no packet meets anything but the old or the new ones.
    Kept {
        /// The chains that are not wanted and go.
        extra: Vec<String>,
    },
    /// It goes with all that is in it, if it is there; a packet on its way at
    /// that very moment may meet neither the old rules nor the new ones.
    Deleted,
}
