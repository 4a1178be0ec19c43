//! Decides which units change; makes no call.

use super::{Desired, FOLDER, Found, Ground, Observed, Operation, Unit, UnitFile};
use crate::diagnostic::{Diagnostic, Kind};
use crate::plan::{Action, Change, FieldDiff, Stage};
use std::path::{Path, PathBuf};

/// Permission bits of a unit file.
const MODE: u32 = 0o644;

/// Compares the units that should be there with those that are.
///
/// # Errors
/// Names every unit in our way that is somebody else's.
pub fn diff(
    desired: &Desired,
    observed: &Observed,
) -> Result<Vec<Change<Operation>>, Vec<Diagnostic>> {
    // What is only said in remarks changes nothing.
    let Desired { units, known, adopt, rendered: _, ruleset: _ } = desired;
    let Observed { ground, docker_command, units: found } = observed;
    if *ground != Ground::Systemd {
        return Ok(Vec::new());
    }
    let nothing = Found::default();
    let (mut changes, mut refused) = (Vec::new(), Vec::new());
    for unit in units.iter().filter(|unit| *docker_command || !unit.calls_docker) {
        let found = found.get(&unit.name).unwrap_or(&nothing);
        if is_foreign(unit, found) && !adopt.contains(&address(&unit.name)) {
            refused.push(foreign(unit, found));
        } else {
            changes.extend(realise(unit, found));
        }
    }
    // The collector's unit orders itself after the firewall's, and goes before it.
    for name in known.iter().rev().filter(|name| units.iter().all(|unit| unit.name != **name)) {
        let ours = |found: &&Found| found.file.as_ref().is_some_and(|file| file.ours);
        if found.get(name).as_ref().is_some_and(ours) {
            let operation = Operation::Remove { unit: name.clone(), path: path(name) };
            changes.push(
                Change::new(address(name), Action::Delete, Stage::Service, operation)
                    .because("no longer part of the stack"),
            );
        }
    }
    if refused.is_empty() { Ok(changes) } else { Err(refused) }
}

/// What starts the units that are installed as they should be, and have ended.
#[must_use]
pub fn starts(desired: &Desired, observed: &Observed) -> Vec<Operation> {
    let changes = diff(desired, observed).unwrap_or_default();
    let operations = changes.into_iter().map(|change| change.operation);
    let only_start = |operation: &Operation| {
        let Operation::Realise { unit: _, write, reload, enable, start } = operation else {
            return false;
        };
        write.is_none() && !reload && !enable && *start
    };
    operations.filter(only_start).collect()
}

fn address(unit: &str) -> String {
    format!("service/{unit}")
}

fn path(unit: &str) -> PathBuf {
    Path::new(FOLDER).join(unit)
}

/// A file of an admin, a link such as that of `mask`, or a package's unit of that name.
fn is_foreign(unit: &Unit, found: &Found) -> bool {
    match &found.file {
        Some(file) => !file.ours,
        None => !found.fragment.is_empty() && Path::new(&found.fragment) != path(&unit.name),
    }
}

fn realise(unit: &Unit, found: &Found) -> Option<Change<Operation>> {
    let Unit { name, bytes, calls_docker: _ } = unit;
    // Whose file systemd has loaded matters only where there is none of ours.
    let Found { file, load: _, fragment: _, enabled, active, stale } = found;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let before = file.as_ref().map(|UnitFile { ours: _, bytes, mode }| (text(bytes), *mode));
    let (old, mode) = before.unzip();
    let content = FieldDiff::compare("content", old, Some(text(bytes)));
    let mode = mode.and_then(|mode| FieldDiff::mode(mode, MODE));
    let write = (content.is_some() || mode.is_some()).then(|| (path(name), bytes.clone()));
    let enable = enabled != "enabled";
    let start = !matches!(active.as_str(), "active" | "activating" | "reloading");
    if write.is_none() && !enable && !start && !stale {
        return None;
    }
    let state = |state: &str| Some(state.to_owned()).filter(|state| !state.is_empty());
    let fields = [
        content,
        mode,
        enable.then(|| FieldDiff::compare("enabled", state(enabled), state("enabled"))).flatten(),
        start.then(|| FieldDiff::compare("active", state(active), state("active"))).flatten(),
    ];
    let (action, reason) = match file {
        None => (Action::Create, "not installed yet"),
        Some(file) if !file.ours => (Action::Update, "somebody else's, adopted"),
        Some(_) if write.is_some() => (Action::Update, "the unit file differs"),
        Some(_) if *stale => (Action::Update, "systemd has not read the file since it changed"),
        Some(_) if enable => (Action::Update, "not enabled"),
        Some(_) => (Action::Update, "not active"),
    };
    let operation = Operation::Realise {
        unit: name.clone(),
        // A changed file may ask for other links than those that are there.
        enable: enable || write.is_some(),
        reload: write.is_some() || *stale,
        write,
        start,
    };
    let change = Change::new(address(name), action, Stage::Service, operation);
    Some(change.because(reason).fields(fields.into_iter().flatten()))
}

fn foreign(unit: &Unit, found: &Found) -> Diagnostic {
    let at = path(&unit.name).display().to_string();
    let at = if found.file.is_some() { at } else { found.fragment.clone() };
    Diagnostic::error(Kind::Refused, format!("unit `{}` is somebody else's", unit.name))
        .code("service::foreign")
        .cause(format!("`{at}` does not carry otelctl's mark"))
        .hint(format!("rename it, or run `otelctl apply --adopt {}`", address(&unit.name)))
}

#[cfg(test)]
mod tests;
