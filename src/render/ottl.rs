//! Statements of the collector's transformation language, built safely.
//!
//! Owns its string literals, the regular expressions inside them, and the `$`
//! that the collector would expand. Written so that 0.91.0 and 0.155.0 read
//! the same. May not know the stack.

/// Escapes `$`, which the collector expands everywhere in its configuration.
pub fn unexpanded(text: &str) -> String {
    text.replace('$', "$$")
}

/// Writes a string literal.
pub fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", unexpanded(&escaped))
}

/// Names an attribute of a point, or after `resource.` of its resource.
pub fn attribute(name: &str) -> String {
    format!("attributes[{}]", literal(name))
}

/// Matches a model's id, with or without its `-YYYYMMDD`, and nothing else.
pub fn model_pattern(id: &str) -> String {
    format!("^{}(-[0-9]{{8}})?$", escape(id))
}

/// Matches an id that has this word in it, whatever stands around it.
pub fn word_pattern(word: &str) -> String {
    format!("(^|[^a-z]){}([^a-z]|$)", escape(word))
}

/// Sets an attribute of a data point to text where its model matches.
pub fn set_where_model(attribute: &str, text: &str, pattern: &str) -> String {
    format!(
        "set(attributes[{}], {}) where IsMatch(attributes[\"model\"], {})",
        literal(attribute),
        literal(text),
        literal(pattern)
    )
}

fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if "\\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::{literal, model_pattern, set_where_model, word_pattern};

    #[test]
    fn patterns_are_anchored_and_escaped() {
        assert_eq!(model_pattern("claude-3.5-x"), r"^claude-3\.5-x(-[0-9]{8})?$");
        assert_eq!(word_pattern("opus"), "(^|[^a-z])opus([^a-z]|$)");
    }

    #[test]
    fn literals_survive_the_collectors_expansion_and_unquoting() {
        assert_eq!(literal(r#"a"b\c$d"#), r#""a\"b\\c$$d""#);
        assert_eq!(
            set_where_model("model_family", "opus", "opus$"),
            r#"set(attributes["model_family"], "opus") where IsMatch(attributes["model"], "opus$$")"#
        );
    }
}
