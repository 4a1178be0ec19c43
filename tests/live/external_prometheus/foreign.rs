//! What is not otelctl's stays: links, later edits, jobs of the same name, other stacks.

use super::by_hand::{ByHand, CONFIG, DEBIAN, later};
use std::fs;

#[test]
fn a_job_and_rules_that_somebody_put_there_are_refused() {
    let mut by_hand = ByHand::prepare("foreignjob");
    let directory = by_hand.stack.directory();
    let text = CONFIG.replace("job_name: node", "job_name: otel-collector").replace(
        "more/alerts.yml",
        &format!("{}/prometheus/rules/claude-code.rules.yaml", directory.display()),
    );
    by_hand.write_config(&text);
    by_hand.start(DEBIAN, "");
    let seen = by_hand.otelctl(&["apply"]);
    assert_eq!(seen.status, 73, "{}{}", seen.stdout, seen.stderr);
    assert!(seen.stderr.contains("job `otel-collector` is there already"), "{}", seen.stderr);
    assert!(seen.stderr.contains("prometheus.yml:18:1"), "{}", seen.stderr);
    assert!(seen.stderr.contains("claude-code.rules.yaml` is there already"), "{}", seen.stderr);
    assert!(seen.stderr.contains("prometheus.yml:10:1"), "{}", seen.stderr);
    by_hand.is_as_written(&text);
    assert!(!directory.join("docker-compose.yaml").exists(), "nothing is touched");
}

#[test]
fn links_stay_links_and_later_edits_survive() {
    let mut by_hand = ByHand::prepare("linked");
    let real = by_hand.folder().join("real.yml");
    fs::rename(by_hand.config(), &real).unwrap();
    std::os::unix::fs::symlink("real.yml", by_hand.config()).unwrap();
    by_hand.start(DEBIAN, "");
    by_hand.otelctl(&["apply"]).ok();
    by_hand.has_the_stack();
    by_hand.is_settled();
    assert!(by_hand.config().is_symlink());

    let edit = |text: &str| text.replace("house rule", "house law").replace("9100", "9101");
    let text = fs::read_to_string(&real).unwrap();
    fs::write(&real, edit(&text)).unwrap();
    by_hand.otelctl(&["apply"]).ok();
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(&edit(CONFIG));
    assert!(by_hand.config().is_symlink());
}

#[test]
fn an_upgraded_prometheus_gets_the_other_form() {
    let mut by_hand = ByHand::prepare("upgraded");
    by_hand.start(DEBIAN, "");
    by_hand.otelctl(&["apply"]).ok();
    by_hand.start(&later(), "");
    let plan = by_hand.otelctl(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.status, 2, "{}{}", plan.stdout, plan.stderr);
    by_hand.otelctl(&["apply"]).ok();
    by_hand.has_the_stack();
    by_hand.is_settled();
    assert!(fs::read_to_string(by_hand.config()).unwrap().contains("scrape_config_files"));

    // Where the profile asks for more than it keeps, the plan says so.
    by_hand.write_profile("otelctl::prometheus::retention: 400d\n");
    let plan = by_hand.otelctl(&["plan"]);
    assert!(
        plan.stderr.contains("keeps samples for 15d, the profile asks for 400d"),
        "{}",
        plan.stderr
    );
    by_hand.otelctl(&["destroy"]).ok();
    by_hand.is_as_written(CONFIG);
}
