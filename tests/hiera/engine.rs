//! Answers of the engine, over files on the disk, as a program would ask it.

use crate::case::{Answer, Case, Scenario};
use otelctl::diagnostic::{Diagnostic, Failure, Kind, Location};
use otelctl::hiera::{
    DirectoryEntry, Facts, Files, Hiera, Node, Request, Scope, Sources, Strategy, Strict, TypeSpec,
    Value, print,
};
use serde_json::Value as Json;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

/// The disk itself.
struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
        match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(Diagnostic::error(Kind::Failed, error.to_string())),
        }
    }

    fn list(&self, path: &Path) -> Result<Option<Vec<DirectoryEntry>>, Diagnostic> {
        let Ok(entries) = fs::read_dir(path) else { return Ok(None) };
        let entry = |entry: std::io::Result<fs::DirEntry>| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            DirectoryEntry { name, is_directory: path.is_dir() }
        };
        Ok(Some(entries.map(entry).collect()))
    }

    fn is_directory(&self, path: &Path) -> bool {
        path.is_dir()
    }
}

/// What otelctl answers; nothing where the case is about the command line itself.
pub fn answer(scenario: &Scenario, case: &Case) -> Option<Answer> {
    let about_printing = |name: &str| case.asked.get(name).is_some();
    if about_printing("explain")
        || about_printing("explain_options")
        || about_printing("extra_args")
        || case.asked.get("render_as").is_some_and(|form| form != "json")
    {
        return None;
    }
    Some(asked(scenario, case).map_err(|failure| failure.to_string()))
}

fn asked(scenario: &Scenario, case: &Case) -> Result<Json, Failure> {
    let text = |name: &str| case.asked.get(name).and_then(Json::as_str);
    let flag = |name: &str| case.asked.get(name).is_some_and(|flag| flag == true);
    let setting = |name: &str| scenario.settings.get(name).and_then(Json::as_str);
    let sources = Sources {
        config: scenario.folder.join(setting("hiera_config").unwrap_or("hiera.yaml")),
        codedir: Some(scenario.folder.join("code")).filter(|folder| folder.is_dir()),
        ..Sources::default()
    };
    let facts = fs::read(scenario.folder.join("facts.yaml")).expect("facts");
    let facts = Facts::read(&facts, "facts.yaml").map_err(Failure::of)?;
    let strict = Strict {
        files: setting("strict") == Some("error"),
        variables: setting("strict_variables") == Some("true"),
    };
    let scope = Scope::new(
        facts.root().clone(),
        &scenario.node,
        text("environment").unwrap_or("production"),
    );
    let scope = scope.strict(strict);
    let hiera = Hiera::open(sources, Arc::new(Disk))?;
    let (sort, merge_hash) = (flag("sort_merged_arrays"), flag("merge_hash_arrays"));
    let merge = text("merge")
        .map(|name| Strategy::of(name, text("knockout_prefix"), sort, merge_hash))
        .transpose()
        .map_err(|failure| *failure)?;
    let expected = text("type").map(TypeSpec::parse).transpose();
    let expected = expected.map_err(|error| Diagnostic::error(Kind::Usage, error.to_string()))?;
    let place = Location { layer: "".into(), file: "".into(), line: 1, column: 1 };
    let default = text("default").map(|text| Node::new(Value::Text(text.to_owned()), place));
    let request = Request { keys: case.keys.clone(), merge, default, expected };
    let found = hiera.scoped(&scope).find(&request)?;
    let printed = print::json(&found.node)
        .map_err(|error| Diagnostic::error(Kind::Failed, error.to_string()))?;
    serde_json::from_str(&printed)
        .map_err(|error| Diagnostic::error(Kind::Failed, format!("{printed}: {error}")).into())
}
