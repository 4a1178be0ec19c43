//! A resource attribute, which the CLI copies onto everything that it sends.
//!
//! Source: `OTEL_RESOURCE_ATTRIBUTES` in the OpenTelemetry specification (SDK
//! environment variables), which is W3C baggage: keys are tokens, values are
//! percent-encoded.

use std::fmt::Write as _;

/// A resource attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name, such as `team`.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl Attribute {
    /// Reads `KEY=VALUE`.
    ///
    /// # Errors
    /// Says what is wrong: no key, no value, or a key that hides the CLI's own.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = || "expected KEY=VALUE, such as `team=platform`".to_owned();
        let (key, value) = text.split_once('=').ok_or_else(expected)?;
        if key.is_empty() || value.is_empty() || !key.chars().all(is_token) {
            return Err(expected());
        }
        match key {
            "service.version" => Err("it would hide the version of the CLI itself".to_owned()),
            "service.name" => Err("that is what `OTEL_SERVICE_NAME` says".to_owned()),
            _ => Ok(Self { key: key.to_owned(), value: value.to_owned() }),
        }
    }

    /// Writes a list of them; of two with one key the later counts.
    #[must_use]
    pub fn list(attributes: &[Self]) -> String {
        let mut written: Vec<String> = Vec::new();
        for (index, attribute) in attributes.iter().enumerate() {
            let later = attributes.iter().skip(index + 1);
            if later.clone().all(|other| other.key != attribute.key) {
                written.push(format!("{}={}", attribute.key, encoded(&attribute.value)));
            }
        }
        written.join(",")
    }
}

/// A character of a token (RFC 7230).
pub(super) const fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '!' | '#'
                | '$'
                | '%'
                | '&'
                | '\''
                | '*'
                | '+'
                | '-'
                | '.'
                | '^'
                | '_'
                | '`'
                | '|'
                | '~'
        )
}

fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b':') {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Attribute;

    #[test]
    fn a_list_is_one_value_that_holds_anything() {
        let parse = |text: &str| Attribute::parse(text).expect(text);
        let list = [parse("environment=production"), parse("team=R&D, Köln"), parse("a.b=x=y")];
        assert_eq!(
            Attribute::list(&list),
            "environment=production,team=R%26D%2C%20K%C3%B6ln,a.b=x%3Dy"
        );
        assert_eq!(Attribute::list(&[parse("a=1"), parse("b=2"), parse("a=3")]), "b=2,a=3");
    }

    #[test]
    fn what_is_no_attribute_is_refused() {
        for wrong in ["team", "=x", "team=", "te am=x", "tëam=x", "a,b=c"] {
            assert!(Attribute::parse(wrong).expect_err(wrong).contains("KEY=VALUE"), "{wrong}");
        }
        assert!(Attribute::parse("service.version=1.0.0").is_err());
        assert!(Attribute::parse("service.name=x").is_err());
    }
}
