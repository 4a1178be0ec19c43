//! Replacements: of containers and networks, and after a killed run.

use super::super::scene::{COLLECTOR, PROMETHEUS, Scene};
use crate::artifact::prometheus::Interval;
use crate::provider::Scraper;
use crate::provider::docker::{Operation, PreviousFile, Scraped, State, labels};

/// The old ids, the one that is put back and whether it is started.
fn swap(scene: &Scene) -> (Vec<String>, Option<(String, bool)>) {
    let plan = scene.plan();
    let Operation::ReplaceContainer { container: _, old, put_back, .. } = &plan[0].operation else {
        panic!("not a replacement: {:?}", plan[0]);
    };
    let old = old.iter().map(|container| container.id.clone()).collect();
    (old, put_back.as_ref().map(|back| (back.id.clone(), back.start)))
}

#[test]
fn a_killed_swap_converges_from_every_step() {
    let old = "oooooooooooooooo";
    let aside = "otel-collector-replaced-oooooooooooo";

    // Renamed, and nothing made yet.
    let mut scene = Scene::applied();
    scene.rename(COLLECTOR, aside);
    assert_eq!(swap(&scene), (vec![COLLECTOR.into()], Some((COLLECTOR.into(), true))));

    // Made beside the running old one.
    let mut scene = Scene::applied();
    scene.add("otel-collector", old);
    scene.rename(old, aside);
    scene.stop(COLLECTOR, State::Created);
    scene.container(COLLECTOR).ever_started = false;
    assert_eq!(swap(&scene), (vec![COLLECTOR.into(), old.into()], Some((old.into(), true))));

    // The old one stopped, the new one not started: the last good one comes back.
    scene.stop(old, State::Exited(0));
    assert_eq!(swap(&scene), (vec![COLLECTOR.into(), old.into()], Some((old.into(), true))));

    // The new one started: the old one goes once the new one is healthy.
    let mut scene = Scene::applied();
    scene.add("otel-collector", old);
    scene.rename(old, aside);
    scene.stop(old, State::Exited(0));
    assert_eq!(
        scene.lines(),
        ["Update container/otel-collector".to_owned(), format!("Delete container/{aside}")]
    );
}

#[test]
fn an_orphan_that_holds_a_port_goes_within_the_swap() {
    let mut scene = Scene::applied();
    scene.rename(COLLECTOR, "former-collector");
    let former = &mut scene.container(COLLECTOR).configuration.labels;
    former.insert(labels::SERVICE.into(), "former".into());
    assert_eq!(scene.lines(), ["Replace container/otel-collector"]);
    assert_eq!(swap(&scene), (vec![COLLECTOR.into()], None));
    assert_eq!(scene.plan()[0].reason, "it takes the place of `former-collector`");
}

#[test]
fn a_port_that_moves_between_services_is_given_up_first() {
    let mut scene = Scene::applied();
    let services = &mut scene.file_mut().services;
    let port = services.get_mut("prometheus").expect("there").ports.remove(1);
    services.get_mut("otel-collector").expect("there").ports.push(port);
    let order: Vec<String> = scene.plan().into_iter().map(|change| change.address).collect();
    assert_eq!(order, ["docker/container/otel-prometheus", "docker/container/otel-collector"]);
}

#[test]
fn a_changed_network_takes_its_containers_along() {
    let mut scene = Scene::applied();
    scene.observed.networks[0].subnets = vec!["172.31.9.0/24".parse().expect("a subnet")];
    assert_eq!(
        scene.lines(),
        [
            "Replace network/otel_default subnet",
            "Replace container/otel-collector network.otel_default",
            "Replace container/otel-prometheus network.otel_default",
        ]
    );
    let plan = scene.plan();
    let Operation::ReplaceNetwork { network: _, old, after: _ } = &plan[0].operation else {
        panic!("not a replacement");
    };
    assert_eq!(old[0].containers, [COLLECTOR, PROMETHEUS]);
    let Operation::ReplaceContainer { container: _, old, put_back, .. } = &plan[1].operation else {
        panic!("not a replacement");
    };
    assert!(!old[0].running, "it was stopped together with its network");
    let reconnect = put_back.as_ref().and_then(|back| back.reconnect.as_deref());
    assert_eq!(reconnect, Some("otel_default"));
}

