//! One data file: its top-level keys and their values.
//!
//! Owns what a file as a whole must be. May not read the disk.

use super::loader::Loader;
use super::{Node, Value};
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use std::sync::Arc;

/// How large a data file may be, in bytes.
const MAX_BYTES: usize = 4 << 20;
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
}

impl DataFile {
    /// Reads YAML; only the first document counts, as for Puppet.
    ///
    /// # Errors
    /// Every mistake found, each with its place in the file and without the
    /// file's text, which may hold a secret.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, Vec<Diagnostic>> {
        let (layer, file) = (Arc::<str>::from(LAYER), Arc::<str>::from(file_name));
        let start = Location { layer: layer.clone(), file: file.clone(), line: 1, column: 1 };
        let refuse = |message: String, location: &Location| {
            let origin = Origin::File(location.clone());
            Err(vec![Diagnostic::error(Kind::Profile, message).code("hiera::yaml").at(&origin)])
        };
        if text.len() > MAX_BYTES {
            return refuse(format!("the file is larger than {} MiB", MAX_BYTES >> 20), &start);
        }
        let root = Loader::new(&layer, &file).load(text).map_err(|mut errors| {
            let end = end_of(text);
            for error in &mut errors {
                keep_inside(error, end);
            }
            errors
        })?;
        match root {
            Some(Node { value: Value::Mapping(entries), .. }) => Ok(Self::of(entries)),
            None => refuse("the file is empty, expected a mapping of keys".to_owned(), &start),
            Some(node) => {
                let found = node.value.kind();
                refuse(format!("the file is {found}, expected a mapping of keys"), &node.location)
            }
        }
    }

    /// Keys that are no text can never be looked up, so they are left out.
    fn of(entries: Vec<(Node, Node)>) -> Self {
        let entries = entries.into_iter().filter_map(|(key, node)| match key.value {
            Value::Text(text) => Some(Entry { key: text, location: key.location, node }),
            _ => None,
        });
        Self { entries: entries.collect() }
    }

    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Returns every top-level key, in the file's order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// The last line that holds something, and the column after its end.
fn end_of(text: &str) -> (usize, usize) {
    let text = text.replace("\r\n", "\n");
    let text = text.strip_suffix(['\n', '\r']).unwrap_or(&text);
    let last = text.rsplit(['\n', '\r']).next().unwrap_or_default();
    (text.matches(['\n', '\r']).count() + 1, last.chars().count() + 1)
}

/// At the end of input the parser points to a line that does not exist.
fn keep_inside(error: &mut Diagnostic, (line, column): (usize, usize)) {
    if let Origin::File(location) = &mut error.origin
        && location.line > line
    {
        (location.line, location.column) = (line, column);
    }
}
