//! The corpus: scenarios of files, and what Puppet answered to each lookup.

use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};

/// One folder of the corpus.
pub struct Scenario {
    pub folder: PathBuf,
    pub category: String,
    /// Puppet's settings, as `cases.json` has them.
    pub settings: Json,
    /// `--node`.
    pub node: String,
    pub cases: Vec<Case>,
}

/// One lookup and Puppet's answer.
pub struct Case {
    pub id: String,
    pub keys: Vec<String>,
    /// Everything about it, as `cases.json` has it.
    pub asked: Json,
    expected: Json,
}

/// What otelctl answers.
pub type Answer = Result<Json, String>;

/// Whether two answers are the same.
pub enum Outcome {
    Same,
    Other(String),
}

impl Case {
    /// Compares as a program would that reads standard output and the exit code.
    pub fn judge(&self, answer: &Answer) -> Outcome {
        let found = self.expected["status"] == "found";
        match (answer, found) {
            (Ok(value), true) if *value == self.expected[self.printed()] => Outcome::Same,
            (Err(_), false) => Outcome::Same,
            _ => Outcome::Other(format!("{answer:?}, Puppet says {}", self.expected)),
        }
    }
}

impl Case {
    /// What of Puppet's answer counts: the value, or the text where that was asked for.
    fn printed(&self) -> &'static str {
        let text = self.asked.get("render_as").is_some_and(|form| form != "json");
        if text { "stdout" } else { "value" }
    }
}

/// Another corpus, made by `tests/hiera/oracle/generate`, in place of the one here.
pub fn other_corpus() -> Option<PathBuf> {
    std::env::var_os("OTELCTL_TEST_HIERA_CORPUS").map(PathBuf::from)
}

/// Every scenario, in the order of their names.
pub fn scenarios() -> Vec<Scenario> {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hiera/corpus");
    let root = other_corpus().unwrap_or_else(own);
    let entries = fs::read_dir(root).expect("the corpus is there");
    let folders = entries.map(|entry| entry.expect("the corpus is readable").path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.into_iter().map(scenario).collect()
}

fn scenario(folder: PathBuf) -> Scenario {
    let text = fs::read_to_string(folder.join("cases.json")).expect("a scenario has cases");
    let document: Json = serde_json::from_str(&text).expect("cases are JSON");
    let cases = document["cases"].as_array().expect("cases are a list").iter().map(case).collect();
    Scenario {
        folder,
        category: word(&document["category"]),
        settings: document["settings"].clone(),
        node: word(&document["node"]),
        cases,
    }
}

fn case(case: &Json) -> Case {
    let keys = match &case["key"] {
        Json::Array(keys) => keys.iter().map(word).collect(),
        key => vec![word(key)],
    };
    Case { id: word(&case["id"]), keys, asked: case.clone(), expected: case["expect"].clone() }
}

fn word(json: &Json) -> String {
    json.as_str().expect("a text").to_owned()
}
