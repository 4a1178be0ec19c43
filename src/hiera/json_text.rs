//! The characters of a JSON file: where they stand, texts, comments.
//!
//! May not know values.

/// A place in a JSON text.
pub struct Cursor<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Cursor<'a> {
    /// Begins at the first character.
    pub const fn new(text: &'a str) -> Self {
        Self { rest: text, line: 1, column: 1 }
    }

    /// Line and column, from 1.
    pub const fn place(&self) -> (usize, usize) {
        (self.line, self.column)
    }

    /// The character here.
    pub fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes the character here.
    pub fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let taken = characters.next()?;
        self.rest = characters.as_str();
        if taken == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
        Some(taken)
    }

    /// Takes this character if it stands here.
    pub fn take(&mut self, expected: char) -> bool {
        let here = self.peek() == Some(expected);
        if here {
            self.next();
        }
        here
    }

    /// Passes over white space and comments.
    pub fn pass_space(&mut self) -> Result<(), String> {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r' | '\n') => {
                    self.next();
                }
                Some('/') => self.pass_comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn pass_comment(&mut self) -> Result<(), String> {
        let end = match self.rest.as_bytes().get(1) {
            Some(b'*') => "*/",
            Some(b'/') => "\n",
            _ => return Err("not valid JSON: expected a value".to_owned()),
        };
        self.next();
        self.next();
        while !self.rest.starts_with(end) {
            if self.next().is_none() {
                return Err("not valid JSON: a comment has no end".to_owned());
            }
        }
        for _ in end.chars() {
            self.next();
        }
        Ok(())
    }

    /// Takes the characters of a number.
    pub fn number(&mut self) -> &'a str {
        self.while_is(|c| c.is_ascii_digit() || "+-.eE".contains(c))
    }

    /// Takes the letters of a word.
    pub fn word(&mut self) -> &'a str {
        self.while_is(|c| c.is_ascii_alphanumeric() || c == '_')
    }

    fn while_is(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.column += taken.chars().count();
        taken
    }

    /// Takes a text in double quotes.
    pub fn string(&mut self) -> Result<String, String> {
        let mut text = String::new();
        self.next();
        loop {
            match self.peek() {
                None => return Err("not valid JSON: a text has no end".to_owned()),
                Some('\0'..='\u{1f}') => {
                    return Err("not valid JSON: a control character in a text".to_owned());
                }
                Some('"') => {
                    self.next();
                    return Ok(text);
                }
                Some('\\') => {
                    self.next();
                    text.push(self.escaped()?);
                }
                Some(other) => {
                    self.next();
                    text.push(other);
                }
            }
        }
    }

    /// What follows a backslash; Ruby takes an unknown character as itself.
    fn escaped(&mut self) -> Result<char, String> {
        let escaped = match self.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode(),
            Some(other) if !other.is_control() => other,
            _ => return Err("not valid JSON: an escape has no end".to_owned()),
        };
        Ok(escaped)
    }

    fn unicode(&mut self) -> Result<char, String> {
        let refused = || "not valid JSON: not the number of a character".to_owned();
        let high = self.unit().ok_or_else(refused)?;
        if !(0xD800..0xDC00).contains(&high) {
            return char::from_u32(high).ok_or_else(refused);
        }
        if !(self.take('\\') && self.take('u')) {
            return Err(refused());
        }
        let low = self.unit().filter(|low| (0xDC00..0xE000).contains(low)).ok_or_else(refused)?;
        char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)).ok_or_else(refused)
    }

    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + self.next()?.to_digit(16)?;
        }
        Some(unit)
    }
}
