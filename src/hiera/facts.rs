//! A node's facts, as `facter` and `puppet facts` write them.
//!
//! Owns what a facts file must be and what follows from it about the node's
//! certificate. May not read the disk, nor know who asks.

use super::{Document, Format, Node, Value};
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use std::sync::Arc;

/// Facts that come together or not at all, since the certificate's name follows from them.
const IDENTITY: [&str; 4] = ["hostname", "domain", "fqdn", "clientcert"];
/// Names that Puppet keeps for itself.
const RESERVED: [&str; 2] = ["trusted", "facts"];
const LAYER: &str = "facts";

/// The facts of one node.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    root: Node,
}

impl Facts {
    /// No facts at all, as without a facts file.
    #[must_use]
    pub fn none() -> Self {
        Self { root: Node::new(Value::Mapping(Vec::new()), place(&LAYER.into(), &"".into())) }
    }

    /// Reads a plain mapping of facts, or the `values` of what `puppet facts find`
    /// prints; JSON if the file begins with a brace, else YAML.
    ///
    /// # Errors
    /// Every mistake found, with its place.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self, Vec<Diagnostic>> {
        let (layer, file) = (Arc::from(LAYER), Arc::from(file));
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        // A flow mapping is YAML, too, and its braces need no quotes.
        let json = first == Some(&b'{');
        let read = |format| Document::read(bytes, format, &layer, &file);
        let document = match read(if json { Format::Json } else { Format::Yaml }) {
            Err(errors) if json => read(Format::Yaml).map_err(|_| errors)?,
            read => read?,
        };
        let Some(Node { value: Value::Mapping(entries), location, confidential }) = document.root
        else {
            return Err(vec![
                refused("the facts are no mapping", &place(&layer, &file))
                    .hint("write them by `facter --json` or `puppet facts`"),
            ]);
        };
        let (entries, location) = unwrapped(entries, location);
        let mistakes = mistakes(&entries, &location);
        if mistakes.is_empty() {
            Ok(Self { root: Node { value: Value::Mapping(entries), location, confidential } })
        } else {
            Err(mistakes)
        }
    }

    /// Returns all facts as one mapping.
    #[must_use]
    pub const fn root(&self) -> &Node {
        &self.root
    }

    /// Returns a top-level fact.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        match &self.root.value {
            Value::Mapping(entries) => get(entries, name),
            _ => None,
        }
    }

    /// Returns the name in the node's certificate.
    #[must_use]
    pub fn certname(&self) -> Option<&str> {
        self.get("clientcert")?.value.as_text()
    }

    /// Returns `$trusted` as `puppet lookup` has it: what the facts say of the
    /// certificate, and nothing of extensions.
    #[must_use]
    pub fn trusted(&self) -> Node {
        let at = |value: Value| Node { value, ..self.root.clone() };
        let name = self.certname();
        let parts = name.map(|name| name.split_once('.').unwrap_or((name, "")));
        let text = |text: Option<&str>| match text {
            Some(text) if !text.is_empty() => at(Value::Text(text.to_owned())),
            _ => at(Value::Null),
        };
        let entries = [
            ("authenticated", at(Value::Text("local".to_owned()))),
            ("certname", text(name)),
            ("extensions", at(Value::Mapping(Vec::new()))),
            ("hostname", text(parts.map(|(host, _)| host))),
            ("domain", text(parts.map(|(_, domain)| domain))),
            ("external", at(Value::Mapping(Vec::new()))),
        ];
        let entries = entries.map(|(key, value)| (at(Value::Text(key.to_owned())), value));
        at(Value::Mapping(entries.into()))
    }
}

fn place(layer: &Arc<str>, file: &Arc<str>) -> Location {
    Location { layer: layer.clone(), file: file.clone(), line: 1, column: 1 }
}

fn refused(message: &str, location: &Location) -> Diagnostic {
    Diagnostic::error(Kind::Profile, message)
        .code("hiera::facts")
        .at(&Origin::File(location.clone()))
}

fn get<'a>(entries: &'a [(Node, Node)], name: &str) -> Option<&'a Node> {
    let named = |(key, _): &&(Node, Node)| key.value.as_text() == Some(name);
    entries.iter().find(named).map(|(_, value)| value)
}

