//! The way that signals take: protocol and endpoint, and which variables say so.

use super::{Endpoint, switch};
use crate::client::{Chosen, Effective, Protocol, Signal, name};

/// A way to a receiver, and the signals that take it.
#[derive(Clone, Debug)]
pub struct Route {
    /// The signals, at least one.
    pub signals: Vec<Signal>,
    /// The variable of the protocol, if one is set.
    pub(super) protocol: Option<Named>,
    /// The variable of the endpoint, if one is set.
    pub(super) endpoint: Option<Named>,
}

/// A variable that is set.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub name: String,
    pub chosen: Chosen,
    /// Says that it is about one signal alone.
    pub own: bool,
}

impl Named {
    pub(super) fn text(&self) -> &str {
        self.chosen.value.expose()
    }
}

impl Route {
    /// The protocol that is spoken; none: nobody knows the word.
    #[must_use]
    pub fn protocol(&self) -> Option<Protocol> {
        self.protocol.as_ref().map_or(Some(Protocol::HttpProtobuf), |set| Protocol::of(set.text()))
    }

    /// The endpoint that is set; none: none is, or it is no URL.
    #[must_use]
    pub fn endpoint(&self) -> Option<Endpoint> {
        self.endpoint.as_ref().and_then(|set| Endpoint::parse(set.text()))
    }

    /// Says that the endpoint is a signal's own, to which the CLI adds no path.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.endpoint.as_ref().is_some_and(|set| set.own)
    }

    /// Names the signals: `metrics and logs`.
    #[must_use]
    pub fn named(&self) -> String {
        named(&self.signals)
    }

    /// Says in a few words where the signals go.
    #[must_use]
    pub fn summary(&self) -> String {
        let protocol = self.protocol().map_or("?", Protocol::word);
        match self.endpoint() {
            Some(endpoint) => format!("{protocol} to {endpoint}"),
            None => format!("{protocol} to this machine"),
        }
    }
}

/// Names signals as a sentence does.
pub(super) fn named(signals: &[Signal]) -> String {
    let words: Vec<&str> = signals.iter().map(|signal| signal.word()).collect();
    match words.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => words.concat(),
    }
}

/// Finds the ways; metrics and logs are always meant, traces where they are switched on.
pub(super) fn routes(effective: &Effective) -> Vec<Route> {
    let traced = switch::traced(effective);
    let mut routes: Vec<Route> = Vec::new();
    for signal in Signal::ALL.into_iter().filter(|signal| *signal != Signal::Traces || traced) {
        let find = |ending: &str, general: &str| {
            let named = |name: &str, own| {
                let chosen = effective.get(name)?.clone();
                Some(Named { name: name.to_owned(), chosen, own })
            };
            named(&signal.own(ending), true).or_else(|| named(general, false))
        };
        let protocol = find("PROTOCOL", name::PROTOCOL);
        let endpoint = find("ENDPOINT", name::ENDPOINT);
        let same = |one: &Option<Named>, other: &Option<Named>| {
            one.as_ref().map(|set| &set.name) == other.as_ref().map(|set| &set.name)
        };
        let known = routes
            .iter_mut()
            .find(|route| same(&route.protocol, &protocol) && same(&route.endpoint, &endpoint));
        match known {
            Some(route) => route.signals.push(signal),
            None => routes.push(Route { signals: vec![signal], protocol, endpoint }),
        }
    }
    routes
}
