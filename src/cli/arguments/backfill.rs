//! The options of `backfill`.

use super::Format;
use clap::Args;

#[derive(Debug, Args)]
pub struct Backfill {
    /// Where it begins: `2026-11-01`, `2026-11-01T14:05` [default: the oldest sample]
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Show what would be imported, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Read and show times in UTC
    #[arg(long)]
    pub utc: bool,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}
