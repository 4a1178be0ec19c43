//! The user's own Prometheus: the scrape job and the rules get into its configuration.
//!
//! The file is somebody else's. otelctl puts marked blocks of whole lines into
//! it, has `promtool` check the whole before anything is replaced, has
//! Prometheus read it again, and puts the old bytes back where it refuses.
//! Shares the API and the comparison of rules with the managed Prometheus. May
//! not know the profile, the templates or the other providers.

mod config_file;
mod desired;
mod diff;
mod entries;
mod judge;
mod loaded;
mod observed;
mod operation;
mod promtool;
mod reader;
pub(super) mod refusal;
mod writer;

pub use desired::{Desired, Entries};
pub use diff::{diff, notes};
pub use entries::Layout;
pub use observed::{Answers, ConfigFile, Loaded, Observed, Process, Server, Text};
pub use operation::{Configure, Operation, Reload};
pub use reader::Reader;
pub use writer::Writer;
