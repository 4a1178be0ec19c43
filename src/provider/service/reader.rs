//! Takes the snapshot; asks systemd only where it runs.

use super::{Desired, FOLDER, Found, Ground, Observed, UnitFile};
use crate::artifact::MARK;
use crate::diagnostic::{Diagnostic, Kind};
use crate::provider::Observe;
use crate::system::disk::{self, EntryKind};
use crate::system::{host, process};
use std::collections::BTreeMap;
use std::path::Path;

/// The engine that the host's own `docker.service` runs.
const ENGINES: [&str; 2] = ["unix:///var/run/docker.sock", "unix:///run/docker.sock"];
/// Where systemd looks for a program that is named without a folder.
const PROGRAMS: [&str; 6] =
    ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const PROPERTIES: &str =
    "--property=Id,LoadState,ActiveState,UnitFileState,NeedDaemonReload,FragmentPath";

/// Reads unit files and asks systemd; has no way to write.
#[derive(Clone, Debug)]
pub struct Reader {
    engine: String,
}

impl Reader {
    /// Makes a reader for a stack on this Docker Engine.
    #[must_use]
    pub fn new(engine: &str) -> Self {
        Self { engine: engine.to_owned() }
    }

    fn ground(&self) -> Result<Ground, Diagnostic> {
        Ok(if !host::runs_systemd()? {
            Ground::NoSystemd
        } else if ENGINES.contains(&self.engine.as_str()) {
            Ground::Systemd
        } else {
            Ground::OtherEngine(self.engine.clone())
        })
    }
}

impl Observe for Reader {
    type Desired = Desired;
    type Observed = Observed;

    async fn observe(&self, desired: &Desired) -> Result<Observed, Diagnostic> {
        let ground = self.ground()?;
        let mut units = BTreeMap::new();
        if ground == Ground::Systemd {
            units = ask(&desired.known)?;
            for name in &desired.known {
                units.entry(name.clone()).or_insert_with(Found::default).file = file(name)?;
            }
        }
        Ok(Observed { ground, docker_command: has_program("docker")?, units })
    }
}

fn has_program(name: &str) -> Result<bool, Diagnostic> {
    for folder in PROGRAMS {
        if disk::entry(&Path::new(folder).join(name))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn file(unit: &str) -> Result<Option<UnitFile>, Diagnostic> {
    let path = Path::new(FOLDER).join(unit);
    let Some(entry) = disk::entry(&path)? else { return Ok(None) };
    let plain = entry.kind == EntryKind::File;
    let bytes = if plain { disk::read(&path)?.unwrap_or_default() } else { Vec::new() };
    // Near the top: an edit below does not make a file foreign.
    let top = bytes.get(..bytes.len().min(400)).unwrap_or_default();
    let ours = plain && String::from_utf8_lossy(top).contains(MARK);
    Ok(Some(UnitFile { ours, bytes, mode: entry.mode }))
}

fn ask(units: &[String]) -> Result<BTreeMap<String, Found>, Diagnostic> {
    let mut arguments = vec!["show", PROPERTIES, "--"];
    arguments.extend(units.iter().map(String::as_str));
    let output = process::run("systemctl", &arguments)?;
    if output.success() {
        return Ok(read(&String::from_utf8_lossy(&output.stdout)));
    }
    let error = Diagnostic::error(Kind::Unreachable, "cannot ask systemd for the stack's units");
    let error = error.code("service::unreachable");
    Err(output.stderr.lines().fold(error, |error, line| error.cause(format!("systemctl: {line}"))))
}

/// Reads `Property=value` lines, one block a unit.
fn read(shown: &str) -> BTreeMap<String, Found> {
    let mut units = BTreeMap::new();
    for block in shown.split("\n\n") {
        let value = |key: &str| {
            let lines = block.lines().filter_map(|line| line.split_once('='));
            lines.filter(|(name, _)| *name == key).map(|(_, value)| value.to_owned()).next()
        };
        let get = |key: &str| value(key).unwrap_or_default();
        if let Some(id) = value("Id") {
            let found = Found {
                file: None,
                load: get("LoadState"),
                fragment: get("FragmentPath"),
                enabled: get("UnitFileState"),
                active: get("ActiveState"),
                stale: get("NeedDaemonReload") == "yes",
            };
            units.insert(id, found);
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reads_what_systemctl_shows() {
        let units = read(
            "Id=otel-collector.service\nLoadState=loaded\nActiveState=active\n\
             FragmentPath=/etc/systemd/system/otel-collector.service\n\
             UnitFileState=enabled\nNeedDaemonReload=yes\n\n\
             Id=otelctl-firewall.service\nLoadState=not-found\nActiveState=inactive\n\
             FragmentPath=\nUnitFileState=\nNeedDaemonReload=no\n",
        );
        let collector = &units["otel-collector.service"];
        assert_eq!((collector.enabled.as_str(), collector.stale), ("enabled", true));
        let firewall = &units["otelctl-firewall.service"];
        assert_eq!((firewall.load.as_str(), firewall.fragment.as_str()), ("not-found", ""));
        assert_eq!(units.len(), 2);
    }
}
