//! `render --nodes` against single runs of the same nodes.
#![cfg(test)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::{fs, str};

const HIERA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/hiera/hiera.yaml");
/// Enough for every kind of node to come again after all memory of it is gone.
const NODES: usize = 120;

fn otelctl(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_otelctl"));
    command.args(["--hiera-config", HIERA]).args(arguments).output().expect("otelctl runs")
}

fn told(output: &Output) -> &str {
    str::from_utf8(&output.stderr).expect("text")
}

/// Facts of which no two nodes have the same, but many things in them are.
fn facts(number: usize) -> String {
    let role = if number.is_multiple_of(3) { "telemetry" } else { "lab" };
    let name = if number == 7 { "hub".to_owned() } else { format!("n{number}") };
    format!(
        "hostname: {name}\ndomain: example.com\nfqdn: {name}.example.com\n\
         clientcert: {name}.example.com\nrole: {role}\nnetworking:\n  interfaces:\n    wg0:\n      \
         ip: 10.10.{}.{}\n",
        10 + number % 2,
        number + 1
    )
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder).expect("below").display().to_string();
                found.insert(below, fs::read(path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn each_node_is_what_its_single_run_renders() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir(path("facts")).expect("a folder");
    for number in 0..NODES {
        fs::write(path(&format!("facts/n{number}.yaml")), facts(number)).expect("facts");
    }
    let done = otelctl(&["render", "--nodes", &path("facts"), "--output", &path("all")]);
    assert!(done.status.success(), "{}", told(&done));
    assert!(told(&done).contains("and 77 more"), "notes name a few nodes: {}", told(&done));
    let mut kinds = BTreeMap::new();
    for number in 0..NODES {
        let together = files(&folder.path().join(format!("all/n{number}")));
        *kinds.entry(together.clone()).or_insert(0) += 1;
        // Every tenth, and each kind of node among them.
        if number % 10 != 0 && number != 7 {
            continue;
        }
        let (facts, single) = (path(&format!("facts/n{number}.yaml")), path(&format!("{number}")));
        let done = otelctl(&["--facts", &facts, "render", "--output", &single]);
        assert!(done.status.success(), "{}", told(&done));
        assert_eq!(together, files(Path::new(&single)), "n{number}");
    }
    assert_eq!(kinds.len(), NODES, "each has an address of its own");

    // Another time over what is there, and one node's file changes alone.
    let rules = |node: &str| path(&format!("all/{node}/prometheus/rules/claude-code.rules.yaml"));
    let before = fs::read(rules("n1")).expect("rules");
    fs::write(path("facts/n0.yaml"), facts(0).replace("hostname: n0", "hostname: other")).unwrap();
    fs::remove_file(rules("n2")).expect("rules");
    fs::write(rules("n2"), "edited").expect("rules");
    let done = otelctl(&["render", "--nodes", &path("facts"), "--output", &path("all")]);
    assert!(done.status.success(), "{}", told(&done));
    assert_eq!(
        [fs::read(rules("n1")).unwrap(), fs::read(rules("n2")).unwrap()],
        [&*before, &*before]
    );
}

#[test]
fn a_nodes_mistake_is_told_with_its_name_and_costs_nobody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir(path("facts")).expect("a folder");
    let bad = facts(1).replace("ip: 10.10.11.2", "ip: nowhere");
    for (name, text) in
        [("good.yaml", facts(0)), ("bad.json.yaml", bad), ("notes.txt", String::new())]
    {
        fs::write(path(&format!("facts/{name}")), text).expect("facts");
    }
    let done = otelctl(&["render", "--nodes", &path("facts"), "--output", &path("all")]);
    assert_eq!(done.status.code(), Some(65), "{}", told(&done));
    assert!(told(&done).contains("on the node `bad.json`"), "{}", told(&done));
    assert!(told(&done).contains("data/common.yaml"), "{}", told(&done));
    assert!(Path::new(&path("all/good/docker-compose.yaml")).exists());
    assert!(!Path::new(&path("all/bad.json")).exists());

    fs::write(path("facts/good.json"), "{}").expect("facts");
    fs::write(path("facts/...yaml"), "{}").expect("facts");
    let done = otelctl(&["render", "--nodes", &path("facts"), "--output", &path("all")]);
    assert_eq!(done.status.code(), Some(64), "{}", told(&done));
    for text in ["`good` lie in two files", "`...yaml` names no node"] {
        assert!(told(&done).contains(text), "{}", told(&done));
    }
    for (more, text) in [(vec![], "--output DIR"), (vec!["--output", "x", "--node", "a"], "--node")]
    {
        let done = otelctl(&[vec!["render", "--nodes", "facts"], more].concat());
        assert_eq!(done.status.code(), Some(64), "{}", told(&done));
        assert!(told(&done).contains(text), "{}", told(&done));
    }
}
