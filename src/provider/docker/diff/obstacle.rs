//! What stands in the way and is somebody else's: refused, with a cure.

use super::Comparison;
use crate::artifact::compose::{PublishedPort, Service};
use crate::diagnostic::{Diagnostic, Kind};

/// Refuses an object that has our name and not our label.
pub(super) fn foreign(kind: &str, name: &str, stack: Option<&str>, cure: &str) -> Diagnostic {
    let owner = match stack {
        Some(stack) => format!("it belongs to stack `{stack}`"),
        None => "it was not made by otelctl".to_owned(),
    };
    Diagnostic::error(Kind::Refused, format!("{kind} `{name}` is in the way"))
        .code("docker::foreign")
        .cause(owner)
        .hint(cure)
}

impl Comparison<'_> {
    /// Refuses each port of a service that somebody else holds. Containers in
    /// `going` give their ports up before.
    pub(super) fn held_ports(&mut self, service: &Service, going: &[&str]) {
        for port in &service.ports {
            let holder = self.port_holder(port, going);
            if let Some(holder) = holder {
                self.errors.push(
                    Diagnostic::error(
                        Kind::Refused,
                        format!(
                            "port {} for `{}` is taken",
                            port.host_port, service.container_name
                        ),
                    )
                    .code("docker::port")
                    .cause(holder)
                    .hint("stop it, or choose another port in the profile"),
                );
            }
        }
    }

    fn port_holder(&self, port: &PublishedPort, going: &[&str]) -> Option<String> {
        let containers = self.observed.summaries.iter().filter(|summary| {
            !going.contains(&summary.id.as_str()) && !self.retired.contains(&summary.id)
        });
        for summary in containers {
            let clash = summary.ports.iter().any(|held| port.clashes(held.ip, held.port));
            // Our own containers are replaced or removed, each in its turn.
            if clash && !self.is_ours(summary.stack.as_deref()) {
                return Some(format!("container `{}` publishes it", summary.name));
            }
        }
        let listener = self
            .observed
            .listeners
            .iter()
            .find(|listener| port.clashes(Some(listener.ip), listener.port))?;
        let process = listener.process.as_deref().unwrap_or("a process of this host");
        Some(format!(
            "{process} listens on {}",
            std::net::SocketAddr::new(listener.ip, listener.port)
        ))
    }
}
