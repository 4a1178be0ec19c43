//! The Docker provider against a real engine: from nothing to running, drift, swaps, refusals.

mod stack;

use otelctl::diagnostic::Kind;
use otelctl::provider::Execute;
use otelctl::provider::docker::{Attempt, Operation, Reader, Trial, TrialFile, Writer};
use stack::Stack;
use std::time::Duration;

const NOTHING: [String; 0] = [];

#[tokio::test]
async fn from_nothing_to_running_and_back() {
    let stack = Stack::new("docker");
    let desired = stack.desired(Some(&stack.compose));
    assert_eq!(
        stack.lines(&desired).await,
        [
            "Create image/otel/opentelemetry-collector-contrib:0.91.0",
            "Create image/prom/prometheus:v3.5.0",
            "Create network/otel_default",
            "Create volume/otel_prometheus-data",
            "Create container/otel-collector",
            "Create container/otel-prometheus",
        ]
    );
    stack.apply(&desired).await.unwrap();
    assert_eq!(stack.health.asked(), 3, "it waits until the answer is 200, and no longer");
    assert_eq!(stack.lines(&desired).await, NOTHING);

    let before = stack.containers();
    assert_eq!(before.len(), 2);
    let listed = stack.docker_compose("ps");
    assert!(listed.contains("otel-collector") && listed.contains("otel-prometheus"), "{listed}");
    assert!(stack.docker_compose("logs otel-collector").contains("Everything is ready"));
    stack.docker_compose("up -d");
    assert_eq!(stack.containers(), before, "docker-compose up -d recreates nothing");
    assert_eq!(stack.lines(&desired).await, NOTHING);

    // What docker-compose makes from the same file is what otelctl wants.
    stack.docker_compose("down");
    stack.docker_compose("up -d");
    assert_ne!(stack.containers(), before);
    assert_eq!(stack.lines(&desired).await, NOTHING);

    let mut gone = stack.desired(None);
    stack.apply(&gone).await.unwrap();
    assert_eq!(stack.containers(), NOTHING);
    assert_eq!(stack.world.host("docker network ls -q -f label=io.otelctl.stack").ok(), "");
    assert_eq!(stack.world.host("docker volume ls -q").ok(), "otel_prometheus-data");
    gone.remove_volumes = true;
    stack.apply(&gone).await.unwrap();
    assert_eq!(stack.world.host("docker volume ls -q").ok(), "");
    assert_eq!(stack.lines(&gone).await, NOTHING);
}

#[tokio::test]
async fn drift_is_seen_and_cured() {
    let stack = Stack::new("drift");
    let desired = stack.desired(Some(&stack.compose));
    stack.apply(&desired).await.unwrap();
    let replace = "Replace container/otel-collector";
    for (spoil, seen) in [
        (
            "docker update --memory 700m --memory-swap -1 otel-collector",
            format!("{replace} memory"),
        ),
        ("docker update --restart no otel-collector", format!("{replace} restart")),
        ("docker kill otel-collector", "Update container/otel-collector state".into()),
        ("docker pause otel-collector", "Update container/otel-collector state".into()),
        ("docker rm -f otel-collector", "Create container/otel-collector".into()),
        ("docker network connect bridge otel-collector", format!("{replace} network.bridge")),
        (
            "docker network disconnect otel_default otel-collector",
            format!("{replace} network.otel_default,alias"),
        ),
        ("docker rename otel-collector other", replace.into()),
        (
            "docker run -d --name stray -l io.otelctl.stack=otel --entrypoint /bin/prometheus \
             prom/prometheus:v3.5.0 --version",
            "Delete container/stray".into(),
        ),
        (
            "docker rm -f otel-prometheus && docker volume rm otel_prometheus-data",
            "Create volume/otel_prometheus-data\nCreate container/otel-prometheus".into(),
        ),
    ] {
        stack.world.host(spoil).ok();
        assert_eq!(stack.lines(&desired).await.join("\n"), seen, "after {spoil}");
        stack.apply(&desired).await.unwrap();
        assert_eq!(stack.lines(&desired).await, NOTHING, "after {spoil}");
    }

    // A container that ends again and again is told also while it runs for a moment.
    stack.write("config/collector.yaml", "broken: [");
    stack.world.host("docker restart otel-collector").ok();
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let lines = stack.lines(&desired).await;
        assert!(
            lines.is_empty() || lines == ["Update container/otel-collector state"],
            "{lines:?}"
        );
    }
    assert_eq!(stack.lines(&desired).await, ["Update container/otel-collector state"]);
    stack.health.fall_sick(50);
    let error = stack.apply(&desired).await.unwrap_err();
    assert!(error.causes.join("\n").contains("did not find expected node content"), "{error:?}");
    stack.write("config/collector.yaml", stack::COLLECTOR);
    stack.health.fall_sick(2);
    stack.apply(&desired).await.unwrap();
    assert_eq!(stack.lines(&desired).await, NOTHING);

    // Another subnet takes the containers along.
    let moved = stack.desired(Some(&stack.compose.replace("172.31.250", "172.31.251")));
    let lines = stack.lines(&moved).await;
    assert_eq!(lines[0], "Replace network/otel_default subnet");
    assert_eq!(lines.len(), 3, "{lines:?}");
    stack.apply(&moved).await.unwrap();
    assert_eq!(stack.lines(&moved).await, NOTHING);
    let address = "docker inspect -f '{{(index .NetworkSettings.Networks \"otel_default\").Gateway}}' \
                   otel-collector";
    assert_eq!(stack.world.host(address).ok(), "172.31.251.1");
}

