//! `lookup`'s options, by the names that they have in `puppet lookup`.

use clap::{Args, ValueEnum};

/// An underscore may stand for a dash, as in Puppet's settings.
#[derive(Debug, Args)]
pub struct Lookup {
    /// The keys; the first that has a value counts
    #[arg(value_name = "KEY", required = true)]
    pub keys: Vec<String>,
    /// Say where the value comes from: what was searched, found and overridden
    #[arg(long)]
    pub explain: bool,
    /// Say which `lookup_options` there are and where they come from
    #[arg(long, alias = "explain_options")]
    pub explain_options: bool,
    /// How to print the value [default: yaml, for explanations s]
    #[arg(long, alias = "render_as", value_name = "FORMAT")]
    pub render_as: Option<RenderAs>,
    /// What to print when no key has a value
    #[arg(long, value_name = "VALUE")]
    pub default: Option<String>,
    /// Fail unless the value is of this type of Puppet's, such as `Integer[1, 65535]`
    #[arg(long = "type", value_name = "TYPE")]
    pub expected: Option<String>,
    /// How the values of levels come together: `first`, `unique`, `hash` or `deep`
    #[arg(long, value_name = "STRATEGY")]
    pub merge: Option<String>,
    #[command(flatten)]
    pub deep: DeepMerge,
    #[command(flatten)]
    pub strictness: Strictness,
    /// Refused: otelctl compiles no catalogue
    #[arg(long, hide = true)]
    pub compile: bool,
}

/// What refines `--merge deep`.
#[derive(Debug, Args)]
pub struct DeepMerge {
    /// With `--merge deep`: what begins with this takes the rest of itself away
    #[arg(long, alias = "knock_out_prefix", value_name = "PREFIX", allow_hyphen_values = true)]
    pub knock_out_prefix: Option<String>,
    /// With `--merge deep`: sort lists
    #[arg(long, alias = "sort_merged_arrays")]
    pub sort_merged_arrays: bool,
    /// With `--merge deep`: merge the mappings in lists by their place
    #[arg(long, alias = "merge_hash_arrays")]
    pub merge_hash_arrays: bool,
}

/// Puppet's settings of how strict it is.
#[derive(Clone, Copy, Debug, Args)]
pub struct Strictness {
    /// As Puppet's setting; with `error`, a data file that is no mapping is an error
    #[arg(long, value_name = "LEVEL", default_value = "warning", hide_possible_values = true)]
    pub strict: Strict,
    /// As Puppet's setting: a variable that does not exist is an error
    #[arg(long, alias = "strict_variables")]
    pub strict_variables: bool,
}

/// Puppet's setting `strict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Strict {
    Off,
    Warning,
    Error,
}

/// How to print a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RenderAs {
    Yaml,
    Json,
    /// As Ruby prints it: a bare string, `{"a"=>[1, nil]}`
    S,
}

impl Lookup {
    /// How to print a value.
    pub fn form(&self) -> RenderAs {
        self.render_as.unwrap_or(RenderAs::Yaml)
    }
}
