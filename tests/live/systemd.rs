//! The units under the real systemd: they verify, survive a reboot, and follow the container.

pub mod machine;

use super::applied::{Applied, DOCUMENT, TAKES_PORT};
use super::world::{Output, Place, World};
use machine::Machine;
use std::fs;
use std::time::{Duration, Instant};

const TABLE: &str = "nft list tables | grep -c 'inet otelctl_otel'";
const READY: &str = "journalctl -u otel-collector -o cat | grep -c 'Everything is ready'";
const RUNNING: &str = "docker inspect -f '{{.State.Running}}' otel-collector";

/// Puts otelctl and the document into the machine, and starts Docker and nftables there.
fn prepare(machine: &Machine<'_>) {
    fs::create_dir_all(machine.path("/etc/otelctl")).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_otelctl"), machine.path("/usr/local/bin/otelctl")).unwrap();
    let profile = format!("{DOCUMENT}\notelctl::grafana::mode: none\n");
    fs::write(machine.path("/etc/otelctl/profile.yaml"), profile).unwrap();
    machine.shell("systemctl enable --now nftables docker").ok();
}

/// The plan's exit code: 0 no changes, 2 changes.
fn pending(machine: &Machine<'_>) -> i32 {
    machine.shell("otelctl plan --detailed-exitcode").status
}

#[test]
fn the_units_verify() {
    let world = World::new("units");
    let profile = world.dir().join("profile.yaml");
    for (name, more) in [
        ("otel", ""),
        ("team-a", "otelctl::stack: team-a\n"),
        ("open", "otelctl::firewall::manage: false\n"),
    ] {
        fs::write(&profile, format!("{DOCUMENT}\notelctl::grafana::mode: none\n{more}")).unwrap();
        let folder = world.dir().join(name);
        let (profile, folder) = (profile.to_str().unwrap(), folder.to_str().unwrap());
        world.otelctl(&["--profile", profile, "render", "-o", folder]).ok();
        // No pages of manuals: a small machine has no `man`.
        let verify = format!("systemd-analyze verify --man=no {folder}/systemd/*.service");
        let seen = world.host(&verify);
        assert_eq!((seen.status, seen.stderr.as_str()), (0, ""), "{seen:?}");
        let firewall = fs::exists(format!("{folder}/systemd/otelctl-firewall.service")).unwrap();
        assert_eq!(firewall, name != "open");
    }
}

#[test]
fn where_systemd_does_not_run_it_is_said() {
    let stack = Applied::prepare("nosystemd", "0.91.0");
    let told = "note[service::no-systemd]: systemd does not run here";
    let seen = stack.otelctl(&["plan"]);
    assert!(seen.stderr.contains(told) && seen.stderr.contains("after a reboot"), "{seen:?}");
    assert!(stack.otelctl(&["apply"]).stderr.contains(told));
    assert!(!stack.otelctl(&["apply"]).stderr.contains(told), "not every half hour");
    assert!(stack.directory().join("systemd/otelctl-firewall.service").exists());
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);

    // What the firewall's unit runs, twice, and where the table is already there.
    let unit = stack.directory().join("systemd/otelctl-firewall.service");
    let unit = fs::read_to_string(unit).unwrap();
    let load = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("a command");
    stack.world.host(load).ok();
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0, "the same table");
    stack.world.host("nft delete table inet otelctl_otel").ok();
    stack.world.host(load).ok();
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
}

#[test]
fn a_reboot_leaves_no_port_open_and_the_collector_comes_back() {
    let world = World::new("reboot");
    let mut machine = Machine::boot(&world);
    prepare(&machine);
    machine.shell("otelctl apply").ok();
    assert_eq!(pending(&machine), 0);
    machine.shell("otelctl status").ok();
    assert_eq!(world.http_get(Place::Inside, "http://10.10.10.1:8889/metrics").status, 200);
    assert_eq!(world.http_get(Place::Outside, "http://198.51.100.1:8889/metrics").status, 0);

    // Somebody tries all the while.
    let got_in = world.dir().join("got-in");
    let probe = world.spawn(
        Place::Outside,
        &format!(
            "while :; do for port in 4318 8889; do \
               curl -s -o /dev/null --max-time 0.2 http://198.51.100.1:$port/metrics && echo $port >>'{}'; \
             done; done",
            got_in.display()
        ),
    );
    machine.reboot();
    machine.awaits(RUNNING, "true");
    machine.awaits(
        "systemctl is-active otel-collector otelctl-firewall docker",
        "active\nactive\nactive",
    );
    let begin = Instant::now();
    while world.http_get(Place::Inside, "http://10.10.10.1:8889/metrics").status != 200 {
        assert!(begin.elapsed() < Duration::from_secs(30), "the collector does not come back");
    }
    drop(probe);
    assert!(!got_in.exists(), "port {:?} was open", fs::read_to_string(&got_in));
    let loaded = "systemctl show -p ActiveEnterTimestampMonotonic --value otelctl-firewall";
    let docker = "systemctl show -p InactiveExitTimestampMonotonic --value docker";
    let at = |script: &str| machine.shell(script).ok().parse::<u64>().expect("microseconds");
    assert!(at(loaded) <= at(docker), "the table comes before Docker");
    assert_eq!(pending(&machine), 0, "{:?}", machine.shell("otelctl plan"));
    machine.shell("otelctl verify").ok();
}

