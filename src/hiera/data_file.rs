//! One data file: its top-level keys and their values.
//!
//! Owns what a file as a whole must be. May not read the disk.

use super::document::{Document, Format};
use super::{Node, Value};
use crate::diagnostic::{Diagnostic, Kind, Location, Origin, Severity};
use std::collections::HashMap;
use std::sync::Arc;

/// The layer of values from a plain data file.
const LAYER: &str = "profile";

/// A top-level key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, such as `otelctl::stack`.
    pub key: String,
    /// Where the key stands.
    pub location: Location,
    /// The value.
    pub node: Node,
}

/// The top-level keys of a data file, in its order.
#[derive(Clone, Debug, PartialEq)]
pub struct DataFile {
    entries: Vec<Entry>,
    positions: HashMap<String, usize>,
    remarks: Vec<Diagnostic>,
    refused_when_strict: bool,
}

impl DataFile {
    /// Reads a file as Puppet does: YAML that is no mapping is a file without
    /// keys, and of keys that stand twice the last one counts. `remarks` tells.
    ///
    /// # Errors
    /// Every mistake found, each with its place in the file and without the
    /// file's text, which may hold a secret.
    pub fn read(
        bytes: &[u8],
        format: Format,
        layer: &Arc<str>,
        file: &Arc<str>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let Document { root, mut remarks } = Document::read(bytes, format, layer, file)?;
        let (message, location) = match root {
            Some(Node { value: Value::Mapping(entries), .. }) => {
                return Ok(Self::of(entries, remarks));
            }
            None => {
                let start =
                    Location { layer: layer.clone(), file: file.clone(), line: 1, column: 1 };
                ("the file is empty, expected a mapping of keys".to_owned(), start)
            }
            Some(Node { value, location, .. }) => {
                let found = value.kind();
                let message = format!("the file is {found}, expected a mapping of keys");
                if format == Format::Json {
                    let error = Diagnostic::error(Kind::Profile, message).code("hiera::no-mapping");
                    return Err(vec![error.at(&Origin::File(location))]);
                }
                let none = matches!(value, Value::Null | Value::Bool(false));
                remarks.push(no_mapping(message, location));
                return Ok(Self { refused_when_strict: !none, ..Self::of(Vec::new(), remarks) });
            }
        };
        remarks.push(no_mapping(message, location));
        Ok(Self::of(Vec::new(), remarks))
    }

    /// Reads YAML that a person should hear all about: every remark is an error.
    ///
    /// # Errors
    /// As `read`, and what would be a remark.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, Vec<Diagnostic>> {
        let (layer, file) = (Arc::from(LAYER), Arc::from(file_name));
        let mut read = Self::read(text.as_bytes(), Format::Yaml, &layer, &file)?;
        if read.remarks.is_empty() {
            return Ok(read);
        }
        for remark in &mut read.remarks {
            (remark.severity, remark.kind) = (Severity::Error, Kind::Profile);
        }
        Err(read.remarks)
    }

    /// Keys that are no text can never be looked up, so they are left out.
    fn of(entries: Vec<(Node, Node)>, remarks: Vec<Diagnostic>) -> Self {
        let entries = entries.into_iter().filter_map(|(key, node)| match key.value {
            Value::Text(text) => Some(Entry { key: text, location: key.location, node }),
            _ => None,
        });
        let entries: Vec<Entry> = entries.collect();
        let position = |(at, entry): (usize, &Entry)| (entry.key.clone(), at);
        let positions = entries.iter().enumerate().map(position).collect();
        Self { entries, positions, remarks, refused_when_strict: false }
    }

    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// Returns a key and its value.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.positions.get(key).and_then(|at| self.entries.get(*at))
    }

    /// Returns every top-level key, in the file's order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns warnings: keys that stand twice, a file that is no mapping.
    #[must_use]
    pub fn remarks(&self) -> &[Diagnostic] {
        &self.remarks
    }

    /// Says whether Puppet refuses the file with its setting `strict=error`:
    /// it is neither a mapping nor empty.
    #[must_use]
    pub const fn refused_when_strict(&self) -> bool {
        self.refused_when_strict
    }
}