/// `puppet facts find` tells the node's name and when, beside the values.
fn unwrapped(entries: Vec<(Node, Node)>, location: Location) -> (Vec<(Node, Node)>, Location) {
    let has_name = get(&entries, "name").is_some_and(|name| name.value.as_text().is_some());
    match get(&entries, "values") {
        Some(Node { value: Value::Mapping(values), location, .. }) if has_name => {
            (values.clone(), location.clone())
        }
        _ => (entries, location),
    }
}

fn mistakes(entries: &[(Node, Node)], location: &Location) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    for (key, _) in entries {
        if let Some(name) = key.value.as_text().filter(|name| RESERVED.contains(name)) {
            let message = format!("a fact cannot be called `{name}`, which is Puppet's own name");
            mistakes.push(refused(&message, &key.location));
        }
    }
    let lacking: Vec<&str> =
        IDENTITY.into_iter().filter(|name| get(entries, name).is_none()).collect();
    if !lacking.is_empty() && lacking.len() < IDENTITY.len() {
        let known = entries
            .iter()
            .find(|(key, _)| key.value.as_text().is_some_and(|name| IDENTITY.contains(&name)));
        let location = known.map_or(location, |(key, _)| &key.location);
        let message = format!("the facts say who the node is, but lack `{}`", lacking.join("`, `"));
        mistakes.push(
            refused(&message, location)
                .cause("Puppet takes these together or not at all: hostname, domain, fqdn, clientcert")
                .hint("add the missing facts; `facter` leaves out `clientcert`, the certificate's name"),
        );
    }
    mistakes
}

#[cfg(test)]
mod tests {
    use super::Facts;
    use crate::hiera::Value;

    fn fact(facts: &Facts, name: &str) -> Value {
        facts.get(name).map_or(Value::Null, |node| node.value.clone())
    }

    #[test]
    fn reads_what_facter_and_puppet_write() {
        for text in [
            r#"{"role": "web", "cpus": 4}"#,
            "role: web\ncpus: 4\n",
            "---\nrole: web\ncpus: 4\n",
            "{role: web, cpus: 4}",
            r#"{"name": "n", "values": {"role": "web", "cpus": 4}, "timestamp": "x"}"#,
        ] {
            let facts = Facts::read(text.as_bytes(), "f").unwrap();
            assert_eq!(fact(&facts, "role"), Value::Text("web".into()), "{text}");
            assert_eq!(fact(&facts, "cpus"), Value::Integer(4), "{text}");
        }
    }

    #[test]
    fn the_certificate_follows_from_the_facts() {
        let text = "hostname: web01\ndomain: example.com\nfqdn: web01.example.com\nclientcert: web01.example.com\n";
        let trusted = Facts::read(text.as_bytes(), "f").unwrap().trusted();
        let Value::Mapping(entries) = trusted.value else { panic!() };
        let told: Vec<Option<&str>> =
            entries.iter().map(|(_, value)| value.value.as_text()).collect();
        assert_eq!(
            told,
            [
                Some("local"),
                Some("web01.example.com"),
                None,
                Some("web01"),
                Some("example.com"),
                None
            ]
        );
        let Value::Mapping(entries) = Facts::none().trusted().value else { panic!() };
        assert_eq!(entries[1].1.value, Value::Null);
    }

    #[test]
    fn mistakes_have_their_place() {
        for (text, expected) in [
            (
                "a: 1\nhostname: x\n",
                "2:1 the facts say who the node is, but lack `domain`, `fqdn`, `clientcert`",
            ),
            ("a: 1\nfacts: x\n", "2:1 a fact cannot be called `facts`, which is Puppet's own name"),
            ("- a\n", "1:1 the facts are no mapping"),
            ("", "1:1 the facts are no mapping"),
        ] {
            let errors = Facts::read(text.as_bytes(), "f").unwrap_err();
            let at = errors[0].origin.location().unwrap();
            assert_eq!(format!("{}:{} {}", at.line, at.column, errors[0].message), expected);
        }
        assert!(Facts::read(b"{\"a\": ", "f").is_err());
    }
}