#[test]
fn every_field_of_the_network_is_compared() {
    type Spoil = fn(&mut crate::provider::docker::Network);
    let cases: &[(&str, Spoil)] = &[
        ("driver", |n| n.driver = "macvlan".into()),
        ("internal", |n| n.internal = true),
        ("ipv6", |n| n.ipv6 = true),
        ("com.docker.network.bridge.name", |n| n.options.clear()),
        ("label team", |n| {
            n.labels.insert("team".into(), "a".into());
        }),
    ];
    for (field, spoil) in cases {
        let mut scene = Scene::applied();
        spoil(&mut scene.observed.networks[0]);
        assert_eq!(scene.lines()[0], format!("Replace network/otel_default {field}"));
    }
}

#[test]
fn a_network_of_ours_with_our_subnet_gives_way() {
    let mut scene = Scene::applied();
    scene.observed.networks[0].name = "otel_former".into();
    for id in [COLLECTOR, PROMETHEUS] {
        scene.summary(id).networks = vec!["otel_former".into()];
    }
    let lines = scene.lines();
    assert_eq!(lines[0], "Replace network/otel_default name");
    assert_eq!(lines.len(), 3, "{lines:?}");
}

#[test]
fn the_old_container_comes_back_to_the_files_that_it_had() {
    let file = |path: &str| PreviousFile { path: path.into(), bytes: b"old".into(), mode: 0o644 };
    let mut scene = Scene::applied();
    scene.desired.previous =
        vec![file("/opt/otel/config/a.yaml"), file("/opt/otel/docker-compose.yaml")];
    scene.container(COLLECTOR).configuration.user = "0".to_owned();
    let plan = scene.plan();
    let Operation::ReplaceContainer { put_back: Some(put_back), .. } = &plan[0].operation else {
        panic!("{:?}", plan[0].operation)
    };
    assert_eq!(put_back.files, [file("/opt/otel/config/a.yaml")]);
}

#[test]
fn what_is_scraped_is_stopped_right_after_a_scrape() {
    let by = Scraper {
        url: "http://127.0.0.1:9090".into(),
        access: None,
        job: "otel-collector".into(),
        interval: Interval::MINUTE,
    };
    let told = |by: Result<Scraper, String>, id: &str| {
        let mut scene = Scene::applied();
        scene.desired.scraped = Some(Scraped { container: "otel-collector".into(), by });
        scene.container(id).configuration.user = "0".to_owned();
        let plan = scene.plan();
        let Operation::ReplaceContainer { after, .. } = &plan[0].operation else {
            panic!("{:?}", plan[0].operation)
        };
        (after.clone(), plan[0].impact.clone().unwrap_or_default())
    };
    let (after, impact) = told(Ok(by.clone()), COLLECTOR);
    assert_eq!(impact, "otel-collector down about 1.5 s, right after a scrape");
    assert_eq!(after, Some(by.clone()));
    let (after, impact) = told(Err("Prometheus does not answer".into()), COLLECTOR);
    assert_eq!(after, None);
    assert!(
        impact.ends_with(
            "; what otel-collector counted since its last scrape is lost: \
        Prometheus does not answer"
        ),
        "{impact}"
    );
    assert_eq!(told(Ok(by.clone()), PROMETHEUS).0, None);

    // One that stands still has nothing to lose; a network takes all of its containers down.
    let mut scene = Scene::applied();
    let container = "otel-collector".to_owned();
    scene.desired.scraped = Some(Scraped { container, by: Ok(by.clone()) });
    scene.container(COLLECTOR).configuration.user = "0".to_owned();
    scene.stop(COLLECTOR, State::Exited(0));
    let Operation::ReplaceContainer { after: None, .. } = &scene.plan()[0].operation else {
        panic!("{:?}", scene.plan())
    };
    scene.observed.networks[0].subnets = vec!["172.31.9.0/24".parse().expect("a subnet")];
    assert!(matches!(&scene.plan()[0].operation, Operation::ReplaceNetwork { after: None, .. }));
    let mut scene = Scene { desired: scene.desired, ..Scene::applied() };
    scene.observed.networks[0].subnets = vec!["172.31.9.0/24".parse().expect("a subnet")];
    let plan = scene.plan();
    let Operation::ReplaceNetwork { after, .. } = &plan[0].operation else { panic!("{plan:?}") };
    assert_eq!(*after, Some(by.clone()));
    let Operation::ReplaceContainer { after: None, .. } = &plan[1].operation else {
        panic!("it is down already: {plan:?}")
    };
}
