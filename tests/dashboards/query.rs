//! The names in a `PromQL` expression, by what they stand for. Judges nothing.

/// Words that join operands or begin a list of labels.
const KEYWORDS: [&str; 9] =
    ["and", "or", "unless", "bool", "offset", "atan2", "inf", "nan", "start"];

/// Words before a list of labels.
const LISTS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];

/// What an expression names.
#[derive(Debug, Default)]
pub struct Query<'a> {
    pub functions: Vec<&'a str>,
    pub metrics: Vec<&'a str>,
    /// Those in lists, by which series are told apart.
    pub labels: Vec<&'a str>,
    /// A metric, and the label that it is asked for.
    pub matched: Vec<(&'a str, &'a str)>,
    pub variables: Vec<&'a str>,
}

impl<'a> Query<'a> {
    /// Reads an expression.
    pub fn read(expression: &'a str) -> Self {
        let mut query = Self::default();
        let mut rest = expression;
        let (mut in_list, mut in_matchers, mut list_begins) = (false, false, false);
        while let Some(first) = rest.chars().next() {
            if first == '"' {
                let end = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
                query.variables_of(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            if first == '$' {
                let end = 1 + variable(&rest[1..]);
                query.variables.push(&rest[1..end]);
                rest = &rest[end..];
                continue;
            }
            // The step of a subquery follows a colon.
            if first == ':' || first.is_ascii_digit() {
                rest = &rest[length(rest).max(1)..];
                continue;
            }
            let end = length(rest);
            if end == 0 {
                match first {
                    '{' => in_matchers = true,
                    '}' => in_matchers = false,
                    '(' => in_list = std::mem::take(&mut list_begins),
                    ')' => in_list = false,
                    _ => {}
                }
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let (name, after) = rest.split_at(end);
            rest = after;
            let called = after.trim_start().starts_with('(');
            if in_matchers {
                query.matched.push((query.metrics.last().copied().unwrap_or_default(), name));
            } else if in_list {
                query.labels.push(name);
            } else if LISTS.contains(&name) {
                list_begins = called;
            } else if called || after.trim_start().starts_with("by ") {
                query.functions.push(name);
            } else if !KEYWORDS.contains(&name) {
                query.metrics.push(name);
            }
        }
        query
    }

    /// Variables inside a string; what `label_replace` takes from its match has a number.
    fn variables_of(&mut self, text: &'a str) {
        for (at, _) in text.match_indices('$') {
            let name = &text[at + 1..at + 1 + variable(&text[at + 1..])];
            if !name.starts_with(|c: char| c.is_ascii_digit()) {
                self.variables.push(name);
            }
        }
    }
}

/// The length of the name that a text begins with.
fn length(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len())
}

/// The length of the variable that a text begins with.
fn variable(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len())
}

#[test]
fn names_are_told_apart() {
    let query = Query::read(
        "1e6 * sum by (model) (sum_over_time(a:b{c=~\"$d\"}[30m] offset -30m)) / on () group_left () x",
    );
    assert_eq!(query.metrics, ["a:b", "x"]);
    assert_eq!(query.labels, ["model"]);
    assert_eq!(query.matched, [("a:b", "c")]);
    assert_eq!(query.functions, ["sum", "sum_over_time"]);
    assert_eq!(query.variables, ["d"]);
}
