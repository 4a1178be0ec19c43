//! Who reaches which port, by which address; before and after a restart of Docker.

use super::applied::{Applied, TAKES_PORT};
use super::world::Place;

const PORTS: [(u16, bool); 6] =
    [(4317, true), (4318, false), (8889, true), (13133, false), (1777, false), (9090, false)];

/// Whether a TCP connection opens within a second.
fn opens(stack: &Applied, place: Place, host: &str, port: u16) -> bool {
    let script = format!(
        "python3 -c 'import socket; socket.create_connection((\"{host}\", {port}), 1)' 2>/dev/null"
    );
    let output = match place {
        Place::Host => stack.world.host(&script),
        Place::Inside => stack.world.inside(&script),
        Place::Outside => stack.world.outside(&script),
    };
    output.status == 0
}

fn check(stack: &Applied, when: &str) {
    let collector = stack.address("otel-collector");
    let prometheus = stack.address("otel-prometheus");
    for (port, ruled) in PORTS {
        let container = if port == 9090 { &prometheus } else { &collector };
        let says = |place: Place, host: &str, open: bool| {
            let seen = opens(stack, place, host, port);
            assert_eq!(seen, open, "{when}: {host}:{port} from {place:?}");
        };
        says(Place::Host, "127.0.0.1", true);
        says(Place::Inside, "10.10.10.1", ruled);
        says(Place::Inside, "198.51.100.1", ruled);
        says(Place::Inside, container, ruled);
        says(Place::Outside, "198.51.100.1", false);
        says(Place::Outside, "10.10.10.1", false);
        says(Place::Outside, container, false);
        says(Place::Outside, "2001:db8::1", false);
        says(Place::Inside, "fd00:10::1", false);
    }
    // The collector's own metrics, which only Prometheus scrapes.
    assert!(!opens(stack, Place::Outside, &collector, 8888), "{when}");
    assert!(!opens(stack, Place::Inside, &collector, 8888), "{when}");
}

#[test]
fn each_port_is_open_to_its_sources_and_to_nobody_else() {
    let stack = Applied::new("locked", "0.91.0");
    check(&stack, "applied");

    // Traffic routed through the host to other machines is none of its business.
    let listen = "python3 -c 'import socket, time\n\
        s = socket.create_server((\"\", 4317)); time.sleep(600)'";
    let _outer = stack.world.spawn(Place::Outside, listen);
    let _inner = stack.world.spawn(Place::Inside, listen);
    let mut open = false;
    for _ in 0..50 {
        open = opens(&stack, Place::Inside, "198.51.100.2", 4317)
            && opens(&stack, Place::Outside, "10.10.10.2", 4317);
        if open {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert!(open, "routed traffic to another host's 4317 must pass");

    // Other ports of the host are none of its business, either.
    let other = listen.replace("4317", "8080");
    let _web = stack.world.spawn(Place::Host, &other);
    let mut open = false;
    for _ in 0..50 {
        open = opens(&stack, Place::Outside, "198.51.100.1", 8080);
        if open {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert!(open, "a port that is not the stack's must stay open");

    stack.world.restart_docker();
    let mut healthy = false;
    for _ in 0..100 {
        let urls = ["http://127.0.0.1:13133".to_owned(), "http://127.0.0.1:9090/-/ready".into()];
        healthy = stack.statuses(Place::Host, &urls) == [200, 200];
        if healthy {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert!(healthy, "the stack comes back with Docker");
    check(&stack, "after a restart of Docker");
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
}

#[test]
fn a_port_that_is_given_up_stays_filtered_until_nobody_publishes_it() {
    let stack = Applied::new("narrow", "0.91.0");
    // Another configuration, too: it is tried, and that is when the port is taken.
    stack.write_profile("0.91.0", "profile::otel_collector::batch_timeout: 2s\n");
    let moved = std::fs::read_to_string(&stack.profile).unwrap().replace("4317", "14317");
    assert!(moved.contains("14317"));
    std::fs::write(&stack.profile, moved).unwrap();
    let listener = stack.world.spawn_host(TAKES_PORT);
    let failed = stack.otelctl(&["apply"]);
    assert_eq!(failed.status, 76, "{}{}", failed.stdout, failed.stderr);
    assert!(
        failed.stderr.contains("the previous container is back and healthy"),
        "{}",
        failed.stderr
    );
    assert!(opens(&stack, Place::Inside, "10.10.10.1", 4317), "the old collector serves on");
    assert!(!opens(&stack, Place::Outside, "198.51.100.1", 4317), "and to nobody else");

    drop(listener);
    stack.otelctl(&["apply"]).ok();
    assert!(opens(&stack, Place::Inside, "10.10.10.1", 14317));
    assert!(!opens(&stack, Place::Outside, "198.51.100.1", 14317));
    let table = stack.world.host("nft list table inet otelctl_otel").ok();
    assert!(!table.contains("dport 4317 jump host_4317"), "{table}");
    assert_eq!(stack.otelctl(&["plan", "--detailed-exitcode"]).status, 0);
}
