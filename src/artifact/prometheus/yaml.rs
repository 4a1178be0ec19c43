//! Reads one rendered YAML file into a type, with the place of a mistake.

use crate::diagnostic::{Diagnostic, Kind, Location, Origin};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// The layer that origins in rendered files name.
const LAYER: &str = "rendered";

/// Reads a whole document; an unknown key is an error when the type says so.
pub(super) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Diagnostic> {
    serde_saphyr::from_str(text).map_err(|error| {
        let cause = error.without_snippet().to_string();
        // The origin already says where.
        let cause = cause.split(" at line ").next().unwrap_or_default();
        let origin = error.location().map_or(Origin::Default, |at| {
            let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
            Origin::File(Location {
                layer: Arc::from(LAYER),
                file: Arc::from(file),
                line: place(at.line()),
                column: place(at.column()),
            })
        });
        Diagnostic::error(Kind::Profile, format!("cannot read the rendered `{file}`"))
            .code("artifact::prometheus")
            .at(&origin)
            .cause(cause)
            .hint("correct the template that renders it")
    })
}
