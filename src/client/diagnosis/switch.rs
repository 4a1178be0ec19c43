//! What switches telemetry on: the switch, the exporters, the intervals.

use super::Finding;
use super::scene::{Scene, at, error, warning};
use crate::client::{Chosen, Effective, Signal, name};
use crate::diagnostic::Diagnostic;

/// What the CLI takes for yes, in any case (measured).
const YES: [&str; 4] = ["1", "true", "yes", "on"];

/// Without the switch nothing is sent.
pub(super) fn enabled(scene: &Scene<'_>) -> Vec<Finding> {
    const CODE: &str = "client::disabled";
    let hint = format!("set `{}=1`", name::ENABLE);
    let told = match scene.get(name::ENABLE) {
        Some(set) if is_yes(set.value.expose()) => return Vec::new(),
        Some(set) => {
            let value = set.value.expose();
            let message = format!("`{}` is `{value}`: Claude Code sends nothing", name::ENABLE);
            quoted(at(error(CODE, message), set), value)
        }
        None => unset(scene, CODE, name::ENABLE, "Claude Code sends nothing"),
    };
    vec![scene.about_all(told.hint(hint))]
}

/// Metrics and logs each have an exporter; there is no default.
pub(super) fn exporters(scene: &Scene<'_>) -> Vec<Finding> {
    const CODE: &str = "client::exporter";
    let wanted = [
        (Signal::Metrics, "no sessions, tokens and cost arrive"),
        (Signal::Logs, "no cache hits and misses arrive"),
    ];
    let found = wanted.into_iter().filter_map(|(signal, loss)| {
        let variable = signal.exporter();
        let told = match scene.get(variable) {
            Some(set) if set.value.expose().split(',').any(|word| word.trim() == "otlp") => {
                return None;
            }
            Some(set) => {
                let value = set.value.expose();
                let message = format!("`{variable}` is `{value}`, not `otlp`: {loss}");
                quoted(at(error(CODE, message), set), value)
            }
            None => unset(scene, CODE, variable, loss),
        };
        let diagnostic = told.hint(format!("set `{variable}=otlp`"));
        Some(Finding { signals: vec![signal], diagnostic })
    });
    found.collect()
}

/// Where traces are told to go, and what switches them on.
fn tracing(effective: &Effective) -> (Option<&Chosen>, Option<&Chosen>) {
    let exporter = effective.get(name::TRACES).filter(|set| set.value.expose() != "none");
    let beta = effective.get(name::TRACES_BETA).filter(|set| is_yes(set.value.expose()));
    (exporter, beta)
}

/// Says that traces are sent.
pub(super) fn traced(effective: &Effective) -> bool {
    matches!(tracing(effective), (Some(_), Some(_)))
}

/// Traces need both a switch and an exporter; each alone does nothing.
pub(super) fn traces(scene: &Scene<'_>) -> Vec<Finding> {
    const CODE: &str = "client::traces";
    let (exporter, beta) = tracing(scene.effective);
    let (set, missing, value) = match (exporter, beta) {
        (Some(exporter), None) => (exporter, name::TRACES_BETA, "1"),
        (None, Some(beta)) => (beta, name::TRACES, "otlp"),
        _ => return Vec::new(),
    };
    let message = format!("no traces are sent: `{missing}` is not set");
    let diagnostic = at(warning(CODE, message), set)
        .hint(format!("set `{missing}={value}`, if you want traces; counters need none"));
    vec![Finding { signals: vec![Signal::Traces], diagnostic }]
}

/// Milliseconds. Measured for metrics: 0 and less export nothing, `10s` is 10 ms,
/// and what begins with no number is the default.
pub(super) fn intervals(scene: &Scene<'_>) -> Vec<Finding> {
    const CODE: &str = "client::interval";
    let variables = [
        (name::METRICS_INTERVAL, Signal::Metrics, 60_000),
        (name::LOGS_INTERVAL, Signal::Logs, 5_000),
    ];
    let found = variables.into_iter().filter_map(|(variable, signal, default)| {
        let set = scene.get(variable)?;
        let value = set.value.expose();
        let number: String = {
            let end = |(index, c): &(usize, char)| !(c.is_ascii_digit() || (*index == 0 && *c == '-'));
            let end = value.char_indices().find(end).map_or(value.len(), |(index, _)| index);
            value.get(..end).unwrap_or_default().to_owned()
        };
        let diagnostic = match number.parse::<i64>() {
            Ok(milliseconds) if milliseconds <= 0 => {
                let message = format!("`{variable}` is `{value}`: no {} are sent", signal.word());
                at(error(CODE, message), set)
            }
            Ok(_) if number.len() == value.len() => return None,
            Ok(milliseconds) => {
                let message = format!("`{variable}` is `{value}`, which counts as {milliseconds} ms");
                at(warning(CODE, message), set)
            }
            Err(_) => {
                let message = format!(
                    "`{variable}` is `{value}`, no number of milliseconds: the default counts, {default}"
                );
                at(warning(CODE, message), set)
            }
        };
        let hint = format!("set it to milliseconds, such as `{default}`");
        Some(Finding { signals: vec![signal], diagnostic: diagnostic.hint(hint) })
    });
    found.collect()
}

fn is_yes(value: &str) -> bool {
    YES.contains(&value.to_ascii_lowercase().as_str())
}

/// A variable that is not set, or set to nothing.
fn unset(scene: &Scene<'_>, code: &'static str, name: &str, loss: &str) -> Diagnostic {
    match scene.effective.emptied(name) {
        Some(emptied) => at(error(code, format!("`{name}` is set to nothing: {loss}")), emptied),
        None => error(code, format!("`{name}` is not set: {loss}")),
    }
}

/// Whoever reads the file may take its quotes for a part of the value.
pub(super) fn quoted(told: Diagnostic, value: &str) -> Diagnostic {
    if value.starts_with(['"', '\'']) {
        return told.cause("the quotes are part of the value");
    }
    told
}
