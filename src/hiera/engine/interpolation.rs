//! `%{…}` in a text, taken apart.

/// A method in an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `%{variable}` and `%{scope('variable')}`.
    Scope,
    /// `%{lookup('key')}` and `%{hiera('key')}`.
    Lookup,
    /// `%{alias('key')}`.
    Alias,
    /// `%{literal('text')}`.
    Literal,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Stays as it is.
    Plain(&'a str),
    /// `%{}` and its like: no text at all.
    Nothing,
    /// An expression.
    Expression {
        /// What it does.
        method: Method,
        /// Whether it was written as a call.
        call: bool,
        /// What stands in its quotes, or all of it.
        argument: &'a str,
    },
    /// A call of a method that does not exist.
    Unknown(&'a str),
}

/// Says whether a text may hold an expression.
pub fn is_interpolated(text: &str) -> bool {
    text.contains("%{")
}

/// Takes a text apart.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("%{") {
        let Some((inside, after)) = after.split_once('}') else { break };
        if !before.is_empty() {
            pieces.push(Piece::Plain(before));
        }
        pieces
            .push(expression(inside.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\0')));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest));
    }
    pieces
}

fn expression(inside: &str) -> Piece<'_> {
    if matches!(inside, "" | "::" | "\"\"" | "''" | "\"::\"" | "'::'") {
        return Piece::Nothing;
    }
    let Some((name, argument)) = call(inside) else {
        return Piece::Expression { method: Method::Scope, call: false, argument: inside };
    };
    let method = match name {
        "scope" => Method::Scope,
        "lookup" | "hiera" => Method::Lookup,
        "alias" => Method::Alias,
        "literal" => Method::Literal,
        unknown => return Piece::Unknown(unknown),
    };
    Piece::Expression { method, call: true, argument }
}

/// `name('argument')`; anything else is the name of a variable.
fn call(inside: &str) -> Option<(&str, &str)> {
    let (name, after) = inside.split_once('(')?;
    let quoted = after.strip_suffix(')')?;
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(word) {
        return None;
    }
    ['"', '\''].into_iter().find_map(|quote| {
        let argument = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
        (!argument.is_empty() && !argument.contains(quote)).then_some((name, argument))
    })
}