fn no_mapping(message: String, location: Location) -> Diagnostic {
    Diagnostic::warning(message).code("hiera::no-mapping").at(&Origin::File(location))
}

#[cfg(test)]
mod tests {
    use super::DataFile;
    use crate::diagnostic::Diagnostic;
    use crate::hiera::Value;
    use proptest::prelude::*;

    fn plain(value: &Value) -> String {
        match value {
            Value::Sequence(items) => {
                let items: Vec<String> = items.iter().map(|item| plain(&item.value)).collect();
                format!("[{}]", items.join(" "))
            }
            Value::Mapping(entries) => {
                let entry = |(key, value): &(crate::hiera::Node, crate::hiera::Node)| {
                    format!("{}={}", plain(&key.value), plain(&value.value))
                };
                let entries: Vec<String> = entries.iter().map(entry).collect();
                format!("{{{}}}", entries.join(" "))
            }
            Value::Text(text) => text.clone(),
            Value::Integer(value) => value.to_string(),
            other => format!("{other:?}"),
        }
    }

    fn value(text: &str, key: &str) -> String {
        let file = DataFile::parse(text, "p.yaml").unwrap();
        plain(&file.get(key).unwrap().value)
    }

    /// Errors as `line:column message`.
    fn errors(text: &str) -> Vec<String> {
        let told = |error: &Diagnostic| {
            let at = error.origin.location().unwrap();
            format!("{}:{} {}", at.line, at.column, error.message)
        };
        DataFile::parse(text, "p.yaml").unwrap_err().iter().map(told).collect()
    }

    #[test]
    fn keeps_positions() {
        let file = DataFile::parse("# c\na: 1\nb:\n  - x\n  - 'é': \"v\"\n", "p.yaml").unwrap();
        assert_eq!(file.get("a").unwrap().origin().to_string(), "p.yaml:2:4");
        let entry = &file.entries()[1];
        assert_eq!((entry.location.line, entry.location.column), (3, 1));
        let Value::Sequence(items) = &entry.node.value else { panic!() };
        let Value::Mapping(inner) = &items[1].value else { panic!() };
        assert_eq!(inner[0].1.origin().to_string(), "p.yaml:5:10");
    }

    #[test]
    fn quoted_and_block_scalars_are_text() {
        for yaml in ["k: '5'", "k: \"5\"", "k: !!str 5", "k: |-\n  5\n"] {
            let file = DataFile::parse(yaml, "p.yaml").unwrap();
            assert_eq!(file.get("k").unwrap().value, Value::Text("5".into()), "{yaml}");
        }
    }

    #[test]
    fn aliases_and_merge_keys_follow_psych() {
        let base = "b: &b {x: 1, y: {z: 2}}\nb2: &b2 {w: 5, x: 7}\n";
        for (yaml, expected) in [
            ("k: *b", "{x=1 y={z=2}}"),
            ("k: {<<: *b, x: 9}", "{x=9 y={z=2}}"),
            ("k: {x: 9, <<: *b}", "{x=1 y={z=2}}"),
            ("k: {<<: [*b, *b2], q: 1}", "{w=5 x=1 y={z=2} q=1}"),
            ("k: {<<: str}", "{<<=str}"),
            ("k: {<<: {i: 1}}", "{i=1}"),
            ("k: {\"<<\": {i: 1}}", "{i=1}"),
            ("k: {!!str <<: {i: 1}}", "{<<={i=1}}"),
            ("l: &l [{i: 1}]\nk: {<<: *l}", "{<<=[{i=1}]}"),
            ("k: <<", "<<"),
            ("k: [*b, 3]", "[{x=1 y={z=2}} 3]"),
        ] {
            assert_eq!(value(&format!("{base}{yaml}\n"), "k"), expected, "{yaml}");
        }
    }

    #[test]
    fn only_the_first_document_counts() {
        assert_eq!(value("---\nk: 1\n---\nk: 2\n", "k"), "1");
    }

