//! What a rule looks at, and how it tells what it finds.

use super::Finding;
use super::route::{self, Route};
use crate::client::{Chosen, Effective, Protocol, Signal};
use crate::diagnostic::{Diagnostic, Kind};
use crate::stack::Stack;

/// The ports that OTLP has by registration, for a client that knows no stack.
const GRPC_PORT: u16 = 4317;
const HTTP_PORT: u16 = 4318;

/// Everything that a rule may look at.
pub(super) struct Scene<'a> {
    pub effective: &'a Effective,
    pub stack: Option<&'a Stack>,
    pub routes: Vec<Route>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(effective: &'a Effective, stack: Option<&'a Stack>) -> Self {
        Self { effective, stack, routes: route::routes(effective) }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Chosen> {
        self.effective.get(name)
    }

    /// The port on which a receiver of this protocol is expected.
    pub(super) fn port(&self, protocol: Protocol) -> u16 {
        match self.stack {
            Some(stack) if protocol.is_http() => stack.client.http.port.value,
            Some(stack) => stack.client.grpc.port.value,
            None if protocol.is_http() => HTTP_PORT,
            None => GRPC_PORT,
        }
    }

    /// The signals that are meant to be sent.
    pub(super) fn signals(&self) -> Vec<Signal> {
        self.routes.iter().flat_map(|route| route.signals.iter().copied()).collect()
    }

    pub(super) fn about_all(&self, diagnostic: Diagnostic) -> Finding {
        Finding { signals: self.signals(), diagnostic }
    }
}

/// Starts an error: what is meant does not arrive.
pub(super) fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Kind::Verify, message).code(code)
}

/// Starts a warning: what is meant arrives, and not as meant.
pub(super) fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::warning(message).code(code)
}

/// Says where a value stands, and whom it beats.
pub(super) fn at(diagnostic: Diagnostic, chosen: &Chosen) -> Diagnostic {
    let mut diagnostic = diagnostic.at(&chosen.place.origin);
    for beaten in &chosen.beaten {
        diagnostic = diagnostic.cause(format!("it overrides {beaten}"));
    }
    diagnostic
}
