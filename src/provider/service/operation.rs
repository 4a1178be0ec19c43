//! The closed set of things that are done to a unit, each fully decided.

use std::path::PathBuf;

/// One decided operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Brings a unit about, in the order of the fields.
    Realise {
        /// The unit's name.
        unit: String,
        /// The file to write, when it is not there as it should be.
        write: Option<(PathBuf, Vec<u8>)>,
        /// Whether systemd reads its files again.
        reload: bool,
        /// Whether its links are made, those of an older file removed.
        enable: bool,
        /// Whether it is started.
        start: bool,
    },
    /// Stops and disables a unit, removes its file, and has systemd forget it.
    Remove {
        /// The unit's name.
        unit: String,
        /// The file.
        path: PathBuf,
    },
}
