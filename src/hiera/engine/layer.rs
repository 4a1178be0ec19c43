//! Layers and the places where one node finds their files.

use super::config::Config;
use super::level::Function;
use crate::diagnostic::Location;
use crate::hiera::Node;
use std::path::PathBuf;
use std::sync::Arc;

/// A layer: the global one, the environment's, a module's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The global hiera.yaml.
    Global,
    /// The environment's.
    Environment,
    /// A module's.
    Module(String),
    /// The `default_hierarchy` of a module.
    Defaults(String),
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Global => f.write_str("global layer"),
            Self::Environment => f.write_str("environment layer"),
            Self::Module(name) => write!(f, "module `{name}`"),
            Self::Defaults(name) => write!(f, "default hierarchy of module `{name}`"),
        }
    }
}

/// A level whose paths were interpolated for one node.
#[derive(Debug)]
pub struct Resolved {
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands in hiera.yaml.
    pub location: Location,
    /// What reads its files.
    pub function: Function,
    /// Its files; none if it names none.
    pub paths: Option<Vec<PathBuf>>,
    /// Interpolated options.
    pub options: Option<Node>,
}

/// Where a layer's hiera.yaml is, and what it says.
#[derive(Clone, Debug)]
pub struct LayerConfig {
    /// What hiera.yaml says.
    pub config: Arc<Config>,
    /// The module whose keys alone count.
    pub module: Option<String>,
}
