//! The schema of a profile, judged by a validator of its own: the examples pass, mistakes do not.
//!
//! Needs `python3` with `jsonschema`: `scripts/install check`.
#![cfg(test)]

use otelctl::profile::{Fallback, KEYS, Profile, Shape, schema};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const VALIDATOR: &str = "
import json, sys
from jsonschema import Draft202012Validator as Validator
given = json.load(sys.stdin)
Validator.check_schema(given['schema'])
validator = Validator(given['schema'])
json.dump([[e.message for e in validator.iter_errors(i)] for i in given['instances']], sys.stdout)
";

/// What the validator has against each instance.
fn judged(instances: &[Value]) -> Vec<Vec<String>> {
    let mut python = Command::new("python3")
        .args(["-c", VALIDATOR])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("run `python3`: see `scripts/install check`");
    let given = json!({ "schema": schema(), "instances": instances });
    let mut stdin = python.stdin.take().expect("a pipe");
    stdin.write_all(given.to_string().as_bytes()).expect("write to the validator");
    drop(stdin);
    let output = python.wait_with_output().expect("the validator ends");
    assert!(output.status.success(), "see `scripts/install check`");
    let judged: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(judged.len(), instances.len());
    judged
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).expect(text)
}

#[test]
fn the_examples_are_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let examples = fs::read_dir(folder).expect("examples");
    let profiles = examples.map(|entry| entry.expect("an entry").path().join("profile.yaml"));
    let profiles: Vec<_> = profiles.filter(|path| path.exists()).collect();
    assert!(profiles.len() >= 2);
    let text = |path| yaml(&fs::read_to_string(path).expect("text"));
    let instances: Vec<Value> = profiles.iter().map(text).collect();
    for (path, errors) in profiles.iter().zip(judged(&instances)) {
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
}

#[test]
fn mistakes_are_refused() {
    let c = "profile::otel_collector::";
    let mistakes = [
        format!("{c}otel_grpc_prot: 4317"),
        "otelctl::zzz: 1".to_owned(),
        "[]".to_owned(),
        format!("{c}otel_grpc_port: 0"),
        format!("{c}otel_grpc_port: 65536"),
        format!("{c}otel_grpc_port: abc"),
        format!("{c}otel_grpc_port: 1.5"),
        format!("{c}manage_otel_collector: 'true'"),
        format!("{c}otel_dir: opt/otel"),
        format!("{c}otel_collector_image: 'A b'"),
        format!("{c}batch_timeout: 10"),
        format!("{c}batch_timeout: 1d"),
        format!("{c}prometheus_scrape_interval: 1.5s"),
        format!("{c}memory_limit_mib: 64"),
        format!("{c}const_labels: {{1a: x}}"),
        format!("{c}const_labels: {{team: true}}"),
        format!("{c}tempo_protocol: grpc"),
        format!("{c}grafana_cloud_tempo_endpoint: tempo"),
        format!("{c}grafana_cloud_tempo_api_key: 4711"),
        "otelctl::stack: Otel".to_owned(),
        "otelctl::listen_address: localhost".to_owned(),
        "otelctl::collector_version: latest".to_owned(),
        "otelctl::subnet: 10.0.0.0/8".to_owned(),
        "otelctl::log_max_size: 10".to_owned(),
        "otelctl::log_files: 0".to_owned(),
        "otelctl::prometheus::mode: manged".to_owned(),
        "otelctl::prometheus::scrape_target: localhost".to_owned(),
        "otelctl::prometheus::retention: 1h1d".to_owned(),
        "otelctl::prometheus::url: ftp://x".to_owned(),
        "otelctl::prometheus::url: http://me:secret@x/".to_owned(),
        "otelctl::grafana::datasource_uid: 'a b'".to_owned(),
        "otelctl::model_prices: {claude-opus-5: {inptu: 1}}".to_owned(),
        "otelctl::model_prices: {claude-opus-5: {input: -1}}".to_owned(),
        "profile::firewall::custom_rules: [x]".to_owned(),
    ];
    let instances: Vec<Value> = mistakes.iter().map(|text| yaml(text)).collect();
    for (text, errors) in mistakes.iter().zip(judged(&instances)) {
        assert!(!errors.is_empty(), "{text} is taken for valid");
        assert!(Profile::read(text, "p.yaml").is_err(), "{text} is read");
    }
}