#[tokio::test]
async fn a_failed_swap_goes_back_and_a_killed_one_converges() {
    let stack = Stack::new("swap");
    let desired = stack.desired(Some(&stack.compose));
    stack.apply(&desired).await.unwrap();
    let before = stack.containers();

    let broken = stack.compose.replace("/collector.yaml", "/missing.yaml");
    let broken = stack.desired(Some(&broken));
    stack.health.fall_sick(50);
    let error = stack.apply(&broken).await.unwrap_err();
    assert_eq!(error.kind, Kind::Partial);
    let causes = error.causes.join("\n");
    assert!(causes.contains("/etc/otelcol-contrib/missing.yaml"), "the log's end: {causes}");
    assert!(causes.contains("the previous container is back and healthy"), "{causes}");
    assert_eq!(stack.containers(), before, "the old container is in its place");
    assert_eq!(stack.lines(&desired).await, NOTHING);

    assert!(stack.health.asked() > 50, "the old one was asked, too");

    // Cut off ever later: each time the next plan ends where this one should have.
    let (mut cut, mut whole) = (0, 0);
    for wait in [2, 10, 30, 60, 100, 200, 300, 400, 600, 800, 1000, 1500, 10000] {
        let other = stack.compose.replace("\"0123\"", &format!("\"{wait}\""));
        let desired = stack.desired(Some(&other));
        let plan = stack.plan(&desired).await.unwrap();
        let writer = Writer::connect(&stack.engine()).await.unwrap();
        let swap = writer.execute(&plan[0].operation, &|_| ());
        match tokio::time::timeout(Duration::from_millis(wait), swap).await {
            Ok(done) => {
                done.unwrap();
                whole += 1;
            }
            Err(_) => cut += 1,
        }
        // What the engine was already doing, it still does: a container that is being made
        // has its name before it is in the list.
        tokio::time::sleep(Duration::from_millis(500)).await;
        stack.apply(&desired).await.unwrap();
        assert_eq!(stack.lines(&desired).await, NOTHING, "cut after {wait} ms");
        assert_eq!(stack.containers().len(), 2, "cut after {wait} ms");
    }
    assert!(cut > 3 && whole > 0, "{cut} were cut, {whole} were not");
}

