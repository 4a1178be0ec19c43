//! Settings that are not heard: ignored, overridden, misspelt.

use super::Finding;
use super::scene::{Scene, warning};
use crate::client::{Signal, name};
use crate::diagnostic::nearest;

/// Tells each place that is not heard.
pub(super) fn layers(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let known = known();
    // Of the others nobody has measured what becomes of them.
    let ignored = scene.effective.ignored.iter().filter(|(name, _)| known.contains(name));
    for (variable, place) in ignored {
        let message = format!("Claude Code ignores `{variable}` in {}", place.layer);
        let told = warning("client::ignored", message).at(&place.origin);
        found.push(scene.about_all(told.hint("set it in user settings or in managed settings")));
    }
    for (variable, chosen) in scene.effective.all() {
        for beaten in &chosen.beaten {
            let message =
                format!("`{variable}` has no effect here: it is overridden by {}", chosen.place);
            let told = warning("client::overridden", message).at(&beaten.origin);
            found.push(scene.about_all(told));
        }
        let meant = nearest(variable, known.iter().map(String::as_str));
        if let Some(meant) = meant.filter(|meant| *meant != variable) {
            let message = format!("nobody reads `{variable}`");
            let told = warning("client::misspelt", message).at(&chosen.place.origin);
            found.push(scene.about_all(told.hint(format!("did you mean `{meant}`?"))));
        }
    }
    found
}

/// Every variable that means something here.
fn known() -> Vec<String> {
    let endings =
        ["PROTOCOL", "ENDPOINT", "HEADERS", "CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"];
    let mut known: Vec<String> = [
        name::ENABLE,
        name::METRICS,
        name::LOGS,
        name::TRACES,
        name::TRACES_BETA,
        name::SERVICE,
        name::ATTRIBUTES,
        name::METRICS_INTERVAL,
        name::LOGS_INTERVAL,
        "OTEL_TRACES_EXPORT_INTERVAL",
        "CLAUDE_CODE_CLIENT_CERT",
        "CLAUDE_CODE_CLIENT_KEY",
        "NODE_EXTRA_CA_CERTS",
    ]
    .map(str::to_owned)
    .to_vec();
    for ending in endings {
        known.push(format!("OTEL_EXPORTER_OTLP_{ending}"));
        known.extend(Signal::ALL.map(|signal| signal.own(ending)));
    }
    known
}
