//! Settings that are secrets, and the logins they are part of.
//!
//! Messages name the key and the kind of the value, never its text.

use super::expect::{Mistake, text};
use super::reader::Reader;
use super::settings::Login;
use crate::diagnostic::{Diagnostic, Kind, Sourced};
use crate::hiera::Value;
use crate::secret::Reference;

/// Reads a secret that may be absent: `env:NAME`, `file:/PATH`, or itself.
pub fn optional(reader: &mut Reader<'_>, key: &str) -> Option<Sourced<Reference>> {
    let read = reader.optional(key, |node| match &node.value {
        Value::Text(text) => Reference::parse(text)
            .or_else(|why| Mistake::say("profile::invalid-value", node, why).only()),
        other => {
            let message = format!("is {}, expected text", other.kind());
            Mistake::say("profile::wrong-type", node, message).hint("put it in quotes").only()
        }
    })?;
    let is_encrypted = reader.node(key).is_some_and(|node| node.confidential);
    if matches!(read.value, Reference::Literal(_)) && !is_encrypted {
        let message = format!("the secret of `{key}` stands in the profile for all to read");
        let warning = Diagnostic::warning(message).code("profile::secret-in-clear");
        reader
            .diagnostics
            .push(warning.at(&read.origin).hint("write `file:/PATH` or `env:NAME` instead"));
    }
    Some(read)
}

/// Reads a user name and its password; one without the other is a mistake.
pub fn login(reader: &mut Reader<'_>, username_key: &str, password_key: &str) -> Option<Login> {
    let username = reader.optional(username_key, text);
    let password = optional(reader, password_key);
    let mistaken = reader.is_mistaken(username_key) || reader.is_mistaken(password_key);
    let (there, origin, lacking) = match (&username, &password) {
        (Some(username), None) => (username_key, &username.origin, password_key),
        (None, Some(password)) => (password_key, &password.origin, username_key),
        _ => {
            return username.zip(password).map(|(username, password)| Login { username, password });
        }
    };
    if !mistaken {
        let error = Diagnostic::error(Kind::Profile, format!("`{there}` needs `{lacking}`"));
        reader
            .diagnostics
            .push(error.code("profile::missing-key").at(origin).hint(format!("add `{lacking}`")));
    }
    None
}
