//! One level of a hierarchy, as hiera.yaml has it.

use super::mistake::start_of;
use crate::diagnostic::Location;
use crate::hiera::{Format, Node};
use std::path::Path;
use std::sync::Arc;

/// What reads a level's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Function {
    /// `yaml_data` and `json_data`.
    Data(Format),
    /// `eyaml_lookup_key`.
    Eyaml,
    /// One that only Puppet has.
    Foreign(String),
}

/// Where a level's files are, before interpolation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locations {
    /// `path` and `paths`.
    Paths(Vec<String>),
    /// `glob` and `globs`.
    Globs(Vec<String>),
    /// `mapped_paths`: a variable, a name for its elements, a path.
    Mapped([String; 3]),
    /// `uri` and `uris`, which no function here reads.
    Uris,
}

/// One level of a hierarchy.
#[derive(Clone, Debug)]
pub struct Level {
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands in hiera.yaml.
    pub location: Location,
    /// What reads its files.
    pub function: Function,
    /// Where they are.
    pub locations: Option<Locations>,
    /// What they are relative to, itself relative to hiera.yaml.
    pub datadir: String,
    /// What the function is told beside.
    pub options: Option<Node>,
}

impl Function {
    /// Finds a function by its kind and name.
    pub fn of(kind: &str, name: &str) -> Self {
        match (kind, name) {
            ("data_hash", "yaml_data") => Self::Data(Format::Yaml),
            ("data_hash", "json_data") => Self::Data(Format::Json),
            ("lookup_key", "eyaml_lookup_key") => Self::Eyaml,
            _ => Self::Foreign(name.to_owned()),
        }
    }
}

impl Level {
    /// The level that counts when hiera.yaml names none.
    pub fn common_at(location: &Location) -> Self {
        Self {
            name: "Common".into(),
            location: location.clone(),
            function: Function::Data(Format::Yaml),
            locations: Some(Locations::Paths(vec!["common.yaml".to_owned()])),
            datadir: "data".to_owned(),
            options: None,
        }
    }

    /// The level that counts without a hiera.yaml.
    pub fn common(path: &Path) -> Self {
        Self::common_at(&start_of(path, &"hiera.yaml".into()))
    }

    /// A level of version 3.
    pub fn version_3(name: &str, backend: &str, datadir: &str, location: &Location) -> Self {
        let path = format!("{name}.{backend}");
        Self {
            name: name.into(),
            function: Function::of("data_hash", &format!("{backend}_data")),
            locations: Some(Locations::Paths(vec![path])),
            datadir: datadir.to_owned(),
            ..Self::common_at(location)
        }
    }
}
