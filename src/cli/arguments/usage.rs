//! The options of `usage`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Usage {
    /// The last `30m`, `12h`, `7d`, `4w`; days begin at midnight, and today is one [default: 7d]
    #[arg(long, value_name = "LENGTH", conflicts_with = "from")]
    pub range: Option<String>,
    /// Where it begins: `2026-11-01`, `2026-11-01T14:05`, `today`; a time may have an offset
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Where it ends; a date means the end of that day [default: now]
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// What a row is: `model`, `user`, `team`, `version`, any label, `day`, `hour`; more than
    /// one with commas
    #[arg(long, value_name = "KEY", value_delimiter = ',', default_value = "model")]
    pub by: Vec<String>,
    /// Only what has this label value; may be repeated
    #[arg(long = "where", value_name = "LABEL=VALUE")]
    pub only: Vec<String>,
    /// Count days and read times in UTC
    #[arg(long)]
    pub utc: bool,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Tabular,
    /// Compare by day and model with a billing export (CSV), or with the transcripts of a
    /// machine (`~/.claude/projects`)
    #[arg(long, value_name = "PATH", conflicts_with = "by")]
    pub reconcile: Option<PathBuf>,
}

/// How to print rows of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tabular {
    Table,
    Json,
    Csv,
}
