//! What a YAML or JSON file holds, whatever its top level is.
//!
//! Owns the limits and the encoding of files. May not read the disk.

use super::loader::Loader;
use super::{Node, json};
use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use std::borrow::Cow;
use std::sync::Arc;

/// How large a file may be, in bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// How many values a file may hold, those that aliases repeat among them.
pub const MAX_NODES: usize = 250_000;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML as Puppet's `yaml_data` reads it.
    Yaml,
    /// YAML as `eyaml_lookup_key` reads it: a byte order mark does no harm.
    Eyaml,
    /// JSON as Ruby reads it.
    Json,
}

/// The first document of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it holds; none of an empty YAML file.
    pub root: Option<Node>,
    /// Warnings on what is read otherwise than people expect.
    pub remarks: Vec<Diagnostic>,
}

impl Document {
    /// Reads a file; only the first document of YAML counts, as for Puppet.
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
        let refuse = |message: &str, (line, column)| {
            let location = Location { layer: layer.clone(), file: file.clone(), line, column };
            let error = Diagnostic::error(Kind::Profile, message).code("hiera::file");
            Err(vec![error.at(&Origin::File(location))])
        };
        if bytes.len() > MAX_BYTES {
            return refuse(&format!("the file is larger than {} MiB", MAX_BYTES >> 20), (1, 1));
        }
        let text = match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                return refuse("the file is not UTF-8", end_of(&String::from_utf8_lossy(before)));
            }
        };
        let read = match (format, text.strip_prefix('\u{feff}')) {
            (Format::Json, _) => {
                json::read(text, layer, file).map(|root| Self { root: Some(root), remarks: vec![] })
            }
            (Format::Yaml | Format::Eyaml, None) => Loader::new(layer, file).load(text),
            (Format::Eyaml, Some(rest)) => Loader::new(layer, file).load(rest),
            // For libyaml the mark indents the first line by one column.
            (Format::Yaml, Some(rest)) => {
                let text: Cow<'_, str> = format!(" {rest}").into();
                Loader::new(layer, file).load(&text)
            }
        };
        read.map_err(|mut errors| {
            let end = end_of(text);
            for error in &mut errors {
                keep_inside(error, end);
            }
            errors
        })
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
