//! The snapshot: the unit files, and what systemd says of the units.

use std::collections::BTreeMap;

/// Everything that `diff` asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// Whether units make sense here.
    pub ground: Ground,
    /// Whether the command `docker` is where systemd looks for programs.
    pub docker_command: bool,
    /// The known units, by name; empty where units make no sense.
    pub units: BTreeMap<String, Found>,
}

/// Whether units make sense on this host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// systemd runs, and the Docker Engine is the one that its units are about.
    Systemd,
    /// systemd does not run here.
    NoSystemd,
    /// The Docker Engine is another one than the host's own; its address.
    OtherEngine(String),
}

/// What was found of one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What stands in the folder of an admin's units.
    pub file: Option<UnitFile>,
    /// `LoadState`: `loaded`, `not-found`, `masked`, …
    pub load: String,
    /// `FragmentPath`: the file that systemd has loaded; may be a package's.
    pub fragment: String,
    /// `UnitFileState`: `enabled`, `disabled`, …
    pub enabled: String,
    /// `ActiveState`: `active`, `inactive`, `failed`, …
    pub active: String,
    /// Whether the file has changed since systemd read it.
    pub stale: bool,
}

/// What stands in the folder of an admin's units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitFile {
    /// Whether it is a plain file that carries otelctl's mark.
    pub ours: bool,
    /// The content of a plain file.
    pub bytes: Vec<u8>,
    /// Permission bits.
    pub mode: u32,
}
