//! What is asked, and of which files.

use super::Strategy;
use crate::hiera::{Node, TypeSpec};
use std::path::PathBuf;

/// Where eyaml's keys are; what is set overrides hiera.yaml.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPaths {
    /// The private key.
    pub private: Option<PathBuf>,
    /// The certificate.
    pub public: Option<PathBuf>,
}

/// The files of a hierarchy.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The global hiera.yaml; if it does not exist, `data/common.yaml` beside it counts.
    pub config: PathBuf,
    /// Where `environments/` and `modules/` are.
    pub codedir: Option<PathBuf>,
    /// Where eyaml's keys are.
    pub eyaml: KeyPaths,
}

/// One lookup.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The first of these that is found counts.
    pub keys: Vec<String>,
    /// Overrides the merge of `lookup_options`.
    pub merge: Option<Strategy>,
    /// What counts when nothing is found.
    pub default: Option<Node>,
    /// What the value must be.
    pub expected: Option<TypeSpec>,
}

impl Request {
    /// Asks for one key.
    #[must_use]
    pub fn key(key: &str) -> Self {
        Self { keys: vec![key.to_owned()], ..Self::default() }
    }
}
