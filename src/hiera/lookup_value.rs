//! What Puppet accepts as the value of a key: its type `RichData`.
//!
//! Knows nodes; may not know where a value is looked up.

use super::{Node, Value};

impl Node {
    /// Finds what makes Puppet refuse to look up this value at all: a symbol,
    /// or a key of a mapping that is neither text nor a number.
    ///
    /// A file may hold such a value as long as nobody asks for its key.
    #[must_use]
    pub fn refused_part(&self) -> Option<&Self> {
        match &self.value {
            Value::Symbol(_) => Some(self),
            Value::Sequence(items) => items.iter().find_map(Self::refused_part),
            Value::Mapping(entries) => entries.iter().find_map(|(key, value)| match key.value {
                Value::Text(_) | Value::Integer(_) | Value::BigInteger(_) | Value::Float(_) => {
                    value.refused_part()
                }
                _ => Some(key),
            }),
            Value::Sensitive(inner) => inner.refused_part(),
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::BigInteger(_)
            | Value::Float(_)
            | Value::Text(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::hiera::DataFile;

    #[test]
    fn symbols_and_odd_keys_are_refused() {
        for (yaml, refused) in [
            ("k: {1: a, 2.5: {x: ~}}", None),
            ("k: [a, ':b']", None),
            ("k:\n  :s: e\n", None),
            ("k:\n  - a\n  - :b\n", Some(3)),
            ("k:\n  a:\n    yes: 1\n", Some(3)),
            ("k: {~: 1}", Some(1)),
            ("k: {? [a] : 1}", Some(1)),
        ] {
            let file = DataFile::parse(yaml, "p.yaml").unwrap();
            let found = file.get("k").unwrap().refused_part().map(|node| node.location.line);
            assert_eq!(found, refused, "{yaml}");
        }
    }
}
