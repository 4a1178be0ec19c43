//! The document's profile becomes a running stack that people and compose find as promised.

use super::applied::{Applied, TAKES_PORT, is_gone};
use super::world::Place;

#[test]
fn the_document_becomes_a_running_stack_and_goes_again() {
    let stack = Applied::new("stack", "0.91.0");
    let world = &stack.world;
    let pending = stack.otelctl(&["plan", "--detailed-exitcode"]);
    assert_eq!(pending.status, 0, "{}{}", pending.stdout, pending.stderr);

    // The document's addresses.
    for url in [
        "http://localhost:13133",
        "http://localhost:8889/metrics",
        "http://localhost:1777/debug/pprof/",
        "http://localhost:9090/-/ready",
    ] {
        assert_eq!(world.http_get(Place::Host, url).status, 200, "{url}");
    }
    let environment = stack.otelctl(&["client-env"]).ok();
    assert!(
        environment.contains("OTEL_EXPORTER_OTLP_ENDPOINT=http://10.10.10.1:4317"),
        "{environment}"
    );
    let verified = stack.otelctl(&["verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);

    // Volumes stay unless told otherwise; nothing else does.
    stack.otelctl(&["destroy"]).ok();
    is_gone(&stack.directory());
    assert_eq!(world.host("docker ps --all --quiet").ok(), "");
    assert_eq!(world.host("nft list tables | grep otelctl || true").ok(), "");
    assert_eq!(world.host("docker network ls --format '{{.Name}}' | grep otel || true").ok(), "");
    assert_eq!(world.host("docker volume ls --quiet").ok(), "otel_prometheus-data");
    stack.otelctl(&["destroy", "--volumes"]).ok();
    assert_eq!(world.host("docker volume ls --quiet").ok(), "");
    let nothing = stack.otelctl(&["destroy", "--volumes"]).ok();
    assert!(nothing.contains("no changes"), "{nothing}");
    is_gone(&stack.directory());
}

#[test]
fn compose_sees_the_containers_and_recreates_nothing() {
    let stack = Applied::new("compose", "0.91.0");
    let compose = |arguments: &str| {
        let directory = stack.directory();
        stack.world.host(&format!("cd '{}' && docker-compose {arguments}", directory.display()))
    };
    let before = stack.containers();
    let listed = compose("ps").ok();
    assert!(listed.contains("otel-collector") && listed.contains("otel-prometheus"), "{listed}");
    let log = compose("logs otel-collector").ok();
    assert!(log.contains("Everything is ready"), "{log}");
    let up = compose("up -d");
    assert_eq!(up.status, 0, "{}", up.stderr);
    assert!(!up.stderr.contains("Recreating"), "{}", up.stderr);
    assert_eq!(stack.containers(), before);
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
}

#[test]
fn a_changed_profile_replaces_only_what_it_concerns() {
    let stack = Applied::new("change", "0.91.0");
    let line = |all: &str, name: &str| {
        all.lines().find(|line| line.starts_with(name)).map(str::to_owned).expect(name)
    };
    let before = stack.containers();
    stack.write_profile("0.155.0", "profile::otel_collector::batch_timeout: 2s\n");
    let pending = stack.otelctl(&["plan", "--detailed-exitcode"]);
    assert_eq!(pending.status, 2, "{}", pending.stderr);
    assert!(pending.stdout.contains("+    timeout: 2s"), "{}", pending.stdout);
    assert_eq!(stack.containers(), before, "a plan changes nothing");
    stack.otelctl(&["apply"]).ok();
    let after = stack.containers();
    assert_ne!(line(&before, "otel-collector"), line(&after, "otel-collector"));
    assert_eq!(line(&before, "otel-prometheus"), line(&after, "otel-prometheus"));
    stack.otelctl(&["verify"]).ok();
    // What Prometheus can reload does not restart it.
    stack.write_profile(
        "0.155.0",
        "profile::otel_collector::batch_timeout: 2s\n\
         profile::otel_collector::prometheus_scrape_interval: 5s\n",
    );
    stack.otelctl(&["apply"]).ok();
    assert_eq!(stack.containers(), after);
    let loaded = stack.world.http_get(Place::Host, "http://127.0.0.1:9090/api/v1/status/config");
    assert!(loaded.body.contains("scrape_interval: 5s"), "{}", loaded.body);
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
}

#[test]
fn what_was_changed_behind_its_back_is_found_and_cured() {
    let stack = Applied::new("drift", "0.91.0");
    let directory = stack.directory();
    // One thing of each kind at a time: each has an address of its own.
    let (collector, prometheus) =
        ("docker/container/otel-collector", "docker/container/otel-prometheus");
    for damages in [
        vec![
            (
                "file/docker-compose.yaml",
                format!("echo '# x' >>'{}/docker-compose.yaml'", directory.display()),
            ),
            ("nft/table", "nft delete table inet otelctl_otel".to_owned()),
            (collector, "docker stop otel-collector".to_owned()),
            (prometheus, "docker rm --force otel-prometheus".to_owned()),
        ],
        vec![
            ("file/.env", format!("chmod 0600 '{}/.env'", directory.display())),
            ("nft/table", "nft flush chain inet otelctl_otel prerouting".to_owned()),
            (collector, "docker kill --signal STOP otel-collector".to_owned()),
            (prometheus, "docker kill --signal STOP otel-prometheus".to_owned()),
        ],
        vec![
            (prometheus, "docker pause otel-prometheus".to_owned()),
            (collector, "docker update --memory 200m --memory-swap 400m otel-collector".to_owned()),
        ],
    ] {
        for (_, damage) in &damages {
            stack.world.host(damage).ok();
        }
        let pending = stack.otelctl(&["plan", "--detailed-exitcode"]);
        assert_eq!(pending.status, 2, "{damages:?}: {}{}", pending.stdout, pending.stderr);
        for (address, damage) in &damages {
            assert!(pending.stdout.contains(address), "{damage}: {}", pending.stdout);
        }
        stack.otelctl(&["apply"]).ok();
        let clean = stack.otelctl(&["plan", "--detailed-exitcode"]);
        assert_eq!(clean.status, 0, "{damages:?}: {}{}", clean.stdout, clean.stderr);
    }
    stack.otelctl(&["verify"]).ok();
}

#[test]
fn a_firewall_that_is_given_up_leaves_no_table() {
    let stack = Applied::new("givenup", "0.91.0");
    let tables = || stack.world.host("nft list tables | grep otelctl || true").ok();
    assert_ne!(tables(), "");
    stack.write_profile("0.91.0", "otelctl::firewall::manage: false\n");
    stack.otelctl(&["apply"]).ok();
    assert_eq!(tables(), "");
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
}

#[test]
fn an_upgrade_that_fails_leaves_the_old_collector_as_it_was() {
    let stack = Applied::new("upgrade", "0.91.0");
    let before = stack.containers();
    let profile = std::fs::read_to_string(&stack.profile).unwrap();
    stack.write_profile("0.155.0", "");
    let newer = std::fs::read_to_string(&stack.profile).unwrap();
    assert!(newer.contains("4317"));
    std::fs::write(&stack.profile, newer.replace("4317", "14317")).unwrap();
    let listener = stack.world.spawn_host(TAKES_PORT);
    let failed = stack.otelctl(&["apply"]);
    assert_eq!(failed.status, 76, "{}{}", failed.stdout, failed.stderr);
    let told = "the previous container is back and healthy";
    assert!(failed.stderr.contains(told), "{}", failed.stderr);
    assert_eq!(stack.containers(), before);
    drop(listener);
    stack.otelctl(&["plan"]).ok();
    std::fs::write(&stack.profile, profile).unwrap();
    stack.otelctl(&["apply"]).ok();
    assert_eq!(stack.containers(), before, "nothing had to be replaced");
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
    stack.otelctl(&["verify"]).ok();
}

#[test]
fn a_hierarchy_is_applied_with_the_facts_of_its_node() {
    let stack = Applied::new("hierarchy", "0.91.0");
    let dir = stack.world.dir().display().to_string();
    let write = |name: &str, text: String| {
        std::fs::write(stack.world.dir().join(name), text).expect("write a file");
        format!("{dir}/{name}")
    };
    let levels = "  - {name: node, path: '%{trusted.certname}.yaml'}\n  - {name: profile, path: profile.yaml}\n";
    let config = format!(
        "version: 5\ndefaults: {{datadir: '{dir}', data_hash: yaml_data}}\nhierarchy:\n{levels}"
    );
    let config = write("hiera.yaml", config);
    write("hub.example.com.yaml", "profile::otel_collector::batch_timeout: 2s\n".into());
    let name = "hub.example.com";
    let facts = format!("hostname: hub\ndomain: example.com\nfqdn: {name}\nclientcert: {name}\n");
    let facts = write("facts.yaml", facts);
    let bare = ["--hiera-config", &config];
    let node = ["--hiera-config", &config, "--facts", &facts];
    let plan = |flags: &[&str]| {
        let arguments = [flags, &["plan", "--detailed-exitcode"]].concat();
        let seen = stack.world.otelctl(&arguments);
        assert!([0, 2].contains(&seen.status), "{}{}", seen.stdout, seen.stderr);
        (seen.status, seen.stdout)
    };
    // The same data is the same stack, whichever way it is read.
    assert_eq!(plan(&bare).0, 0);
    let (pending, told) = plan(&node);
    assert!(pending == 2 && told.contains("otel-collector-config.yaml"), "{told}");
    stack.world.otelctl(&[&node[..], &["apply"]].concat()).ok();
    assert_eq!(plan(&node).0, 0);
    assert_eq!(plan(&bare).0, 2);
    let verified = stack.world.otelctl(&[&node[..], &["verify"]].concat());
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
}
