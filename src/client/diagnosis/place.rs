//! Where an endpoint points to, and who listens there.

use super::route::Named;
use super::scene::{Scene, at, error, warning};
use super::switch::quoted;
use super::{Endpoint, Finding, Route, Scheme};
use crate::client::{Protocol, name};
use crate::diagnostic::Diagnostic;
use crate::stack::{Exposure, Stack};

/// For each way, its endpoint as far as it can be read.
fn each(
    scene: &Scene<'_>,
    look: impl Fn(&Route, &Named, &Endpoint, Protocol) -> Option<Diagnostic>,
) -> Vec<Finding> {
    let found = scene.routes.iter().filter_map(|route| {
        let (set, endpoint) = (route.endpoint.as_ref()?, route.endpoint()?);
        let diagnostic = look(route, set, &endpoint, route.protocol()?)?;
        Some(Finding { signals: route.signals.clone(), diagnostic })
    });
    found.collect()
}

/// An endpoint is a URL with its scheme.
pub(super) fn url(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = each(scene, |_, set, endpoint, protocol| scheme(set, endpoint, protocol));
    for route in &scene.routes {
        let diagnostic = match &route.endpoint {
            Some(set) if Endpoint::parse(set.text()).is_none() => {
                // What it says may hold a password.
                let message = format!("`{}` is no URL of http or https", set.name);
                let told = at(error("client::endpoint-url", message), &set.chosen);
                quoted(told, set.text()).hint("write `http://HOST:PORT`")
            }
            Some(_) => continue,
            None => {
                let port = if route.protocol().is_some_and(|protocol| !protocol.is_http()) {
                    4317
                } else {
                    4318
                };
                let message = format!(
                    "`{}` is not set: {} go to this machine, port {port}",
                    name::ENDPOINT,
                    route.named()
                );
                warning("client::endpoint-unset", message)
                    .hint("`otelctl client-env` says what to set it to")
            }
        };
        found.push(Finding { signals: route.signals.clone(), diagnostic });
    }
    found
}

/// Measured: without a scheme gRPC means TLS; over HTTP an address still works, and of a name
/// with a port the name is taken for the scheme.
fn scheme(set: &Named, endpoint: &Endpoint, protocol: Protocol) -> Option<Diagnostic> {
    if endpoint.scheme != Scheme::Missing {
        return None;
    }
    let Named { name, .. } = set;
    let code = "client::endpoint-scheme";
    let told = if !protocol.is_http() {
        error(
            code,
            format!(
                "`{name}` has no scheme: gRPC then means TLS, and nothing arrives at a port without"
            ),
        )
    } else if endpoint.address().is_some() {
        warning(code, format!("`{name}` has no scheme, which works for an address over HTTP alone"))
    } else {
        error(
            code,
            format!("`{name}` has no scheme: its host is taken for one, and nothing arrives"),
        )
    };
    Some(at(told, &set.chosen).hint(format!("write `http://{endpoint}`")))
}

/// The two receivers do not understand each other's protocol.
pub(super) fn port(scene: &Scene<'_>) -> Vec<Finding> {
    let (grpc, http) = (scene.port(Protocol::Grpc), scene.port(Protocol::HttpProtobuf));
    each(scene, |route, set, endpoint, protocol| {
        // What nobody has set is told as such.
        let spoken = route.protocol.as_ref()?;
        let (wrong, right, other) =
            if protocol.is_http() { (grpc, http, "gRPC") } else { (http, grpc, "HTTP") };
        (endpoint.used_port() == wrong).then(|| {
            let message = format!(
                "`{}` names port {wrong}, which speaks {other}, and `{}` is `{}`: nothing arrives",
                set.name,
                spoken.name,
                protocol.word()
            );
            let hint = if protocol.is_http() {
                format!("name port {right}, or set `{}=grpc`", spoken.name)
            } else {
                format!("name port {right}, or set `{}=http/protobuf`", spoken.name)
            };
            at(error("client::port", message), &set.chosen).hint(hint)
        })
    })
}

/// Over HTTP the CLI adds the signal's path to the general endpoint, and nothing to a signal's own.
pub(super) fn path(scene: &Scene<'_>) -> Vec<Finding> {
    const CODE: &str = "client::endpoint-path";
    each(scene, |route, set, endpoint, protocol| {
        if !protocol.is_http() {
            return None;
        }
        let path = endpoint.path.trim_end_matches('/');
        let ending =
            ["/v1/metrics", "/v1/logs", "/v1/traces"].into_iter().find(|end| path.ends_with(end));
        let told = match ending {
            Some(ending) if !route.is_own() => {
                let message = format!(
                    "`{}` ends in `{ending}`, to which Claude Code adds the signal's path: nothing arrives",
                    set.name
                );
                error(CODE, message).hint(format!("leave `{ending}` out"))
            }
            None if route.is_own() && path.is_empty() => {
                let message = format!(
                    "`{}` has no path, and none is added to a signal's own endpoint: nothing arrives",
                    set.name
                );
                let signal = route.signals.first()?.word();
                error(CODE, message).hint(format!("add `/v1/{signal}`"))
            }
            _ => return None,
        };
        Some(at(told, &set.chosen))
    })
}

/// What the profile's stack offers.
pub(super) fn stack(scene: &Scene<'_>) -> Vec<Finding> {
    let Some(stack) = scene.stack else { return Vec::new() };
    each(scene, |_, set, endpoint, protocol| {
        offered(stack, set, endpoint, protocol).map(|told| at(told, &set.chosen))
    })
}

fn offered(
    stack: &Stack,
    set: &Named,
    endpoint: &Endpoint,
    protocol: Protocol,
) -> Option<Diagnostic> {
    const CODE: &str = "client::stack";
    let Named { name, .. } = set;
    let used = endpoint.used_port();
    let receivers = stack.ports.iter().filter(|port| matches!(port.name, "grpc" | "http"));
    let Some(port) = receivers.clone().find(|port| port.host.value == used) else {
        let told: Vec<String> =
            receivers.map(|port| format!("{} ({})", port.host.value, port.name)).collect();
        let message = format!(
            "`{name}` names port {used}, and the stack takes telemetry at {}",
            told.join(" and ")
        );
        return Some(error(CODE, message).hint("`otelctl client-env` says what to set it to"));
    };
    if endpoint.scheme == Scheme::Https {
        let message = format!("`{name}` asks for TLS, which the stack does not speak");
        return Some(error(CODE, message).hint("write `http://`"));
    }
    let closed = port.sources.is_empty() && !matches!(port.exposure, Exposure::Address(_));
    if closed && !endpoint.is_loopback() {
        let message = format!(
            "`{name}` names port {used}, which answers the stack's own host alone: no rule of `profile::firewall::custom_rules` accepts anybody"
        );
        return Some(
            error(CODE, message)
                .hint(format!("add a rule with `port: {used}`, a `source` and `jump: accept`")),
        );
    }
    let told = super::super::environment::receiver(stack, protocol).address.value;
    let other = endpoint.address().is_some_and(|address| address != told) && !told.is_loopback();
    other.then(|| {
        let message =
            format!("`{name}` names {}, and the stack's clients are told {told}", endpoint.host);
        warning(CODE, message).hint("fine where it reaches the same host")
    })
}
