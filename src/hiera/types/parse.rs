//! From a type's text to its tree of arguments; `build` makes the type of them.

use super::build;
use super::error::TypeError;
use super::spec::TypeSpec;
use super::token::{Token, tokens};

/// How deep types may nest.
const MAX_DEPTH: usize = 50;

/// What stands between a type's brackets.
#[derive(Clone, Debug)]
pub(super) enum Argument {
    Type(TypeSpec),
    Default,
    Undef,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    Regex(String),
    Fields(Vec<(Argument, Argument)>),
}

impl TypeSpec {
    /// Reads a type such as `Array[Integer[1, 10]]`.
    ///
    /// # Errors
    /// What is no type. A name that nobody defines is one: its values are refused later.
    pub fn parse(text: &str) -> Result<Self, TypeError> {
        let mut parser = Parser { tokens: tokens(text)?.into_iter().peekable(), depth: 0 };
        let argument = parser.argument()?;
        match (argument, parser.tokens.next()) {
            (Argument::Type(spec), None) => Ok(spec),
            _ => Err(TypeError::new(format!("`{text}` is no type of Puppet's"))),
        }
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
}

impl Parser {
    fn argument(&mut self) -> Result<Argument, TypeError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(TypeError::new(format!("types nest deeper than {MAX_DEPTH} levels")));
        }
        let Some(token) = self.tokens.next() else {
            return Err(TypeError::new("the type ends too early"));
        };
        let argument = match token {
            Token::Type(name) => Argument::Type(self.parameterized(&name)?),
            Token::Word(word) => match word.as_str() {
                "default" => Argument::Default,
                "undef" => Argument::Undef,
                "true" => Argument::Bool(true),
                "false" => Argument::Bool(false),
                _ => Argument::Text(word),
            },
            Token::Integer(value) => Argument::Integer(value),
            Token::Float(value) => Argument::Float(value),
            Token::Text(text) => Argument::Text(text),
            Token::Regex(source) => Argument::Regex(source),
            Token::Sign("{") => Argument::Fields(self.fields()?),
            Token::Sign(sign) => return Err(unexpected(sign)),
        };
        self.depth -= 1;
        Ok(argument)
    }

    fn parameterized(&mut self, name: &str) -> Result<TypeSpec, TypeError> {
        if self.tokens.next_if_eq(&Token::Sign("[")).is_none() {
            return Ok(build::bare(name));
        }
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.argument()?);
            match self.tokens.next() {
                Some(Token::Sign(",")) => {}
                Some(Token::Sign("]")) => return build::parameterized(name, arguments),
                Some(Token::Sign(sign)) => return Err(unexpected(sign)),
                Some(_) => return Err(TypeError::new("a comma is missing in the type")),
                None => return Err(TypeError::new("a `[` of the type is never closed")),
            }
        }
    }

    fn fields(&mut self) -> Result<Vec<(Argument, Argument)>, TypeError> {
        let mut fields = Vec::new();
        loop {
            if self.tokens.next_if_eq(&Token::Sign("}")).is_some() {
                return Ok(fields);
            }
            let key = self.argument()?;
            if self.tokens.next_if_eq(&Token::Sign("=>")).is_none() {
                return Err(TypeError::new("`=>` is missing in the type"));
            }
            fields.push((key, self.argument()?));
            let comma = self.tokens.next_if_eq(&Token::Sign(",")).is_some();
            if !comma && self.tokens.peek() != Some(&Token::Sign("}")) {
                return Err(TypeError::new("a `{` of the type is never closed"));
            }
        }
    }
}

fn unexpected(sign: &str) -> TypeError {
    TypeError::new(format!("`{sign}` stands in the wrong place of the type"))
}
