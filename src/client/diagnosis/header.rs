//! Headers, which carry tokens: no message shows their values.

use super::Finding;
use super::route::named;
use super::scene::{Scene, at, error, warning};
use crate::client::{Signal, name};
use crate::diagnostic::Diagnostic;

/// Values are sent as they are written, entries are `NAME=VALUE`, and the program
/// that makes headers is asked over HTTP alone.
pub(super) fn headers(scene: &Scene<'_>) -> Vec<Finding> {
    let own = Signal::ALL.map(|signal| (signal.own("HEADERS"), vec![signal]));
    let mut variables = vec![(name::HEADERS.to_owned(), scene.signals())];
    variables.extend(own);
    let mut found: Vec<Finding> = variables
        .iter()
        .filter_map(|(variable, signals)| {
            let set = scene.get(variable)?;
            let told = malformed(variable, set.value.expose())?;
            Some(Finding { signals: signals.clone(), diagnostic: at(told, set) })
        })
        .collect();
    found.extend(helper(scene));
    found
}

fn malformed(variable: &str, value: &str) -> Option<Diagnostic> {
    const CODE: &str = "client::headers";
    if value.starts_with(['"', '\'']) {
        let message =
            format!("`{variable}` begins with a quote, which no header may: nothing is sent");
        return Some(
            error(CODE, message).hint("leave the quotes out where no shell reads the file"),
        );
    }
    for (index, entry) in value.split(',').enumerate() {
        let number = index + 1;
        match entry.split_once('=') {
            None => {
                let message =
                    format!("entry {number} of `{variable}` is no NAME=VALUE, so it is left out");
                return Some(
                    warning(CODE, message)
                        .hint("write `Authorization=Bearer TOKEN`, with `=` and not `:`"),
                );
            }
            Some((_, value)) if encoded(value) => {
                let message = format!(
                    "entry {number} of `{variable}` is percent-encoded, and Claude Code sends it as it is"
                );
                return Some(
                    error(CODE, message)
                        .hint("write a space as a space: `Authorization=Bearer TOKEN`"),
                );
            }
            Some(_) => {}
        }
    }
    None
}

/// Finds `%20` and the like.
fn encoded(value: &str) -> bool {
    let mut rest = value;
    while let Some((_, tail)) = rest.split_once('%') {
        if tail.get(..2).is_some_and(|hex| hex.chars().all(|c| c.is_ascii_hexdigit())) {
            return true;
        }
        rest = tail;
    }
    false
}

fn helper(scene: &Scene<'_>) -> Option<Finding> {
    let helper = scene.effective.headers_helper.as_ref()?;
    let over_grpc =
        |route: &&super::Route| route.protocol().is_some_and(|spoken| !spoken.is_http());
    let signals: Vec<Signal> =
        scene.routes.iter().filter(over_grpc).flat_map(|route| route.signals.clone()).collect();
    if signals.is_empty() {
        return None;
    }
    let message = format!(
        "`otelHeadersHelper` is not asked over gRPC: {} go without its headers",
        named(&signals)
    );
    let told = error("client::headers-helper", message).at(&helper.origin);
    let hint =
        format!("set `{}=http/protobuf`, or the headers in `{}`", name::PROTOCOL, name::HEADERS);
    Some(Finding { signals, diagnostic: told.hint(hint) })
}
