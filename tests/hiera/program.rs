//! Answers of the built program, asked by the options of `puppet lookup`.

use crate::case::{Answer, Case, Scenario};
use serde_json::Value as Json;
use std::process::Command;

/// What the program answers; nothing where the case is about an explanation of Puppet's own form.
pub fn answer(scenario: &Scenario, case: &Case) -> Option<Answer> {
    if case.asked.get("explain").is_some() || case.asked.get("explain_options").is_some() {
        return None;
    }
    let text = |name: &str| case.asked.get(name).and_then(Json::as_str);
    let setting = |name: &str| scenario.settings.get(name).and_then(Json::as_str);
    let form = text("render_as").unwrap_or("json");
    let code = scenario.folder.join("code");
    let mut command = Command::new(env!("CARGO_BIN_EXE_otelctl"));
    command.env_clear().current_dir(&scenario.folder).args(["lookup", "--hiera_config"]);
    command.arg(scenario.folder.join(setting("hiera_config").unwrap_or("hiera.yaml")));
    command.arg("--facts").arg(scenario.folder.join("facts.yaml"));
    command.args(["--node", &scenario.node, "--codedir"]);
    command.arg(if code.is_dir() { code } else { "/nonexistent".into() });
    for (name, option) in [
        ("merge", "--merge"),
        ("knockout_prefix", "--knock-out-prefix"),
        ("default", "--default"),
        ("type", "--type"),
        ("environment", "--environment"),
    ] {
        command.args(text(name).into_iter().flat_map(|value| [option, value]));
    }
    for (name, option) in [
        ("sort_merged_arrays", "--sort-merged-arrays"),
        ("merge_hash_arrays", "--merge-hash-arrays"),
    ] {
        command.args(case.asked.get(name).filter(|flag| **flag == true).map(|_| option));
    }
    command.args(setting("strict").into_iter().flat_map(|level| ["--strict", level]));
    command.args((setting("strict_variables") == Some("true")).then_some("--strict_variables"));
    let more = case.asked.get("extra_args").and_then(Json::as_array);
    command.args(more.into_iter().flatten().filter_map(Json::as_str));
    if form != "default" {
        command.args(["--render-as", form]);
    }
    Some(ran(command.arg("--").args(&case.keys), form))
}

fn ran(command: &mut Command, form: &str) -> Answer {
    let output = command.output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        // Where Puppet says nothing at all, the program says why.
        assert!(told.contains("error"), "{command:?} fails without a reason: {told}");
        return Err(told);
    }
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    if form == "json" {
        serde_json::from_str(&printed).map_err(|error| format!("{printed}: {error}"))
    } else {
        Ok(Json::String(printed))
    }
}
