//! The words of a type's text.

use super::error::TypeError;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// `Integer`, `Stdlib::Port`.
    Type(String),
    /// A bare word: `a`, `default`, `true`.
    Word(String),
    Integer(i64),
    Float(f64),
    Text(String),
    Regex(String),
    /// `[`, `]`, `{`, `}`, `,`, `=>`.
    Sign(&'static str),
}

/// Splits a type's text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, TypeError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = token(first, rest)
            .ok_or_else(|| TypeError::new(format!("`{first}` cannot stand in a type")))?;
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn token(first: char, rest: &str) -> Option<(Token, &str)> {
    let sign = ["=>", "[", "]", "{", "}", ","].into_iter().find(|sign| rest.starts_with(sign));
    if let Some(sign) = sign {
        return Some((Token::Sign(sign), rest.strip_prefix(sign)?));
    }
    match first {
        '\'' | '"' => {
            let (text, after) = quoted(rest.strip_prefix(first)?, first)?;
            Some((Token::Text(text), after))
        }
        '/' => {
            let (text, after) = regex(rest.strip_prefix('/')?)?;
            Some((Token::Regex(text), after))
        }
        _ if first.is_ascii_alphabetic() || first == '_' => {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':' || c == '-';
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end)?;
            let word = word.to_owned();
            let upper = first.is_ascii_uppercase();
            Some((if upper { Token::Type(word) } else { Token::Word(word) }, after))
        }
        _ => {
            let number = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
            let end = rest.find(|c| !number(c)).unwrap_or(rest.len());
            let (number, after) = rest.split_at_checked(end)?;
            Some((self::number(number)?, after))
        }
    }
}

fn quoted(rest: &str, quote: char) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next()?.1 {
                'n' if quote == '"' => text.push('\n'),
                't' if quote == '"' => text.push('\t'),
                other if other == quote || other == '\\' => text.push(other),
                other => text.extend(['\\', other]),
            },
            _ if letter == quote => return Some((text, rest.get(at + 1..)?)),
            _ => text.push(letter),
        }
    }
    None
}

fn regex(rest: &str) -> Option<(String, &str)> {
    let mut escaped = false;
    for (at, letter) in rest.char_indices() {
        if letter == '/' && !escaped {
            return Some((rest.get(..at)?.to_owned(), rest.get(at + 1..)?));
        }
        escaped = letter == '\\' && !escaped;
    }
    None
}

/// Decimal, `0x` hexadecimal, octal with a leading 0, or with a point.
fn number(text: &str) -> Option<Token> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (radix, bare) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)?),
        Some(_) if digits.starts_with('0') && !digits.contains('.') => (8, digits),
        _ => (10, digits),
    };
    if let Ok(value) = i64::from_str_radix(bare, radix) {
        return Some(Token::Integer(sign * value));
    }
    let shaped = digits.starts_with(|c: char| c.is_ascii_digit());
    text.parse().ok().filter(|_| shaped).map(Token::Float)
}