#[test]
fn the_table_comes_back_whatever_becomes_of_nftables() {
    let world = World::new("flush");
    let machine = Machine::boot(&world);
    prepare(&machine);
    machine.shell("otelctl apply").ok();
    for what in ["restart nftables", "reload nftables", "restart nftables"] {
        let flushed = "nft list table inet otelctl_otel | grep -c 'packets 0'";
        let rules = machine.shell(flushed).ok();
        machine.shell("nft add table inet marker").ok();
        machine.shell(&format!("systemctl {what}")).ok();
        machine.awaits("nft list tables | grep -c marker", "0");
        machine.awaits(TABLE, "1");
        machine.awaits(flushed, &rules);
    }
    // Its end is an admin's will; its start brings the table back.
    machine.shell("systemctl stop nftables").ok();
    machine.awaits(TABLE, "0");
    assert_eq!(machine.shell("otelctl status").status, 1);
    machine.shell("systemctl start nftables").ok();
    machine.awaits(TABLE, "1");
    // The unit's own end opens nothing.
    machine.shell("systemctl stop otelctl-firewall").ok();
    assert_eq!(machine.shell(TABLE).ok(), "1");
    assert_eq!(pending(&machine), 2);
    machine.shell("otelctl apply").ok();
    machine.awaits("systemctl is-active otelctl-firewall", "active");
    assert_eq!(pending(&machine), 0);
}

#[test]
fn the_collectors_unit_is_the_container() {
    let world = World::new("unit");
    let machine = Machine::boot(&world);
    prepare(&machine);
    machine.shell("otelctl apply").ok();
    let unit = |state: &str| machine.awaits("systemctl is-active otel-collector", state);
    unit("active");
    machine.awaits(READY, "1");
    let status = machine.shell("systemctl status --no-pager otel-collector").ok();
    assert!(status.contains("active (running)"), "{status}");
    assert!(status.contains("Begin running and processing data"), "{status}");

    // After a crash Docker restarts it, and the log goes on.
    machine.shell("kill -9 $(docker inspect -f '{{.State.Pid}}' otel-collector)").ok();
    machine.awaits(READY, "2");
    assert_eq!(machine.shell("docker inspect -f '{{.RestartCount}}' otel-collector").ok(), "1");
    machine.shell("systemctl stop otel-collector").ok();
    assert_eq!(machine.shell(RUNNING).ok(), "false");
    unit("inactive");
    machine.shell("systemctl start otel-collector").ok();
    machine.awaits(READY, "3");
    machine.shell("systemctl restart otel-collector").ok();
    machine.awaits(READY, "4");
    machine.shell("docker restart otel-collector").ok();
    machine.awaits(READY, "5");
    unit("active");

    // Stopped by hand, the unit ends well; otelctl's start brings it back.
    for (stop, start) in [
        ("docker stop otel-collector", "otelctl start"),
        ("otelctl stop otel-collector", "otelctl apply"),
    ] {
        machine.shell(stop).ok();
        unit("inactive");
        assert_eq!(
            machine.shell("systemctl show -p Result --value otel-collector").ok(),
            "success"
        );
        machine.shell(start).ok();
        unit("active");
        assert_eq!(pending(&machine), 0, "{:?}", machine.shell("otelctl plan"));
    }
    machine.awaits(READY, "7");

    // Docker's own restart, and its end, which a follower must not undo.
    machine.shell("systemctl restart docker").ok();
    machine.awaits(READY, "8");
    unit("active");
    machine.shell("systemctl stop docker").ok();
    unit("inactive");
    assert_eq!(machine.shell("systemctl is-active docker").stdout.trim(), "inactive");
    machine.shell("systemctl start docker").ok();
    machine.awaits(READY, "9");
    unit("active");
    machine.shell("kill -9 $(systemctl show -p MainPID --value docker)").ok();
    machine.awaits(READY, "10");
    unit("active");
}

