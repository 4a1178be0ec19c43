//! The units of systemd: installed, enabled, started.
//!
//! [`Reader`] takes one snapshot of the unit files and of what systemd says of
//! them, [`diff`] compares without any call, [`Writer`] executes one decided
//! operation. A unit file is ours by otelctl's mark near its top. May not know
//! what the units do, the profile, templates or other providers.

mod desired;
mod diff;
mod observed;
mod operation;
mod reader;
mod remarks;
mod writer;

pub use desired::{Desired, Unit};
pub use diff::{diff, starts};
pub use observed::{Found, Ground, Observed, UnitFile};
pub use operation::Operation;
pub use reader::Reader;
pub use remarks::remarks;
pub use writer::Writer;

/// Where an admin's units stand: copies, since `otel_dir` may be mounted late.
pub const FOLDER: &str = "/etc/systemd/system";