    #[test]
    fn tells_every_mistake_with_its_place() {
        let twice = |key, line, column| {
            format!("the key `{key}` stands twice; the first is at line {line}, column {column}")
        };
        for (yaml, expected) in [
            (
                "a: 1\nb: {c: 1, c: 2}\na: 3\n",
                vec![format!("2:11 {}", twice("c", 2, 5)), format!("3:1 {}", twice("a", 1, 1))],
            ),
            (
                "a: 2024-01-31\n",
                vec!["1:4 an unquoted date or time is no value that Puppet can read".into()],
            ),
            (
                "a: !ruby/object:X {}\n",
                vec!["1:19 this YAML tag is not allowed in a data file".into()],
            ),
            ("", vec!["1:1 the file is empty, expected a mapping of keys".into()]),
            ("# only words\n", vec!["1:1 the file is empty, expected a mapping of keys".into()]),
            ("- a\n", vec!["1:1 the file is a list, expected a mapping of keys".into()]),
            ("a: [1\n", vec!["1:4 not valid YAML".into()]),
            ("a: *b\n", vec!["1:4 not valid YAML".into()]),
            ("a: &a [*a]\n", vec!["1:8 an alias stands inside the value it repeats".into()]),
        ] {
            assert_eq!(errors(yaml), expected, "{yaml}");
        }
    }

    #[test]
    fn budgets_hold() {
        let deep = format!("a: {}{}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(errors(&deep).len(), 1);
        let lines: Vec<String> = (0..5000).map(|n| " ".repeat(n) + "a:\n").collect();
        let indented = lines.concat();
        assert_eq!(errors(&indented).len(), 1);
        let laugh = |n: usize| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1);
        let laughs: Vec<String> = (1..40).map(laugh).collect();
        assert_eq!(errors(&format!("a0: &a0 [lol, lol]\n{}", laughs.concat())).len(), 1);
        let rung = |n: usize| format!("a{n}: &a{n} [*a{}]\n", n - 1);
        let rungs: Vec<String> = (1..200).map(rung).collect();
        let ladder = format!("a0: &a0 [x]\n{}", rungs.concat());
        assert_eq!(errors(&"a: 1\n".repeat(1000)).len(), 50);
        assert!(errors(&ladder)[0].ends_with("lists and mappings nest deeper than 100 levels"));
        assert_eq!(errors(&"a".repeat(17 << 20)), ["1:1 the file is larger than 16 MiB"]);
        let many = format!("a: [{}]", "1,".repeat(250_000));
        assert!(errors(&many)[0].ends_with("the file holds more than 250000 values"));
    }

    #[test]
    fn syntax_errors_show_no_text_of_the_file() {
        for yaml in ["password: [hunter2\n", "password: \"hunter2\n", "password: hunter2: x\n"] {
            let errors = DataFile::parse(yaml, "p.yaml").unwrap_err();
            assert!(!format!("{errors:?}").contains("hunter2"), "{yaml}");
        }
    }

    fn assert_inside(text: &str, errors: &[Diagnostic]) {
        let lines: Vec<usize> = text
            .replace("\r\n", "\n")
            .split(['\n', '\r'])
            .map(|line| line.chars().count())
            .collect();
        for error in errors {
            let at = error.origin.location().expect("every error has a place");
            assert!((1..=lines.len()).contains(&at.line), "line of {error:?}");
            assert!((1..=lines[at.line - 1] + 1).contains(&at.column), "column of {error:?}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_is_read_or_refused_inside_the_file(text in any::<String>()) {
            if let Err(errors) = DataFile::parse(&text, "p.yaml") {
                assert_inside(&text, &errors);
            }
        }

        #[test]
        fn text_like_yaml_is_read_or_refused_inside_the_file(
            text in "([ab:&*<>!|%@'\"{}\\[\\],?#~_-]|[0-9]|: |- |\n|\r\n|\r|  |<<: |é|\u{feff}|\t|---\n|\\.\\.\\.\n){0,60}"
        ) {
            if let Err(errors) = DataFile::parse(&text, "p.yaml") {
                assert_inside(&text, &errors);
            }
        }
    }
}