#[test]
fn a_swap_and_a_failed_one_leave_the_unit_alone() {
    let world = World::new("swap");
    let machine = Machine::boot(&world);
    prepare(&machine);
    machine.shell("otelctl apply").ok();
    machine.awaits(READY, "1");
    let id = "docker inspect -f '{{.Id}}' otel-collector";
    let main = "systemctl show -p MainPID --value otel-collector";
    let (container, follower) = (machine.shell(id).ok(), machine.shell(main).ok());
    let profile = machine.path("/etc/otelctl/profile.yaml");
    let text = fs::read_to_string(&profile).unwrap();
    fs::write(&profile, format!("{text}profile::otel_collector::batch_timeout: 2s\n")).unwrap();
    machine.shell("otelctl apply").ok();
    assert_ne!(machine.shell(id).ok(), container);
    machine.awaits(READY, "2");
    assert_eq!(machine.shell(main).ok(), follower, "the same follower");

    // A collector that does not start: the old one is back, and the unit never failed.
    assert!(text.contains("4317"));
    fs::write(&profile, text.replace("4317", "14317")).unwrap();
    machine.shell(&format!("systemd-run --unit=taker sh -c \"{TAKES_PORT}\"")).ok();
    let seen = machine.shell("otelctl apply");
    assert_eq!(seen.status, 76, "{seen:?}");
    machine.shell("systemctl stop taker").ok();
    fs::write(&profile, text).unwrap();
    machine.shell("otelctl apply").ok();
    machine.awaits("systemctl is-active otel-collector", "active");
    assert_eq!(machine.shell(main).ok(), follower);
    assert_eq!(machine.shell("systemctl --failed --plain --no-legend").ok(), "");
}

#[test]
fn drift_is_found_and_cured_foreign_units_are_refused_and_destroy_leaves_nothing() {
    let world = World::new("drift");
    let machine = Machine::boot(&world);
    prepare(&machine);
    let unit = "/etc/systemd/system/otel-collector.service";
    fs::write(machine.path(unit), "[Service]\nExecStart=/bin/true\n").unwrap();
    let refused = machine.shell("otelctl apply");
    assert_eq!(refused.status, 73, "{refused:?}");
    assert!(refused.stderr.contains("--adopt service/otel-collector.service"), "{refused:?}");
    assert_eq!(machine.shell("docker ps -aq").ok(), "", "and nothing was touched");
    machine.shell("otelctl apply --adopt service/otel-collector.service").ok();
    assert_eq!(pending(&machine), 0);

    for (edit, address) in [
        (format!("echo '# mine' >>{unit}"), "otel-collector"),
        (format!("rm {unit}"), "otel-collector"),
        ("systemctl disable otel-collector".to_owned(), "otel-collector"),
        ("systemctl disable otelctl-firewall".to_owned(), "otelctl-firewall"),
        ("rm /etc/systemd/system/otelctl-firewall.service".to_owned(), "otelctl-firewall"),
    ] {
        machine.shell(&edit).ok();
        let plan = machine.shell("otelctl plan --detailed-exitcode");
        assert_eq!(plan.status, 2, "{edit}: {plan:?}");
        assert!(plan.stdout.contains(&format!("service/{address}.service")), "{edit}: {plan:?}");
        let before = machine.shell(READY).ok();
        machine.shell("otelctl apply").ok();
        assert_eq!(pending(&machine), 0, "{edit}");
        assert_eq!(machine.shell(READY).ok(), before, "{edit}: the container went on");
    }
    let enabled = machine.shell("systemctl is-enabled otel-collector otelctl-firewall").ok();
    assert_eq!(enabled, "enabled\nenabled");

    machine.shell("otelctl destroy").ok();
    let left = |Output { stdout, .. }: Output| stdout.trim().to_owned();
    let units = "find /etc/systemd/system | grep -i otel; systemctl list-units --all --plain --no-legend '*otel*'";
    assert_eq!(left(machine.shell(units)), "");
    assert_eq!(left(machine.shell("docker ps -aq; nft list tables | grep otelctl")), "");
}
