//! The command line.

mod backfill;
mod client_env;
mod hierarchy;
mod lookup;
mod usage;

pub use backfill::Backfill;
pub use client_env::{ClientEnv, ClientFormat, ClientShell};
pub use hierarchy::HierarchyArguments;
pub use lookup::{DeepMerge, Lookup, RenderAs, Strict, Strictness};
pub use usage::{Tabular, Usage};

use super::client_source::ClientSource;
use super::exit;
use crate::diagnostic::Kind;
use crate::provider::docker::DEFAULT_HOST;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// One profile becomes a running, checked, locked-down Claude Code telemetry stack.
#[derive(Debug, Parser)]
#[command(name = "otelctl", version, after_help = exit::table(), max_term_width = 80)]
pub struct Arguments {
    /// The profile: a Hiera data file [default: /etc/otelctl/profile.yaml]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "OTELCTL_PROFILE",
        hide_env_values = true
    )]
    pub profile: Option<PathBuf>,

    #[command(flatten)]
    pub hierarchy: HierarchyArguments,

    /// The Docker Engine: `unix:///path` or `tcp://host:port`
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "DOCKER_HOST",
        hide_env_values = true,
        default_value = DEFAULT_HOST
    )]
    docker_host: String,

    /// A folder of templates in place of the embedded ones of the same path
    #[arg(long, global = true, value_name = "DIR")]
    pub templates: Option<PathBuf>,

    /// Colour: `auto` means on a terminal, unless `NO_COLOR` is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// Print data and errors only: no notes, no progress
    #[arg(short, long, global = true)]
    pub quiet: bool,

    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// The Docker Engine; an empty `DOCKER_HOST` means the default, as it does to `docker`.
    pub fn docker_host(&self) -> &str {
        if self.docker_host.is_empty() { DEFAULT_HOST } else { &self.docker_host }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the profile and show what it asks for; touches nothing
    Validate,
    /// Write the rendered files to a folder, or print them
    Render(Render),
    /// Show what `apply` would change; touches nothing
    Plan(Plan),
    /// Make the host what the profile says
    Apply(Apply),
    /// Send a synthetic session through the stack and follow it hop by hop
    ///
    /// With `--client` it judges the environment of Claude Code instead: which
    /// setting is missing, wrong or overridden, and what comes of it. That needs
    /// neither Docker nor root nor a profile; with a profile it also compares
    /// address and port. Where nothing is wrong it tries the receiver, with a
    /// synthetic session that totals leave out.
    Verify(Verify),
    /// Show what runs, how well, who may reach it, what it counted, and drift
    ///
    /// Exits with 1 when something that should run does not.
    Status(Status),
    /// Print sessions, tokens and cost of a time, by model, user, day …
    ///
    /// The numbers are those of the recording rules, exact to the token; costs are the clients'
    /// own estimates. Days begin at midnight in this machine's time zone, which the variable TZ
    /// sets. Without use, or without samples, it says so and exits with 0.
    Usage(Usage),
    /// Count what was used before the recording rules existed
    ///
    /// The samples of the counters are there since Prometheus scrapes them; the rules count
    /// only what comes after their first evaluation. This computes what they would have
    /// written, to the token, and imports it into the stack's own Prometheus, which goes on
    /// meanwhile. What is there is never written again: a second run finds nothing to do, and
    /// one that was killed is made good by the next. It waits until Prometheus shows it all,
    /// about a minute.
    Backfill(Backfill),
    /// Print what the containers have logged
    Logs(Logs),
    /// Start the containers and wait until they work
    Start(Lifecycle),
    /// Stop the containers; they stay stopped until they are started
    ///
    /// The collector's is stopped right after a scrape, for what it has counted since
    /// the last one goes with it: at most a scrape interval and five seconds later.
    Stop(Lifecycle),
    /// Stop and start the containers, one by one
    ///
    /// The collector's is stopped right after a scrape, as by `stop`.
    Restart(Lifecycle),
    /// Remove the stack; volumes stay unless told otherwise
    ///
    /// The collector goes first, right after a scrape, as by `stop`.
    Destroy(Destroy),
    /// Print the environment that Claude Code clients need
    ClientEnv(ClientEnv),
    /// Print the value of a key: of the profile, or through a hierarchy
    ///
    /// With `--hiera-config` any key is looked up through that hiera.yaml, as `puppet
    /// lookup` does and by its options. Otherwise it is one of the profile, or its
    /// default. Without a value, the reason is on stderr and the exit code is not 0.
    Lookup(Lookup),
    /// Print the JSON Schema of a profile, for editors and CI
    Schema,
    /// Print the embedded templates, or write them to a folder
    Templates(Render),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Judge the environment of clients: of this shell and the settings files of
    /// this machine, or of FILE; may be repeated, the settings beat each other
    /// as Claude Code has it
    ///
    /// A file is what a shell reads (bash, fish, PowerShell, NAME=value) or, if
    /// its name ends in `.json`, settings: the user's, unless KIND says `project`,
    /// `local` or `managed`, or its name does (`managed-settings…`,
    /// `settings.local.json`). Project settings cannot switch telemetry on or
    /// say where it goes.
    #[arg(
        long,
        value_name = "[KIND:]FILE",
        num_args = 0..=1,
        default_missing_value = "",
        value_parser = ClientSource::parse
    )]
    pub client: Vec<ClientSource>,
    /// Only judge, and send nothing
    #[arg(long, requires = "client")]
    pub offline: bool,
}

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub struct Render {
    /// The folder to write to; made if missing [default: print to stdout]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Render every node of which DIR has the facts, in NODE.yaml or NODE.json, each to a
    /// folder of its name
    #[arg(long, value_name = "DIR")]
    pub nodes: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Plan {
    /// Exit with 2 when changes are pending
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// How to print the plan
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
    #[command(flatten)]
    pub adoption: Adoption,
}

/// How to print a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Json,
}

