//! Records of separated values by RFC 4180, line by line: a quoted field may hold line ends.

/// Gathers lines into records.
#[derive(Debug)]
pub(super) struct Records {
    separator: char,
    /// The first line of the record that is open, and what it holds so far.
    open: Option<(usize, Vec<String>, String)>,
}

impl Records {
    /// Chooses the separator that the line of titles has most of.
    pub(super) fn of(titles: &str) -> Self {
        let count = |separator: &char| titles.matches(*separator).count();
        let separator = [',', ';', '\t'].into_iter().max_by_key(count).unwrap_or(',');
        Self { separator, open: None }
    }

    /// What stands between fields.
    pub(super) const fn separator(&self) -> char {
        self.separator
    }

    /// Adds a line; returns a record that ends here, with the number of its first line.
    pub(super) fn line(&mut self, number: usize, line: &str) -> Option<(usize, Vec<String>)> {
        let (first, mut fields, mut field, mut quoted) = match self.open.take() {
            Some((first, fields, field)) => (first, fields, field + "\n", true),
            None => (number, Vec::new(), String::new(), false),
        };
        let mut letters = line.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if quoted && letters.peek() == Some(&'"') => {
                    letters.next();
                    field.push('"');
                }
                '"' if quoted => quoted = false,
                '"' if field.is_empty() => quoted = true,
                letter if letter == self.separator && !quoted => {
                    fields.push(std::mem::take(&mut field));
                }
                letter => field.push(letter),
            }
        }
        if quoted {
            self.open = Some((first, fields, field));
            return None;
        }
        fields.push(field);
        Some((first, fields))
    }

    /// The first line of a record that never ended.
    pub(super) fn unfinished(&self) -> Option<usize> {
        self.open.as_ref().map(|(first, ..)| *first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_separators_and_line_ends() {
        let mut records = Records::of("a,b;c,d");
        let fields =
            |found: Option<(usize, Vec<String>)>| found.map(|(line, f)| (line, f.join("|")));
        assert_eq!(fields(records.line(1, "a,b;c,d")), Some((1, "a|b;c|d".into())));
        assert_eq!(
            fields(records.line(2, "\"1,5\",\"say \"\"x\"\"\",")),
            Some((2, "1,5|say \"x\"|".into()))
        );
        assert_eq!(records.line(3, "x,\"first"), None);
        assert_eq!(fields(records.line(4, "second\",y")), Some((3, "x|first\nsecond|y".into())));
        assert_eq!(records.line(5, "\"open"), None);
        assert_eq!(records.unfinished(), Some(5));
        let mut records = Records::of("a;b");
        assert_eq!(fields(records.line(1, "a;b,c")), Some((1, "a|b,c".into())));
    }
}
