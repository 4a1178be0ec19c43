//! What Prometheus has loaded: its scrape jobs, its rules, its target.
//!
//! The container and the files on disk belong to other providers; this one
//! compares what the process answers over HTTP with the rendered files, asks it
//! to read them again, and waits until it has. May not know the profile, the
//! templates or the other providers.

pub mod external;

mod api;
mod config_diff;
mod desired;
mod diff;
mod observed;
mod query;
mod reader;
mod rule_diff;
mod scraper;
mod storage;
mod writer;

pub use api::Access;
pub use desired::{Desired, Operation};
pub use diff::diff;
pub use observed::{Health, Loaded, LoadedGroup, Observed, Target};
pub use query::{Querier, Series};
pub use reader::Reader;
pub use scraper::Scraper;
pub use writer::Writer;
