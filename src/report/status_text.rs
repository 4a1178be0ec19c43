//! What runs, as a table that fits 80 columns.

use super::{Style, stack_text::open_to};
use crate::status::{Drift, Service, Status, Table, Unit, Units};
use std::fmt::Write as _;
use std::time::Duration;

/// Writes services, ports, counters, firewall, units, drift.
#[must_use]
pub fn status_text(status: &Status, style: Style) -> String {
    // All of it is shown; a new field must find its place here.
    let Status { stack, directory, services, ports, counters, firewall, units, drift } = status;
    let mut text = style.bold(&format!("stack `{stack}` in {directory}")) + "\n";
    let _ = writeln!(text, "  service         state       for       restarts  version");
    for found in services {
        service(&mut text, found, style);
    }
    text.push_str("\n  port   for         open to\n");
    for port in ports {
        let _ = writeln!(text, "  {:<6} {:<11} {}", port.host.value, port.name, open_to(port));
    }
    text.push('\n');
    match counters {
        None => text.push_str("  counters  the exporter does not answer\n"),
        Some(counters) => {
            text.push_str("  counted since the collector started\n");
            for (metric, total) in counters {
                let total = amount(*total, metric.unit);
                let _ = writeln!(text, "  {total:>14} {:<9}  {}", metric.unit, metric.help);
            }
        }
    }
    text.push('\n');
    let _ = writeln!(text, "  firewall  {}", table(firewall, style));
    unit_lines(&mut text, units, style);
    let drift = match drift {
        Drift::Pending(0) => style.green("no changes"),
        Drift::Pending(1) => style.yellow("1 change pending: otelctl plan"),
        Drift::Pending(count) => style.yellow(&format!("{count} changes pending: otelctl plan")),
        Drift::Unknown(why) => style.yellow(&format!("unknown: {}", why.message)),
    };
    let _ = writeln!(text, "  drift     {drift}");
    text
}

fn service(text: &mut String, service: &Service, style: Style) {
    let Service { name, wanted, container: _, state, age, restarts, image, version } = service;
    let shown = format!("{state:<10}");
    let shown = match (state.is_well(), wanted) {
        (true, _) => style.green(&shown),
        (false, true) => style.red(&shown),
        (false, false) => style.dim(&shown),
    };
    let age = age.map(age_text).unwrap_or_default();
    let version = version.as_deref().unwrap_or("-");
    let _ = writeln!(text, "  {name:<14}  {shown}  {age:<8}  {restarts:>8}  {version}");
    if !image.is_empty() {
        let _ = writeln!(text, "    {}", style.dim(image));
    }
}

fn age_text(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

fn amount(total: f64, unit: &str) -> String {
    if unit == "USD" { format!("{total:.4}") } else { format!("{total:.0}") }
}

fn table(table: &Table, style: Style) -> String {
    match table {
        Table::Unmanaged => "left to somebody else (`otelctl::firewall::manage: false`)".to_owned(),
        Table::Loaded(name) => style.green(&format!("table inet {name} is loaded")),
        Table::Missing(name) => style.red(&format!("table inet {name} is MISSING: ports are open")),
        Table::Unknown(why) => style.yellow(&format!("unknown: {}", why.message)),
    }
}

fn unit_lines(text: &mut String, units: &Units, style: Style) {
    match units {
        Units::None(why) => {
            let lines = textwrap::wrap(why, 66);
            for (index, line) in lines.iter().enumerate() {
                let title = if index == 0 { "units" } else { "" };
                let _ = writeln!(text, "  {title:<9} {line}");
            }
        }
        Units::Unknown(why) => {
            let _ = writeln!(text, "  units     unknown: {}", why.message);
        }
        Units::Known(units) => {
            for (index, unit) in units.iter().enumerate() {
                let Unit { name, active, enabled } = unit;
                let title = if index == 0 { "units" } else { "" };
                let enabled = if enabled.is_empty() { "not installed" } else { enabled };
                let state = format!("{active}, {enabled}");
                let well = active == "active" && enabled == "enabled";
                let state = if well { style.green(&state) } else { style.yellow(&state) };
                let _ = writeln!(text, "  {title:<9} {name:<36} {state}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack::METRICS;
    use crate::status::State;

    fn service(name: &str, state: State, image: &str) -> Service {
        Service {
            name: name.into(),
            wanted: true,
            container: Some(name.into()),
            state,
            age: Some(Duration::from_secs(7_300)),
            restarts: 2,
            image: image.into(),
            version: state.is_well().then(|| "0.91.0".into()),
        }
    }

    #[test]
    fn it_reads_well_and_fits_eighty_columns() {
        let unit = |name: &str, active: &str, enabled: &str| Unit {
            name: name.into(),
            active: active.into(),
            enabled: enabled.into(),
        };
        let image = "otel/opentelemetry-collector-contrib:0.91.0";
        let status = Status {
            stack: "otel".into(),
            directory: "/opt/otel".into(),
            services: vec![
                service("otel-collector", State::Healthy, image),
                service("prometheus", State::Stopped(Some(137)), "prom/prometheus:v3.5.0"),
            ],
            ports: Vec::new(),
            counters: Some(METRICS.iter().take(3).map(|metric| (*metric, 1_234_567.25)).collect()),
            firewall: Table::Loaded("otelctl_otel".into()),
            units: Units::Known(vec![
                unit("otelctl-firewall.service", "active", "enabled"),
                unit("otel-collector.service", "inactive", ""),
            ]),
            drift: Drift::Pending(3),
        };
        let text = status_text(&status, Style::new(false));
        assert_eq!(
            text,
            "stack `otel` in /opt/otel
  service         state       for       restarts  version
  otel-collector  healthy     2 h              2  0.91.0
    otel/opentelemetry-collector-contrib:0.91.0
  prometheus      exited 137  2 h              2  -
    prom/prometheus:v3.5.0

  port   for         open to

  counted since the collector started
         1234567 sessions   Claude Code sessions
         1234567 tokens     Tokens processed, all types
    1234567.2500 USD        Estimated cost in USD

  firewall  table inet otelctl_otel is loaded
  units     otelctl-firewall.service             active, enabled
            otel-collector.service               inactive, not installed
  drift     3 changes pending: otelctl plan
"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 80));
    }
}
