//! Whether an environment of a client works: what is wrong with it, and whether
//! its receiver takes what is sent its way.
//!
//! May not know where the environment comes from.

use super::canary::Canary;
use super::check::Check;
use super::http::{Headers, Http};
use super::receiver;
use crate::client::{Chosen, Diagnosis, Effective, Endpoint, Route, Scheme, Signal, name};
use crate::diagnostic::{Diagnostic, Kind};
use crate::secret::Secret;
use crate::stack::{Stack, default_prices};
use std::time::SystemTime;

const HINT: &str = "check the address, the way there (VPN) and the firewall: on the server `otelctl validate` shows who may reach which port";

/// Says for each signal how it is sent, or why it does not arrive.
#[must_use]
pub fn environment_checks(diagnosis: &Diagnosis) -> Vec<Check> {
    let check = |route: &Route, signal: &Signal| match diagnosis.obstacle(*signal) {
        Some(obstacle) => Check::failed(signal.word(), obstacle.clone()),
        None => Check::passed(signal.word(), route.summary()),
    };
    let mut checks: Vec<(Signal, Check)> = Vec::new();
    for route in &diagnosis.routes {
        checks.extend(route.signals.iter().map(|signal| (*signal, check(route, signal))));
    }
    checks.sort_by_key(|(signal, _)| *signal);
    checks.into_iter().map(|(_, check)| check).collect()
}

/// Tries each way that nothing stands in: over HTTP with a synthetic session and the
/// environment's headers, over gRPC with the first words of HTTP/2.
pub async fn receiver_checks(
    diagnosis: &Diagnosis,
    effective: &Effective,
    stack: Option<&Stack>,
    progress: &dyn Fn(&str),
) -> Vec<Check> {
    let prices = stack.map_or_else(default_prices, |stack| stack.prices.value.clone());
    let canary = Canary::new(&prices, SystemTime::now());
    let mut checks: Vec<Check> = Vec::new();
    for route in &diagnosis.routes {
        let (Some(protocol), Some(endpoint)) = (route.protocol(), route.endpoint()) else {
            continue;
        };
        let name = if protocol.is_http() { receiver::HTTP } else { receiver::GRPC };
        if route.signals.iter().any(|signal| diagnosis.obstacle(*signal).is_some()) {
            checks.push(Check::not_reached(name));
            continue;
        }
        if endpoint.scheme == Scheme::Https {
            checks.push(Check::passed(
                name,
                format!("{endpoint} is not tried: it is reached by TLS"),
            ));
            continue;
        }
        progress(&format!("trying {endpoint}"));
        let tried = if protocol.is_http() {
            over_http(route, &endpoint, effective, &canary).await
        } else {
            over_grpc(&endpoint).await
        };
        checks.push(match tried {
            Ok(seen) => Check::passed(name, seen),
            Err(error) => Check::failed(name, error.hint(HINT)),
        });
    }
    checks
}

async fn over_grpc(endpoint: &Endpoint) -> Result<String, Diagnostic> {
    let host = endpoint.host.trim_start_matches('[').trim_end_matches(']');
    let spoken = receiver::speaks_http2((host, endpoint.used_port())).await;
    let message = format!("the OTLP gRPC receiver at `{endpoint}` does not answer");
    spoken.map_err(|cause| Diagnostic::error(Kind::Verify, message).cause(cause))?;
    Ok(format!("{endpoint} speaks HTTP/2"))
}

async fn over_http(
    route: &Route,
    endpoint: &Endpoint,
    effective: &Effective,
    canary: &Canary,
) -> Result<String, Diagnostic> {
    let http = Http::new()?;
    let what = format!("the OTLP HTTP receiver at `{endpoint}`");
    let scheme = if endpoint.scheme == Scheme::Missing { "http://" } else { "" };
    let base = format!("{scheme}{endpoint}");
    let base = base.trim_end_matches('/');
    for signal in &route.signals {
        let word = signal.word();
        let url = if route.is_own() { base.to_owned() } else { format!("{base}/v1/{word}") };
        let headers = headers(effective, *signal);
        receiver::send_signal(&http, &what, &url, word, canary, &headers).await?;
    }
    Ok(format!("{endpoint} takes {}", route.named()))
}

/// The headers of a signal: its own beside the general ones.
fn headers(effective: &Effective, signal: Signal) -> Headers {
    let variables = [name::HEADERS.to_owned(), signal.own("HEADERS")];
    let entries = variables.iter().filter_map(|name| effective.get(name)).flat_map(entries);
    entries.collect()
}

fn entries(set: &Chosen) -> Vec<(String, Secret)> {
    let entry = |entry: &str| {
        let (name, value) = entry.split_once('=')?;
        Some((name.trim().to_owned(), Secret::new(value.trim().to_owned())))
    };
    set.value.expose().split(',').filter_map(entry).collect()
}
