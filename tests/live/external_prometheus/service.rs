//! Debian's Prometheus as its package runs it: a unit of systemd that knows how to reload.

use super::super::applied::DOCUMENT;
use super::super::systemd::machine::Machine;
use super::super::world::World;
use super::by_hand::CONFIG;
use std::fs;

const CONFIG_FILE: &str = "/etc/prometheus/prometheus.yml";
const READY: &str = "curl --silent --output /dev/null --write-out '%{http_code}' \
                     http://localhost:9090/-/ready";
const RELOADS: &str = "journalctl -u prometheus -o cat | grep -c '^Reloaded prometheus.service'";

#[test]
fn the_service_reloads_and_keeps_its_file() {
    let world = World::new("houseunit");
    let machine = Machine::boot(&world);
    fs::create_dir_all(machine.path("/etc/otelctl")).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_otelctl"), machine.path("/usr/local/bin/otelctl")).unwrap();
    let profile = format!(
        "{DOCUMENT}\notelctl::grafana::mode: none\notelctl::prometheus::mode: external\n\
         otelctl::prometheus::config_file: {CONFIG_FILE}\n\
         profile::otel_collector::prometheus_scrape_interval: 1s\n"
    );
    fs::write(machine.path("/etc/otelctl/profile.yaml"), profile).unwrap();
    // One of the house's rule files is not there, which Prometheus refuses.
    let config = CONFIG.replace("  - \"more/alerts.yml\"\n", "");
    assert_ne!(config, CONFIG);
    fs::write(machine.path(CONFIG_FILE), &config).unwrap();
    let attributes = || machine.shell(&format!("stat --format '%a %U %G' {CONFIG_FILE}")).ok();
    machine.shell(&format!("chown root:prometheus {CONFIG_FILE}; chmod 640 {CONFIG_FILE}")).ok();
    machine.shell("systemctl enable --now prometheus nftables docker").ok();
    machine.awaits(READY, "200");

    machine.shell("otelctl apply").ok();
    assert_eq!(
        machine.shell(RELOADS).stdout.trim(),
        "1",
        "{:?}",
        machine.shell("journalctl -u prometheus")
    );
    let edited = fs::read_to_string(machine.path(CONFIG_FILE)).unwrap();
    assert!(edited.contains("# otelctl:begin otel\n"), "{edited}");
    assert_eq!(machine.shell("otelctl plan --detailed-exitcode").status, 0);
    machine.shell("otelctl verify").ok();
    assert_eq!(attributes(), "640 root prometheus");

    machine.shell("otelctl destroy").ok();
    assert_eq!(machine.shell(RELOADS).stdout.trim(), "2");
    assert_eq!(fs::read_to_string(machine.path(CONFIG_FILE)).unwrap(), config);
    assert_eq!(attributes(), "640 root prometheus");
    assert_eq!(machine.shell("systemctl is-active prometheus").ok(), "active");
}
