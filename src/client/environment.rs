//! The environment that a stack's clients need, decided.

use super::variable::{VARIABLES, Value, When};
use super::{Attribute, Protocol};
use crate::diagnostic::{Diagnostic, Origin};
use crate::stack::{Receiver, Stack};
use std::net::SocketAddr;

/// The profile's key that says where traces are kept.
const TEMPO: &str = "profile::otel_collector::grafana_cloud_tempo_endpoint";

/// The profile's key of the labels that counters are told apart by.
const METRIC_LABELS: &str = "otelctl::metric_labels";

/// What is asked of an environment.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// How clients speak OTLP.
    pub protocol: Protocol,
    /// Send traces, also where they are only counted.
    pub traces: bool,
    /// For jobs that may be killed at any time.
    pub ci: bool,
    /// Resource attributes beside the default one; theirs count.
    pub attributes: Vec<Attribute>,
}

/// A variable, its value, and why it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The variable.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Why it is there: one or more lines.
    pub why: &'static str,
    /// What is left to whoever uses it: lines.
    pub left: Option<String>,
    /// The profile's settings that it follows from.
    pub from: Vec<(&'static str, Origin)>,
    /// False: it is shown, and not set.
    pub set: bool,
}

/// Decides the environment, in the order in which it is written.
#[must_use]
pub fn environment(stack: &Stack, wish: &Wish) -> Vec<Setting> {
    let receiver = receiver(stack, wish.protocol);
    let variables = VARIABLES.iter().filter(|variable| variable.when != When::Ci || wish.ci);
    let setting = variables.map(|variable| {
        let (value, mut from) = match variable.value {
            Value::Fixed(value) => (value.to_owned(), Vec::new()),
            Value::Protocol => (wish.protocol.word().to_owned(), Vec::new()),
            Value::Endpoint => {
                let from = [
                    (receiver.address_setting, receiver.address.origin.clone()),
                    (receiver.port_setting, receiver.port.origin.clone()),
                ];
                (endpoint(receiver), from.to_vec())
            }
            Value::Attributes => (attributes(wish), Vec::new()),
        };
        let traces = variable.when == When::Traces;
        if let Some(tempo) = stack.tempo.as_ref().filter(|_| traces) {
            from.push((TEMPO, tempo.endpoint.origin.clone()));
        }
        let left = match variable.value {
            Value::Attributes => reminder(stack, wish),
            Value::Fixed(_) | Value::Protocol | Value::Endpoint => None,
        };
        if left.is_some() {
            from.push((METRIC_LABELS, stack.labels.origin.clone()));
        }
        let set = !traces || wish.traces || stack.tempo.is_some();
        Setting { name: variable.name, value, why: variable.why, left, from, set }
    });
    setting.collect()
}

/// Says that clients elsewhere do not reach the receiver of a protocol.
#[must_use]
pub fn reach(stack: &Stack, protocol: Protocol) -> Option<Diagnostic> {
    let receiver = receiver(stack, protocol);
    let name = if protocol.is_http() { "http" } else { "grpc" };
    let port = stack.ports.iter().find(|port| port.name == name)?;
    if !port.sources.is_empty() {
        return receiver.note.clone();
    }
    let message = format!(
        "port {} ({name}) answers this host only, and so does this environment",
        port.host.value
    );
    let hint = "to open it, add a rule with its `port`, a `source` and `jump: accept`";
    let note = Diagnostic::note(message).code("stack::loopback-only");
    Some(note.at(&port.host.origin).hint(hint))
}

/// Where a stack takes a protocol.
pub(super) const fn receiver(stack: &Stack, protocol: Protocol) -> &Receiver {
    if protocol.is_http() { &stack.client.http } else { &stack.client.grpc }
}

fn endpoint(receiver: &Receiver) -> String {
    format!("http://{}", SocketAddr::new(receiver.address.value, receiver.port.value))
}

fn attributes(wish: &Wish) -> String {
    Attribute::list(&all_attributes(wish))
}

fn all_attributes(wish: &Wish) -> Vec<Attribute> {
    let default = Attribute { key: "environment".to_owned(), value: "production".to_owned() };
    let mut all = vec![default];
    all.extend(wish.attributes.iter().cloned());
    all
}

/// Says which attributes the profile counts by that nobody sends yet: their labels
/// would read `unknown`.
fn reminder(stack: &Stack, wish: &Wish) -> Option<String> {
    let sent = all_attributes(wish);
    let missing = stack.labels.value.iter().filter(|label| {
        !label.is_sent_by_itself() && sent.iter().all(|sent| sent.key != label.attribute)
    });
    let missing: Vec<String> = missing.map(|label| format!("{}=...", label.attribute)).collect();
    if missing.is_empty() {
        return None;
    }
    let named = missing.join(",");
    Some(format!(
        "Add {named} here: the profile counts by that, and the CLI\n\
         does not send it by itself. Without it the label reads `unknown`."
    ))
}

#[cfg(test)]
mod tests {
    use super::{Attribute, Wish, environment};
    use crate::client::name;
    use crate::profile::Profile;
    use crate::stack::Stack;

    fn left(labels: &str, attributes: &[&str]) -> Option<String> {
        let profile = format!("otelctl::metric_labels: {labels}\n");
        let profile = Profile::read(&profile, "profile.yaml").unwrap();
        let stack = Stack::build(&profile, &[]).unwrap();
        let attributes = attributes.iter().map(|text| Attribute::parse(text).unwrap()).collect();
        let settings = environment(&stack, &Wish { attributes, ..Wish::default() });
        assert!(settings.iter().all(|one| one.left.is_none() || one.name == name::ATTRIBUTES));
        settings.into_iter().find_map(|setting| setting.left)
    }

    #[test]
    fn what_nobody_sends_by_itself_is_reminded_of() {
        let told = left("[type, user_email, team, cost.center]", &[]).unwrap();
        assert!(told.starts_with("Add team=...,cost.center=... here"), "{told}");
        let told = left("[team, cost.center]", &["team=core"]).unwrap();
        assert!(told.starts_with("Add cost.center=... here"), "{told}");
        for (labels, attributes) in [
            ("[type, user_email, organization_id, effort, os_type]", &[][..]),
            ("[team]", &["team=core"]),
            ("[environment]", &[]),
        ] {
            assert_eq!(left(labels, attributes), None, "{labels}");
        }
    }
}