#[tokio::test]
async fn a_trial_that_runs_out_of_memory_says_so_and_leaves_nothing() {
    let stack = Stack::new("trial");
    let compose = stack.compose.replace("mem_limit: 640m", "mem_limit: 6m");
    let desired = stack.desired(Some(&compose));
    let writer = Writer::connect(&stack.engine()).await.unwrap();
    let plan = stack.plan(&desired).await.unwrap();
    writer.execute(&plan[0].operation, &|_| ()).await.unwrap();

    let compose = desired.compose.as_ref().unwrap();
    let path = "/etc/otelcol-contrib/collector.yaml".to_owned();
    let trial = |attempt| Trial {
        stack: "otel".into(),
        name: "otel-collector-trial".into(),
        service: compose.services["otel-collector"].clone(),
        files: vec![TrialFile { path: path.clone(), bytes: stack::COLLECTOR.as_bytes().into() }],
        attempt,
    };
    let validate = Operation::Try(Box::new(trial(Attempt::Validate)));
    writer.execute(&validate, &|_| ()).await.unwrap();
    let start = Operation::Try(Box::new(trial(Attempt::Start { network: None, health: None })));
    let error = writer.execute(&start, &|_| ()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Failed);
    assert!(error.causes.join("\n").contains("out of memory"), "{error:?}");
    assert_eq!(stack.containers(), NOTHING);

    // One of the same name that a killed run left behind goes, somebody else's stays.
    let leave = |label: &str| {
        let image = "otel/opentelemetry-collector-contrib:0.91.0";
        let made = format!("docker create --name otel-collector-trial {label} {image}");
        stack.world.host(&made).ok();
    };
    leave("--label io.otelctl.stack=otel");
    writer.execute(&validate, &|_| ()).await.unwrap();
    writer.execute(&start, &|_| ()).await.unwrap_err();
    assert_eq!(stack.containers(), NOTHING);
    leave("");
    assert_eq!(writer.execute(&start, &|_| ()).await.unwrap_err().kind, Kind::Refused);
    assert_eq!(stack.containers().len(), 1);
}

#[tokio::test]
async fn what_is_not_ours_is_refused_and_what_is_missing_is_told() {
    let stack = Stack::new("refuse");
    let world = &stack.world;
    let desired = stack.desired(Some(&stack.compose));

    // An image that does not exist fails before anything is touched.
    let absent = stack.desired(Some(&stack.compose.replace("contrib:0.91.0", "contrib:0.0.0")));
    let error = stack.apply(&absent).await.unwrap_err();
    assert_eq!(error.kind, Kind::Failed);
    assert!(error.hint.as_deref().unwrap().contains("otel_collector_image"), "{error:?}");
    assert_eq!(stack.containers(), NOTHING);
    assert_eq!(world.host("docker network ls -q -f label=io.otelctl.stack").ok(), "");

    let _server = world.spawn_host("exec python3 -m http.server --bind 127.0.0.1 13133");
    world.host("docker pull -q prom/prometheus:v3.5.0").ok();
    world.host("docker run -d --name squatter -p 9090:9090 prom/prometheus:v3.5.0").ok();
    world.host("docker create --name otel-collector prom/prometheus:v3.5.0").ok();
    world.host("docker network create --subnet 172.31.250.128/25 vpn").ok();
    world.host("docker volume create otel_prometheus-data").ok();
    world.host("for i in $(seq 50); do curl -so /dev/null 127.0.0.1:13133 && exit; sleep .1; done; exit 1").ok();
    let before = stack.containers();
    let refused = stack.plan(&desired).await.unwrap_err();
    let told: Vec<String> =
        refused.iter().map(|e| format!("{}: {}", e.message, e.causes.join(", "))).collect();
    assert!(refused.iter().all(|error| error.kind == Kind::Refused && error.hint.is_some()));
    assert_eq!(told.len(), 5, "{told:?}");
    assert_eq!(
        told[0],
        "network `vpn` is in the way of `otel_default`: its subnet 172.31.250.128/25 overlaps"
    );
    assert!(told[1].starts_with("volume `otel_prometheus-data` is in the way"), "{told:?}");
    assert!(told[2].starts_with("container `otel-collector` is in the way"), "{told:?}");
    assert!(told[3].starts_with("port 13133 for `otel-collector` is taken: python3 ("), "{told:?}");
    assert_eq!(
        told[4],
        "port 9090 for `otel-prometheus` is taken: container `squatter` publishes it"
    );
    assert_eq!(stack.containers(), before);

    world.stop_docker();
    let error = Reader::connect(&stack.engine()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unreachable);
    assert!(error.hint.as_deref().unwrap().contains("systemctl start docker"), "{error:?}");
}
