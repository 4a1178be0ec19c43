//! Holds the structure: which module may know which, headers, sizes, and where I/O may happen.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may name of the crate, besides itself.
const EDGES: [(&str, &[&str]); 17] = [
    ("diagnostic", &[]),
    ("system", &["diagnostic"]),
    ("secret", &["diagnostic", "system"]),
    ("artifact", &["diagnostic", "hiera"]),
    ("hiera", &["diagnostic"]),
    ("plan", &["diagnostic"]),
    ("profile", &["diagnostic", "hiera", "secret"]),
    ("stack", &["diagnostic", "profile", "secret"]),
    ("client", &["diagnostic", "secret", "stack"]),
    ("render", &["artifact", "client", "diagnostic", "stack"]),
    ("provider", &["artifact", "backfill", "diagnostic", "plan", "secret", "stack", "system"]),
    ("apply", &["diagnostic", "plan", "provider"]),
    ("status", &["diagnostic", "stack"]),
    ("verify", &["client", "diagnostic", "secret", "stack", "system"]),
    ("usage", &["diagnostic", "stack"]),
    ("backfill", &["stack"]),
    ("report", &["backfill", "client", "diagnostic", "plan", "stack", "status", "usage", "verify"]),
];

/// These may know every stage: one joins them, the other talks to the user.
const FREE: [&str; 2] = ["pipeline", "cli"];

const LONGEST: usize = 400;

struct Source {
    path: PathBuf,
    module: String,
    text: String,
}

impl Source {
    /// The text without its unit tests, which may name anything.
    fn code(&self) -> &str {
        if self.path.ends_with("tests.rs") {
            return "";
        }
        self.text.split("#[cfg(test)]").next().unwrap_or(&self.text)
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src is readable") {
            let path = entry.expect("src is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(&root).expect("below src").to_path_buf();
                let first = relative.components().next().expect("not empty");
                let module = first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).expect("source is text");
                found.push(Source { path: relative, module, text });
            }
        }
    }
    assert!(found.len() > 30, "the walk must see the whole crate");
    found
}

/// The words after `crate::` (or after `prefix`), also inside `use crate::{a, b}`.
fn named(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in code.split(prefix).skip(1) {
        let list = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default(),
            None => rest,
        };
        let is_group = rest.starts_with('{');
        for part in list.split(',').take(if is_group { usize::MAX } else { 1 }) {
            let name: String =
                part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.push(name);
        }
    }
    names
}

#[test]
fn modules_know_only_what_they_may() {
    let edges: BTreeMap<&str, &[&str]> = EDGES.into_iter().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let module = source.module.as_str();
        if FREE.contains(&module) || ["lib", "main"].contains(&module) {
            continue;
        }
        let Some(allowed) = edges.get(module) else {
            panic!("module `{module}` has no entry in EDGES");
        };
        for name in named(source.code(), "crate::") {
            if name != module && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{}: may not know `{name}`", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn providers_do_not_know_each_other() {
    let providers = ["docker", "files", "firewall", "grafana", "prometheus", "secrets", "service"];
    for source in sources() {
        let path = source.path.to_string_lossy().into_owned();
        let Some(rest) = path.strip_prefix("provider/") else { continue };
        let Some(own) = providers.into_iter().find(|name| rest.starts_with(&format!("{name}/")))
        else {
            continue;
        };
        for name in named(source.code(), "crate::provider::") {
            let other = providers.contains(&name.as_str()) && name != own;
            assert!(!other, "{path} names provider `{name}`");
        }
    }
}

#[test]
fn input_and_output_have_their_doors() {
    // What, and the modules that may use it.
    let doors: [(&str, &[&str]); 6] = [
        ("std::fs", &["system"]),
        ("std::process::Command", &["system"]),
        ("std::env", &["cli"]),
        ("reqwest::", &["provider", "verify"]),
        ("bollard::", &["provider"]),
        ("async fn", &["provider", "apply", "verify", "pipeline", "cli"]),
    ];
    for source in sources() {
        for (what, modules) in doors {
            let used = source.code().contains(what);
            let path = source.path.display();
            assert!(!used || modules.contains(&source.module.as_str()), "{path} uses `{what}`");
        }
    }
}

#[test]
fn every_http_client_is_told_whom_to_believe() {
    for source in sources() {
        let clients = source.code().matches("Client::builder()").count();
        let told = source.code().matches("tls_backend_preconfigured(").count();
        assert_eq!(clients, told, "{}", source.path.display());
        assert!(!source.code().contains("Client::new("), "{}", source.path.display());
    }
}

#[test]
fn files_have_a_header_and_a_bearable_size() {
    for source in sources() {
        let path = source.path.display();
        assert!(source.text.starts_with("//! "), "{path} has no `//!` header");
        let lines = source.text.lines().count();
        assert!(lines <= LONGEST, "{path} has {lines} lines, more than {LONGEST}");
    }
}

#[test]
fn the_pipeline_fits_one_page() {
    let pipeline = sources().into_iter().find(|source| source.module == "pipeline");
    let text = pipeline.expect("src/pipeline.rs").text;
    assert!(text.lines().count() <= 70, "the pipeline must be readable at a glance");
    for stage in ["profile", "stack", "render", "observe", "plan", "apply", "verify"] {
        assert!(text.contains(stage), "the pipeline lacks `{stage}`");
    }
}
