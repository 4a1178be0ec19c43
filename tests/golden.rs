//! The examples' artifacts, byte for byte.
//!
//! `OTELCTL_BLESS=1 cargo test --test golden` rewrites the files.
#![cfg(test)]

use otelctl::profile::Profile;
use otelctl::render::render;
use otelctl::stack::Stack;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The server of the user's document, inside the network its rules accept.
const HOST: [IpAddr; 1] = [IpAddr::V4(std::net::Ipv4Addr::new(10, 10, 10, 1))];

/// Every node of a hierarchy, by the program, each in a folder of its name.
fn rendered_nodes(example: &str) -> BTreeMap<PathBuf, String> {
    let output = tempfile::tempdir().expect("a folder");
    let done = Command::new(env!("CARGO_BIN_EXE_otelctl"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--hiera-config", &format!("examples/{example}/hiera.yaml"), "render"])
        .args(["--nodes", &format!("examples/{example}/facts"), "--output"])
        .arg(output.path())
        .output()
        .expect("otelctl runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    files(output.path())
}

fn rendered(example: &str) -> BTreeMap<PathBuf, String> {
    let file = format!("examples/{example}/profile.yaml");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
    let text = fs::read_to_string(&path).expect("an example");
    Profile::read(&text, &file)
        .and_then(|profile| Stack::build(&profile, &HOST))
        .and_then(|stack| render(&stack))
        .unwrap_or_else(|failure| panic!("{failure:#?}"))
        .into_iter()
        .map(|artifact| {
            assert_eq!(artifact.mode, 0o644, "{}", artifact.path);
            (artifact.path.into(), String::from_utf8(artifact.bytes.to_vec()).expect("text"))
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

fn compare(example: &str) {
    compare_with(example, &rendered(example));
}

fn compare_with(example: &str, rendered: &BTreeMap<PathBuf, String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(example);
    if env::var_os("OTELCTL_BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (path, text) in rendered {
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
    for (path, text) in rendered {
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
    compare("document");
}

#[test]
fn quickstart() {
    compare("quickstart");
}

#[test]
fn external_prometheus_grafana() {
    compare("external-prometheus-grafana");
}

#[test]
fn wireguard_hub() {
    compare("wireguard-hub");
}

#[test]
fn puppet() {
    compare("puppet");
}

#[test]
fn hiera() {
    compare_with("hiera", &rendered_nodes("hiera"));
}

#[test]
fn ci() {
    compare("ci");
}

#[test]
fn team() {
    compare("team");
}

#[test]
fn every_example_has_golden_files() {
    let names = |folder: &str| -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").path())
            .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("examples"), names("tests/golden"));
}

#[test]
fn the_scrape_job_is_the_documents() {
    let rendered = rendered("document");
    let job = &rendered[Path::new("prometheus/scrape/otel-collector.yaml")];
    let lines: Vec<&str> = job.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        lines,
        [
            "scrape_configs:",
            "  - job_name: 'otel-collector'",
            "    static_configs:",
            "      - targets: ['localhost:8889']",
            "    scrape_interval: 15s",
            "    metrics_path: /metrics",
            "    honor_labels: true",
        ]
    );
}
