//! The protocol: always to be named, and spelled as the CLI knows it.

use super::scene::{Scene, at, error, warning};
use super::switch::quoted;
use super::{Finding, Route};
use crate::client::{Protocol, name};
use crate::diagnostic::{Diagnostic, nearest};

/// An unknown protocol is silence; no protocol is http/protobuf, whatever the port.
pub(super) fn protocol(scene: &Scene<'_>) -> Vec<Finding> {
    let found = scene.routes.iter().filter_map(|route| {
        let diagnostic = match &route.protocol {
            None => unset(scene, route),
            Some(set) if Protocol::of(set.text()).is_some() => return None,
            Some(set) => {
                let value = set.text();
                let message = format!(
                    "`{}` is `{value}`, which Claude Code does not know: no {} are sent, silently",
                    set.name,
                    route.named()
                );
                let told = at(error("client::protocol-unknown", message), &set.chosen);
                let words = Protocol::ALL.map(Protocol::word);
                let lower = value.to_ascii_lowercase();
                quoted(told, value).hint(match nearest(&lower, words) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("set it to `{}`", words.join("`, `")),
                })
            }
        };
        Some(Finding { signals: route.signals.clone(), diagnostic })
    });
    found.collect()
}

fn unset(scene: &Scene<'_>, route: &Route) -> Diagnostic {
    const CODE: &str = "client::protocol-unset";
    let grpc = scene.port(Protocol::Grpc);
    let endpoint = route.endpoint();
    let to_grpc = endpoint.as_ref().is_some_and(|endpoint| endpoint.port == Some(grpc));
    let told = if to_grpc {
        let message = format!(
            "`{}` is not set: http/protobuf is spoken to the gRPC port {grpc}, and nothing arrives",
            name::PROTOCOL
        );
        let http = scene.port(Protocol::HttpProtobuf);
        error(CODE, message).hint(format!(
            "set `{}=grpc`, or name the HTTP port: `http/protobuf` and {http}",
            name::PROTOCOL
        ))
    } else {
        let message = format!(
            "`{}` is not set: http/protobuf is spoken, but older releases (2.1.20) then do nothing at all",
            name::PROTOCOL
        );
        warning(CODE, message).hint(format!("set `{}=http/protobuf`", name::PROTOCOL))
    };
    match &route.endpoint {
        Some(set) => at(told, &set.chosen),
        None => told,
    }
}
