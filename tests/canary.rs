//! What eyaml encrypts stands in nothing that otelctl prints or renders.
#![cfg(test)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, str};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/hiera");
const SECRET: &str = "profile::otel_collector::grafana_cloud_tempo_api_key";
const NODE: &str = "lab.example.com";

/// A copy of the example to which a node's own data is added.
struct Hierarchy {
    folder: tempfile::TempDir,
}

impl Hierarchy {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let copied = Command::new("cp").args(["-r", EXAMPLE]).arg(folder.path()).status();
        assert!(copied.expect("cp runs").success());
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("hiera").join(name)
    }

    /// Writes the node's own data and runs otelctl for it; returns its code and all that it says.
    fn run(&self, data: &str, arguments: &[&str]) -> (Option<i32>, String) {
        fs::write(self.path(&format!("data/nodes/{NODE}.yaml")), data).expect("data");
        let done = Command::new(env!("CARGO_BIN_EXE_otelctl"))
            .arg("--hiera-config")
            .arg(self.path("hiera.yaml"))
            .arg("--facts")
            .arg(self.path(&format!("facts/{NODE}.yaml")))
            .args(arguments)
            .output()
            .expect("otelctl runs");
        let said = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8_lossy(&said).into_owned())
    }

    /// The secret itself, which `lookup` prints as Puppet does.
    fn secret(&self) -> String {
        let (code, text) = self.run("{}", &["lookup", "--render-as", "s", SECRET]);
        assert_eq!(code, Some(0), "{text}");
        let secret = text.trim().to_owned();
        assert!(secret.len() > 8, "a secret worth looking for");
        secret
    }
}

/// Every key that a profile may have.
fn keys() -> Vec<String> {
    let schema = Command::new(env!("CARGO_BIN_EXE_otelctl")).arg("schema").output();
    let schema = schema.expect("otelctl runs").stdout;
    let schema: serde_json::Value = serde_json::from_slice(&schema).expect("JSON");
    let keys = schema["properties"].as_object().expect("properties").keys();
    keys.filter(|key| *key != SECRET && !key.starts_with('$')).cloned().collect()
}

/// The forms in which a key can hold the secret.
fn forms() -> [String; 4] {
    [
        format!("\"%{{alias('{SECRET}')}}\""),
        format!("\"x%{{lookup('{SECRET}')}}y\""),
        format!("[\"%{{lookup('{SECRET}')}}\"]"),
        format!("{{\"%{{lookup('{SECRET}')}}\": \"%{{lookup('{SECRET}')}}\"}}"),
    ]
}

#[test]
fn a_secret_in_any_key_is_refused_or_hidden() {
    let hierarchy = Hierarchy::new();
    let secret = hierarchy.secret();
    let keys = keys();
    assert!(keys.len() > 40, "{keys:?}");
    let mut refused = 0;
    for form in forms() {
        let all: Vec<String> = keys.iter().map(|key| format!("'{key}': {form}")).collect();
        let (code, text) = hierarchy.run(&all.join("\n"), &["validate"]);
        assert_eq!(code, Some(65), "{text}");
        assert!(!text.contains(&secret), "{form}: {text}");
    }
    // Alone, so that nothing else keeps a key from being used.
    for key in &keys {
        let data = format!("'{key}': {}\n", forms()[1]);
        let (code, text) = hierarchy.run(&data, &["render"]);
        assert!(!text.contains(&secret), "{key}: {text}");
        refused += i32::from(code != Some(0));
    }
    assert!(refused > 40, "only keys of secrets take one: {refused}");
}

#[test]
fn explanations_and_rendered_files_are_free_of_it() {
    let hierarchy = Hierarchy::new();
    let secret = hierarchy.secret();
    let tempo = "profile::otel_collector::enable_grafana_cloud_tempo: true\n\
                 profile::otel_collector::grafana_cloud_tempo_endpoint: 'tempo.example:443'\n";
    let output = hierarchy.path("rendered").display().to_string();
    for arguments in [
        vec!["lookup", "--explain", SECRET],
        vec!["lookup", "--explain", "--render-as", "json", SECRET],
        vec!["lookup", "--type", "Integer", SECRET],
        vec!["lookup", "--explain", "--type", "Integer", SECRET],
        vec!["validate"],
        vec!["render"],
        vec!["client-env"],
        vec!["render", "--output", &output],
    ] {
        let (_, text) = hierarchy.run(tempo, &arguments);
        assert!(!text.contains(&secret), "{arguments:?}: {text}");
        assert!(!text.is_empty(), "{arguments:?}");
    }
    let mut files = 0;
    let mut folders = vec![PathBuf::from(&output)];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = fs::read(&path).expect("a file");
            let text = str::from_utf8(&bytes).expect("text");
            assert!(!text.contains(&secret), "{}", path.display());
        }
    }
    assert!(files > 8 && Path::new(&output).join("docker-compose.yaml").exists());
}
