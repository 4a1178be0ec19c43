//! Where Hiera's data lies and for whom it is read, as every command takes it.

use clap::Args;
use std::path::PathBuf;

/// The environment that counts when none is named, as for Puppet.
const ENVIRONMENT: &str = "production";
const HEADING: &str = "Hiera";

/// The names are those of `puppet lookup` and `eyaml`; an underscore may stand for a dash.
#[derive(Debug, Args)]
pub struct HierarchyArguments {
    /// Look values up through this hiera.yaml (version 5), in place of `--profile`
    #[arg(long, global = true, help_heading = HEADING, value_name = "FILE", alias = "hiera_config")]
    pub hiera_config: Option<PathBuf>,

    /// The node's facts, JSON or YAML, of `facter` or `puppet facts`; `-`: stdin
    #[arg(long, global = true, help_heading = HEADING, value_name = "FILE")]
    pub facts: Option<PathBuf>,

    /// The node's name [default: the fact `clientcert` or `fqdn`]
    #[arg(long, global = true, help_heading = HEADING, value_name = "NAME")]
    pub node: Option<String>,

    /// The environment [default: production]
    #[arg(long, global = true, help_heading = HEADING, value_name = "NAME")]
    environment: Option<String>,

    /// Puppet's code: the data of its environment and modules follow the global ones
    #[arg(long, global = true, help_heading = HEADING, value_name = "DIR")]
    pub codedir: Option<PathBuf>,

    /// The private key of eyaml values, in place of what hiera.yaml says
    #[arg(long, global = true, help_heading = HEADING, value_name = "FILE", alias = "pkcs7_private_key")]
    pub pkcs7_private_key: Option<PathBuf>,

    /// The certificate of eyaml values, in place of what hiera.yaml says
    #[arg(long, global = true, help_heading = HEADING, value_name = "FILE", alias = "pkcs7_public_key")]
    pub pkcs7_public_key: Option<PathBuf>,
}

impl HierarchyArguments {
    /// The environment.
    pub fn environment(&self) -> &str {
        self.environment.as_deref().unwrap_or(ENVIRONMENT)
    }

    /// A flag that means nothing without a hierarchy, if one was given.
    pub fn needs_hierarchy(&self) -> Option<&'static str> {
        let Self {
            hiera_config: _,
            facts: _,
            node: _,
            environment: _,
            codedir,
            pkcs7_private_key,
            pkcs7_public_key,
        } = self;
        let given = [
            ("--codedir", codedir.is_some()),
            ("--pkcs7-private-key", pkcs7_private_key.is_some()),
            ("--pkcs7-public-key", pkcs7_public_key.is_some()),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
    }
}
