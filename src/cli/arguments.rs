//! The command line.

use super::exit;
use crate::diagnostic::Kind;
use crate::provider::docker::DEFAULT_HOST;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

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
    Verify,
    /// Remove the stack; volumes stay unless told otherwise
    Destroy(Destroy),
    /// Print the environment that Claude Code clients need
    ClientEnv,
    /// Print the value of a key of the profile, or its default
    Lookup(Lookup),
    /// Print the JSON Schema of a profile, for editors and CI
    Schema,
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page
    Man,
}

/// The options have the names that they have in `puppet lookup`.
#[derive(Debug, Args)]
pub struct Lookup {
    /// The keys; the first that has a value counts
    #[arg(value_name = "KEY", required = true)]
    pub keys: Vec<String>,
    /// Say where the value comes from
    #[arg(long)]
    pub explain: bool,
    /// How to print the value
    #[arg(long, value_name = "FORMAT", default_value = "yaml")]
    pub render_as: RenderAs,
    /// What to print when no key has a value
    #[arg(long, value_name = "VALUE")]
    pub default: Option<String>,
}

/// How to print a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RenderAs {
    Yaml,
    Json,
    /// As a bare string
    S,
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
    /// Replace this foreign file, such as `file/docker-compose.yaml`; may be repeated
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
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
