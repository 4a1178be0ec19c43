//! What a profile asks for, in a few lines: for `validate`.

use super::Style;
use crate::diagnostic::thousands;
use crate::stack::{Exposure, Port, Stack, estimate};
use std::fmt::Write as _;

/// Writes the stack's images and ports, who may reach each port,
/// and how many series to expect.
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
    text.push('\n');
    text.push_str(&series(stack));
    text
}

/// How many series are expected, and of what assumptions, within 80 columns.
fn series(stack: &Stack) -> String {
    let estimate = estimate(&stack.labels.value);
    let mut lines = vec![format!(
        "series: at most {} with each start of the collector; values assumed:",
        thousands(&estimate.series.to_string())
    )];
    let mut line = String::new();
    for (label, values) in &estimate.labels {
        let part = format!("{label} {values}");
        if !line.is_empty() && line.len() + part.len() > 72 {
            lines.push(format!("{line},"));
            line.clear();
        }
        line.push_str(if line.is_empty() { "  " } else { ", " });
        line.push_str(&part);
    }
    lines.push(line);
    lines.iter().fold(String::new(), |text, line| text + "  " + line + "\n")
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
