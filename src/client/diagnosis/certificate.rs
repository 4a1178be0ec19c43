//! Certificates: HTTP and gRPC read them from different variables (measured).

use super::scene::{Scene, at, error};
use super::{Finding, Route, Scheme};

/// What only one of the two reads: the variable, and what the other reads in its place.
const OVER_HTTP: [(&str, &str); 3] = [
    ("CERTIFICATE", "NODE_EXTRA_CA_CERTS"),
    ("CLIENT_CERTIFICATE", "CLAUDE_CODE_CLIENT_CERT"),
    ("CLIENT_KEY", "CLAUDE_CODE_CLIENT_KEY"),
];

/// A certificate in a variable that the protocol does not read is not there.
pub(super) fn certificates(scene: &Scene<'_>) -> Vec<Finding> {
    let tls =
        |route: &&Route| route.endpoint().is_some_and(|endpoint| endpoint.scheme != Scheme::Http);
    scene.routes.iter().filter(tls).flat_map(|route| ignored(scene, route)).collect()
}

fn ignored(scene: &Scene<'_>, route: &Route) -> Vec<Finding> {
    let Some(protocol) = route.protocol() else { return Vec::new() };
    let mut found = Vec::new();
    for (ending, other) in OVER_HTTP {
        let general = format!("OTEL_EXPORTER_OTLP_{ending}");
        let own = route.signals.iter().map(|signal| signal.own(ending));
        let over_grpc =
            own.chain([general.clone()]).find_map(|name| Some((scene.get(&name)?, name)));
        let over_http = scene.get(other);
        let (set, name, read, way) = match (protocol.is_http(), over_grpc, over_http) {
            (true, Some((set, name)), None) => (set, name, other.to_owned(), "HTTP"),
            // gRPC reads NODE_EXTRA_CA_CERTS, too.
            (false, None, Some(set)) if ending != "CERTIFICATE" => {
                (set, other.to_owned(), general, "gRPC")
            }
            _ => continue,
        };
        let message =
            format!("`{name}` is ignored over {way}, so {} do not get through", route.named());
        let told = at(error("client::certificate", message), set);
        let diagnostic = told.hint(format!("set `{read}` to the same file"));
        found.push(Finding { signals: route.signals.clone(), diagnostic });
    }
    found
}
