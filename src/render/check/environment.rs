//! Environment files, read back as a shell or docker-compose reads them.

use super::{Findings, text};
use crate::artifact::{Artifact, path};
use crate::client::{Wish, environment, name};
use crate::stack::Stack;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Holds `.env` and the clients' environment against the stack.
pub fn check(stack: &Stack, artifacts: &[Artifact], findings: &mut Findings) {
    // Without any one of these the CLI sends nothing, or not all, silently.
    let needed = [name::ENABLE, name::PROTOCOL, name::ENDPOINT, name::METRICS, name::LOGS];
    let environment = environment(stack, &Wish::default());
    let client: Vec<(&str, &str)> = environment
        .iter()
        .filter(|setting| needed.contains(&setting.name))
        .map(|setting| (setting.name, setting.value.as_str()))
        .collect();
    let compose = [("COMPOSE_PROJECT_NAME", stack.name.value.as_str())];
    settings(artifacts, findings);
    for (path, wanted) in [(path::CLIENT, &client[..]), (path::ENV, &compose[..])] {
        let Some(artifact) = artifacts.iter().find(|artifact| artifact.path == path) else {
            findings.add(format!("`{path}` is not rendered"));
            continue;
        };
        let Ok(text) = text(artifact) else { continue };
        match assignments(text) {
            Ok(found) => {
                for (name, value) in wanted {
                    let set = found.get(name).copied();
                    findings.holds(set == Some(*value), || {
                        let set = set.unwrap_or_default();
                        format!("`{path}` sets `{name}` to `{set}`, and `{value}` is wanted")
                    });
                }
            }
            Err(line) => findings.add(format!("`{path}` has a line that assigns nothing: {line}")),
        }
    }
}

/// Managed settings say what the environment says.
fn settings(artifacts: &[Artifact], findings: &mut Findings) {
    let text_of = |path: &str| {
        artifacts.iter().find(|artifact| artifact.path == path).and_then(|found| text(found).ok())
    };
    let (Some(json), Some(shell)) = (text_of(path::CLIENT_SETTINGS), text_of(path::CLIENT)) else {
        findings.add(format!("`{}` is not rendered", path::CLIENT_SETTINGS));
        return;
    };
    let found = serde_json::from_str::<Settings>(json).map(|settings| settings.env);
    // A line that assigns nothing is told elsewhere.
    let wanted = assignments(shell).unwrap_or_default();
    let wanted = wanted.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let wanted: BTreeMap<String, String> = wanted.collect();
    findings.holds(found.as_ref().is_ok_and(|found| *found == wanted), || {
        format!("`{}` does not say what `{}` says", path::CLIENT_SETTINGS, path::CLIENT)
    });
}

/// What is read of managed settings.
#[derive(Deserialize)]
struct Settings {
    env: BTreeMap<String, String>,
}

/// The variables of a file; or the first line that is neither blank, comment nor assignment.
fn assignments(text: &str) -> Result<BTreeMap<&str, &str>, &str> {
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (name, value) =
            line.strip_prefix("export ").unwrap_or(line).split_once('=').ok_or(line)?;
        let is_name = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
        let bare = quoted('\'').or_else(|| quoted('"')).unwrap_or(value);
        // Nothing that a shell would expand, split or end the quotes at.
        if !is_name
            || bare.contains(['"', '$', '`', '\\', '\''])
            || (bare == value && value.contains(' '))
        {
            return Err(line);
        }
        found.insert(name, bare);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::assignments;

    #[test]
    fn reads_what_a_shell_reads_and_refuses_what_it_would_expand() {
        let found = assignments("# c\n\nexport A=1\nB_2=\"x y\"\nC='x%20y'\n").unwrap();
        assert_eq!((found["A"], found["B_2"], found["C"]), ("1", "x y", "x%20y"));
        for bad in ["A", "a=1", "A=$(id)", "A=x y", "A=\"x\"y\"", "=1"] {
            assert_eq!(assignments(bad), Err(bad));
        }
    }
}
