//! The options of `client-env`.

use crate::client::{Attribute, Protocol};
use clap::{Args, ValueEnum};

/// Without a form it prints what `client/claude-code.env` says.
#[derive(Debug, Args)]
#[group(skip)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct ClientEnv {
    /// For this shell, with comments that say why each line is there
    #[arg(long, value_name = "SHELL", group = "form")]
    pub shell: Option<ClientShell>,
    /// For `~/.claude/settings.json`, to be merged into it
    #[arg(long, group = "form")]
    pub settings_json: bool,
    /// For a file of `/etc/claude-code/managed-settings.d`, which users cannot
    /// override
    #[arg(long, group = "form")]
    pub managed_settings: bool,
    /// `env` is the same as `--shell bash`, `json` as `--managed-settings`
    #[arg(long, value_name = "FORMAT", group = "form")]
    pub format: Option<ClientFormat>,
    /// For jobs that may be killed: short intervals; without a form as lines of
    /// NAME=value, fit for `$GITHUB_ENV` and `docker run --env-file`
    #[arg(long)]
    pub ci: bool,
    /// How clients speak OTLP: `grpc`, `http/protobuf` or `http/json`
    #[arg(long, value_name = "PROTOCOL", default_value = "grpc", value_parser = protocol)]
    pub protocol: Protocol,
    /// Send traces, also where they are counted and not kept
    #[arg(long)]
    pub traces: bool,
    /// A resource attribute, such as `team=platform`; may be repeated
    #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = Attribute::parse)]
    pub attributes: Vec<Attribute>,
    /// Say on stderr why each variable is there, for forms without comments
    #[arg(long)]
    pub explain: bool,
}

/// The shells whose words `client-env` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClientShell {
    /// Also for sh, zsh and others like it
    Bash,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
}

/// How to print the environment of clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClientFormat {
    Env,
    Json,
}

fn protocol(word: &str) -> Result<Protocol, String> {
    Protocol::of(word).ok_or_else(|| {
        let words = Protocol::ALL.map(|protocol| format!("`{}`", protocol.word()));
        format!("expected {}", words.join(", "))
    })
}