/// One value of each shape that is not the default's.
fn sample(shape: Shape) -> Vec<&'static str> {
    match shape {
        Shape::Switch => vec!["true", "false"],
        Shape::Port => vec!["14999", "'14999'"],
        Shape::Count { .. } => vec!["130", "'130'"],
        Shape::Text { .. } => vec![
            "/srv/otel/",
            "/etc/a file.yml",
            "10.10.10.1",
            "'fd00::1'",
            "v0.155.0-amd64",
            "10.9.0.0/16",
            "20m",
            "1h30m",
            "1.5s",
            "team-a",
            "host.lan:8889",
            "'[fd00::1]:8889'",
            "https://host.lan/base/",
            "host:5000/a/b:1@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "Two Words",
            "a_uid-1",
        ],
        Shape::Word(words) => words.to_vec(),
        Shape::UserName => vec!["12345", "somebody"],
        Shape::Secret => vec!["env:KEY", "file:/key", "itself"],
        Shape::Labels => vec!["{}", "{team: a, _x1: 'yes'}"],
        Shape::LabelList => vec!["[]", "[type, user_email, cost.center]"],
        Shape::Usd => vec!["0.5", "100"],
        Shape::Prices => vec!["{claude-opus-5: {input: 6}}", "{}"],
        Shape::Rules => vec![
            "{}",
            "{r: {port: 4317, source: 10.0.0.1, jump: accept}}",
            "{other: 5}",
            "{ssh: {dport: [22, 2222], proto: all, action: drop, any: thing}}",
        ],
    }
}

#[test]
fn what_is_read_is_valid() {
    let mut texts = Vec::new();
    for key in KEYS {
        for value in sample(key.shape) {
            texts.push((key.name, format!("{}: {value}", key.name)));
        }
        if let Some(default) = key.default.value() {
            texts.push((key.name, format!("{}: {default}", key.name)));
        }
    }
    // What needs another key is read as well as what stands alone.
    let alone = |text: &str| match Profile::read(text, "p.yaml") {
        Ok(_) => true,
        Err(failure) => failure.diagnostics().iter().all(|d| {
            d.severity < otelctl::diagnostic::Severity::Error
                || !["profile::wrong-type", "profile::invalid-value", "profile::unknown-key"]
                    .contains(&d.code.unwrap_or_default())
        }),
    };
    texts.retain(|(_, text)| alone(text));
    for key in KEYS {
        assert!(texts.iter().any(|(name, _)| *name == key.name), "{} has no sample", key.name);
    }
    let instances: Vec<Value> = texts.iter().map(|(_, text)| yaml(text)).collect();
    for ((_, text), errors) in texts.iter().zip(judged(&instances)) {
        assert!(errors.is_empty(), "{text}: {errors:?}");
    }
}

#[test]
fn a_default_that_is_written_down_changes_nothing() {
    let bare = |text: &str| {
        let profile = Profile::read(text, "p.yaml").expect(text);
        let debug = format!("{profile:?}");
        // Everything but where it stands.
        let mut kept = String::new();
        let mut parts = debug.split("origin: ");
        kept.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let end = if part.starts_with("Default") {
                part.find("Default").map(|at| at + 7)
            } else {
                part.find("})").map(|at| at + 2)
            };
            kept.push_str(&part[end.expect("an origin")..]);
        }
        kept.split(", notes: ").next().unwrap_or_default().to_owned()
    };
    let plain = bare("{}");
    for key in KEYS {
        let Some(default) = key.default.value() else { continue };
        assert_eq!(bare(&format!("{}: {default}\n", key.name)), plain, "{}", key.name);
    }
}

/// The keys of README's table, each with its row; `…::x` has the group of the key before it.
fn documented() -> Vec<(String, String)> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let readme = readme.expect("README.md");
    let settings = readme.split("## Settings").nth(1).and_then(|rest| rest.split("\n## ").next());
    let (mut found, mut group) = (Vec::new(), String::new());
    for row in settings.expect("settings").lines().filter(|line| line.starts_with("| `")) {
        let keys = row.split('|').nth(1).expect("a column");
        for name in keys.split('`').skip(1).step_by(2) {
            let name = name.replace('…', &group);
            group = name.rsplit_once("::").map_or(String::new(), |(group, _)| group.to_owned());
            found.push((name, row.to_owned()));
        }
    }
    found
}

#[test]
fn the_readme_names_every_key_and_its_default() {
    let documented = documented();
    for key in KEYS {
        let row = documented.iter().find(|(name, _)| name == key.name);
        let (_, row) = row.unwrap_or_else(|| panic!("README's table lacks `{}`", key.name));
        let default = match key.default {
            Fallback::Text(default) => default.to_owned(),
            Fallback::Number(default) => default.to_string(),
            Fallback::Switch(default) => default.to_string(),
            _ => continue,
        };
        assert!(row.contains(&default), "README has another default of `{}`: {row}", key.name);
    }
    for (name, _) in documented {
        assert!(KEYS.iter().any(|key| key.name == name), "README has `{name}`, which nobody reads");
    }
}
