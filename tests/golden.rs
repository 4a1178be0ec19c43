//! The examples' artifacts, byte for byte.
//!
//! `OTELCTL_BLESS=1 cargo test --test golden` rewrites the files.
#![cfg(test)]

use otelctl::render::render;
use otelctl::stack::Stack;
use otelctl::{diagnostic, stack};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "golden/fixture.rs"]
mod fixture;

fn rendered(stack: &Stack) -> BTreeMap<PathBuf, String> {
    let artifacts = render(stack).unwrap_or_else(|failure| panic!("{failure:#?}"));
    artifacts
        .into_iter()
        .map(|artifact| {
            assert_eq!(artifact.mode, 0o644, "{}", artifact.path);
            (artifact.path.into(), String::from_utf8(artifact.bytes).expect("text"))
        })
        .collect()
}

fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder of golden files") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder).expect("below").to_owned();
                found.insert(below, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

fn compare(example: &str, stack: &Stack) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(example);
    let rendered = rendered(stack);
    if env::var_os("OTELCTL_BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (path, text) in &rendered {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a golden file");
        }
    }
    let golden = files(&folder);
    assert_eq!(
        rendered.keys().collect::<Vec<_>>(),
        golden.keys().collect::<Vec<_>>(),
        "the artifacts of {example} are other files; OTELCTL_BLESS=1 rewrites them"
    );
    for (path, text) in &rendered {
        let difference = similar::TextDiff::from_lines(&golden[path], text);
        assert!(
            golden[path] == *text,
            "{example}/{} differs; OTELCTL_BLESS=1 rewrites it\n{}",
            path.display(),
            difference.unified_diff()
        );
    }
}

#[test]
fn document() {
    compare("document", &fixture::document());
}

#[test]
fn quickstart() {
    compare("quickstart", &fixture::quickstart());
}
