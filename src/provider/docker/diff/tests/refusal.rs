//! What is somebody else's and in the way.

use super::super::scene::{COLLECTOR, PROMETHEUS, Scene};
use crate::diagnostic::Kind;
use crate::plan::Action;
use crate::provider::docker::{Published, Summary};
use crate::system::listener::Listener;

fn stranger(port: u16) -> Summary {
    Summary {
        id: "ssss".into(),
        name: "stranger".into(),
        stack: None,
        running: true,
        ports: vec![Published { ip: Some("0.0.0.0".parse().expect("an address")), port }],
        networks: Vec::new(),
    }
}

#[test]
fn everything_foreign_in_the_way_is_named_at_once() {
    let mut scene = Scene::applied();
    scene.container(COLLECTOR).configuration.labels.remove("io.otelctl.stack");
    scene.summary(COLLECTOR).stack = None;
    scene.observed.networks[0].labels.clear();
    scene.observed.volumes[0].labels.insert("io.otelctl.stack".into(), "other".into());
    scene.remove(PROMETHEUS);
    scene.observed.summaries.push(stranger(9090));
    let refused = scene.refused();
    let messages: Vec<&str> = refused.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "network `otel_default` is in the way",
            "volume `otel_prometheus-data` is in the way",
            "container `otel-collector` is in the way",
            "port 9090 for `otel-prometheus` is taken",
        ]
    );
    assert!(refused.iter().all(|error| error.kind == Kind::Refused && error.hint.is_some()));
    assert_eq!(refused[1].causes, ["it belongs to stack `other`"]);
    assert_eq!(refused[3].causes, ["container `stranger` publishes it"]);
}

#[test]
fn a_listening_process_is_named() {
    let mut scene = Scene::applied();
    scene.remove(COLLECTOR);
    let listener = |ip: &str| Listener {
        ip: ip.parse().expect("an address"),
        port: 13133,
        process: Some("nginx (812)".into()),
    };
    scene.observed.listeners = vec![listener("10.0.0.1")];
    assert_eq!(scene.lines(), ["Create container/otel-collector"], "another address is free");
    scene.observed.listeners = vec![listener("0.0.0.0")];
    assert_eq!(scene.refused()[0].causes, ["nginx (812) listens on 0.0.0.0:13133"]);
}

#[test]
fn a_foreign_subnet_is_refused() {
    let mut scene = Scene::applied();
    let mut foreign = scene.observed.networks[0].clone();
    (foreign.id, foreign.name) = ("ffff".into(), "vpn".into());
    foreign.labels.clear();
    foreign.subnets = vec!["172.31.0.0/16".parse().expect("a subnet")];
    scene.observed.networks = vec![foreign.clone()];
    assert_eq!(scene.refused()[0].causes, ["its subnet 172.31.0.0/16 overlaps"]);
    foreign.driver = "overlay".into();
    scene.observed.networks = vec![foreign];
    assert_eq!(scene.plan()[0].action, Action::Create);
}

#[test]
fn a_guest_on_a_network_that_goes_is_refused() {
    let mut scene = Scene::applied();
    scene.desired.compose = None;
    let mut guest = stranger(1);
    guest.networks = vec!["otel_default".into()];
    scene.observed.summaries.push(guest);
    assert_eq!(
        scene.refused()[0].hint.as_deref(),
        Some("docker network disconnect otel_default stranger")
    );
}