#[derive(Debug, Args)]
pub struct Status {
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Logs {
    /// Only this service: `otel-collector`, `prometheus`, `grafana`
    pub service: Option<String>,
    /// Go on printing, also when a container is restarted
    #[arg(short, long)]
    pub follow: bool,
    /// Only the last so many lines of each service
    #[arg(short = 'n', long, value_name = "LINES")]
    pub tail: Option<u64>,
    /// Only lines of the last `10m`, `2h` …
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub since: Option<Duration>,
}

#[derive(Debug, Args)]
pub struct Lifecycle {
    /// Only this service: `otel-collector`, `prometheus`, `grafana`
    pub service: Option<String>,
    /// How long a container may take: to answer (start, 60 by default), or to
    /// end before it is killed (stop and restart, as the container says, or 10)
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
}

impl Lifecycle {
    /// How long a container may take to answer.
    pub fn timeout(&self, default: Duration) -> Duration {
        self.timeout.map_or(default, Duration::from_secs)
    }

    /// How long a container may take to end; none: as it says itself.
    pub fn grace(&self) -> Option<Duration> {
        self.timeout.map(Duration::from_secs)
    }
}

/// Reads a number with a unit, such as `90s`, `10m`, `2h`, `1d`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "expected a number and a unit: `90s`, `10m`, `2h`, `1d`".to_owned();
    let (number, seconds) = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        .into_iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))
        .ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(wrong)
}

#[derive(Debug, Args)]
pub struct Apply {
    /// Exit with 2 when changes were made
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Show the plan and change nothing
    #[arg(long)]
    pub noop: bool,
    /// Run `verify` afterwards
    #[arg(long)]
    pub verify: bool,
    #[command(flatten)]
    pub adoption: Adoption,
}

#[derive(Debug, Args)]
pub struct Adoption {
    /// Replace this foreign file, unit or dashboard, as the refusal names it, such
    /// as `file/docker-compose.yaml`; may be repeated
    #[arg(long = "adopt", value_name = "ADDRESS")]
    pub addresses: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Destroy {
    /// Remove the volumes, too: all recorded data is lost
    #[arg(long)]
    pub volumes: bool,
    /// Show the plan and change nothing
    #[arg(long)]
    pub noop: bool,
}

/// Reads the command line; help and version end with 0, mistakes with 64.
pub fn parse() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|told| {
        // A closed pipe is no reason to fail.
        let _ = told.print();
        if told.use_stderr() { ExitCode::from(Kind::Usage.exit_code()) } else { ExitCode::SUCCESS }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7200)));
        for wrong in ["", "10", "m", "-1m", "1.5h", "99999999999999999999d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
