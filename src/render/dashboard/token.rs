//! The words of a `PromQL` expression.
//!
//! Owns no grammar: Prometheus judges that. May not know metrics.

/// One piece of an expression; white space between pieces is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A name: a metric, a label, a function, a keyword.
    Name(&'a str),
    /// A number or a duration: `0.5`, `30m`.
    Number(&'a str),
    /// A variable, without `$`.
    Variable(&'a str),
    /// A string with its quotes.
    Text(&'a str),
    /// An operator or a bracket.
    Mark(char),
}

/// Splits an expression; an unfinished string goes to the end.
pub fn tokens(expression: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '"' | '\'' | '`' => {
                let length = text_length(rest, first);
                (Token::Text(part(rest, 0, length)), length)
            }
            '$' => {
                let length = 1 + length_while(part(rest, 1, rest.len()), is_name);
                (Token::Variable(part(rest, 1, length)), length)
            }
            c if c.is_ascii_digit() => {
                let length = length_while(rest, |c| c.is_ascii_alphanumeric() || c == '.');
                (Token::Number(part(rest, 0, length)), length)
            }
            c if is_name(c) => {
                let length = length_while(rest, is_name);
                (Token::Name(part(rest, 0, length)), length)
            }
            c => (Token::Mark(c), c.len_utf8()),
        };
        found.push(token);
        rest = part(rest, length, rest.len()).trim_start();
    }
    found
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':'
}

fn length_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The length of a string with its quotes; only a backquoted one knows no escapes.
fn text_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == quote {
            return at + c.len_utf8();
        } else {
            escaped = c == '\\' && quote != '`';
        }
    }
    text.len()
}

fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    #[test]
    fn splits_what_promql_is_made_of() {
        assert_eq!(
            tokens("1e3 * sum by(model) (total(a:b{m=~\"x\\\"$y\"}))\n + $utc_offset"),
            [
                Token::Number("1e3"),
                Token::Mark('*'),
                Token::Name("sum"),
                Token::Name("by"),
                Token::Mark('('),
                Token::Name("model"),
                Token::Mark(')'),
                Token::Mark('('),
                Token::Name("total"),
                Token::Mark('('),
                Token::Name("a:b"),
                Token::Mark('{'),
                Token::Name("m"),
                Token::Mark('='),
                Token::Mark('~'),
                Token::Text("\"x\\\"$y\""),
                Token::Mark('}'),
                Token::Mark(')'),
                Token::Mark(')'),
                Token::Mark('+'),
                Token::Variable("utc_offset"),
            ]
        );
        assert_eq!(tokens(" `a\\` b"), [Token::Text("`a\\`"), Token::Name("b")]);
        assert_eq!(tokens("'é' 'open"), [Token::Text("'é'"), Token::Text("'open")]);
        assert_eq!(tokens("é$"), [Token::Mark('é'), Token::Variable("")]);
    }
}
