//! Environment files, read back as a shell or docker-compose reads them.

use super::{Findings, text};
use crate::artifact::{Artifact, path};
use crate::stack::Stack;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Holds `.env` and the clients' environment against the stack.
pub fn check(stack: &Stack, artifacts: &[Artifact], findings: &mut Findings) {
    let host = match stack.client.address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    };
    let endpoint = format!("http://{host}:{}", stack.client.grpc_port);
    // Without any one of these the CLI sends nothing, silently.
    let client = [
        ("CLAUDE_CODE_ENABLE_TELEMETRY", "1"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ("OTEL_METRICS_EXPORTER", "otlp"),
        ("OTEL_LOGS_EXPORTER", "otlp"),
    ];
    let compose = [("COMPOSE_PROJECT_NAME", stack.name.value.as_str())];
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
                        format!("`{path}` sets `{name}` to {set:?}, and `{value}` is wanted")
                    });
                }
            }
            Err(line) => findings.add(format!("`{path}` has a line that assigns nothing: {line}")),
        }
    }
}

/// The variables of a file; or the first line that is neither blank, comment nor assignment.
fn assignments(text: &str) -> Result<BTreeMap<&str, &str>, &str> {
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (name, value) =
            line.strip_prefix("export ").unwrap_or(line).split_once('=').ok_or(line)?;
        let is_name = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
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
        let found = assignments("# c\n\nexport A=1\nB_2=\"x y\"\n").unwrap();
        assert_eq!((found["A"], found["B_2"]), ("1", "x y"));
        for bad in ["A", "a=1", "A=$(id)", "A=x y", "A=\"x\"y\"", "=1"] {
            assert_eq!(assignments(bad), Err(bad));
        }
    }
}
