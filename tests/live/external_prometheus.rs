//! The stack on a host whose Prometheus somebody has configured by hand.

mod by_hand;
mod foreign;
mod hostile;
mod login;
mod refusal;
mod service;

use by_hand::{ByHand, CONFIG, DEBIAN, later};
use std::fs;

/// apply → loaded, plan empty, verify → destroy → byte for byte what it was.
fn there_and_back(by_hand: &ByHand, block: &[&str]) {
    let plan = by_hand.otelctl(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.status, 2, "{}{}", plan.stdout, plan.stderr);
    for line in block {
        assert!(plan.stdout.contains(&format!("+{line}\n")), "{line:?} in {}", plan.stdout);
    }
    let told = |output: &super::world::Output| format!("{}{}", output.stdout, output.stderr);
    assert!(!told(&plan).contains("hunter2") && !told(&plan).contains("Ada"), "{}", told(&plan));
    by_hand.is_as_written(CONFIG);

    by_hand.otelctl(&["apply"]).ok();
    by_hand.has_the_stack();
    by_hand.is_settled();
    by_hand.is_alone();
    by_hand.otelctl(&["verify"]).ok();
    let text = fs::read_to_string(by_hand.config()).unwrap();
    for line in block {
        assert!(text.contains(&format!("{line}\n")), "{line:?} in {text}");
    }

    let destroyed = by_hand.otelctl(&["destroy"]);
    assert!(!told(&destroyed).contains("hunter2"), "{}", told(&destroyed));
    destroyed.ok();
    by_hand.is_as_written(CONFIG);
    by_hand.has_nothing();
}

#[test]
fn debians_prometheus_gets_a_block_and_a_signal() {
    let mut by_hand = ByHand::prepare("byhand242");
    by_hand.start(DEBIAN, "");
    let inline = [
        "# otelctl:begin otel",
        "- job_name: \"otel-collector\"",
        "    - targets: [\"localhost:8889\"]",
        "# otelctl:end otel",
    ];
    there_and_back(&by_hand, &inline);
    by_hand.start(DEBIAN, "--web.enable-lifecycle");
    there_and_back(&by_hand, &inline);
}

#[test]
fn a_later_prometheus_includes_the_file() {
    let mut by_hand = ByHand::prepare("byhand35");
    let job = by_hand.stack.directory().join("prometheus/scrape/otel-collector.yaml");
    let job = format!("  - \"{}\"", job.display());
    let included = ["# otelctl:begin otel", "scrape_config_files:", &job, "# otelctl:end otel"];
    for arguments in ["", "--web.enable-lifecycle"] {
        by_hand.start(&later(), arguments);
        there_and_back(&by_hand, &included);
    }
}
