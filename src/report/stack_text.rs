//! What a profile asks for, in a few lines: for `validate`.

use super::Style;
use crate::stack::{Exposure, Port, Stack};
use std::fmt::Write as _;

/// Writes the stack's images and ports, and who may reach each port.
#[must_use]
pub fn stack_text(stack: &Stack, style: Style) -> String {
    let title = format!("stack `{}` in {}", stack.name.value, stack.directory.value);
    let mut text = format!("{}\n", style.bold(&title));
    let _ = writeln!(text, "  collector   {}", stack.collector.image.value);
    if let Some(prometheus) = &stack.prometheus {
        let _ = writeln!(text, "  prometheus  {}", prometheus.image.value);
    }
    if let Some(external) = &stack.external_prometheus {
        let _ = writeln!(text, "  prometheus  {} (your own)", external.url.value);
    }
    if let Some(grafana) = &stack.grafana {
        let _ = match &grafana.container {
            Some(container) => writeln!(text, "  grafana     {}", container.image.value),
            None => writeln!(text, "  grafana     {} (your own)", grafana.url.value),
        };
    }
    text.push_str("\n  port   for         open to\n");
    for port in &stack.ports {
        let _ = writeln!(text, "  {:<6} {:<11} {}", port.host.value, port.name, open_to(port));
    }
    text
}

/// Who may reach a port.
pub(super) fn open_to(port: &Port) -> String {
    if port.exposure == Exposure::Loopback {
        return "loopback".to_owned();
    }
    let sources = port.sources.iter().map(ToString::to_string);
    let all: Vec<String> = std::iter::once("loopback".to_owned()).chain(sources).collect();
    match port.exposure {
        Exposure::Address(address) => format!("{} (on {address})", all.join(", ")),
        Exposure::Loopback | Exposure::Everywhere => all.join(", "),
    }
}
