//! Every decision, one spoilt thing at a time.

mod drift;
mod refusal;
mod secret;
mod swap;

use super::remains;
use super::scene::{COLLECTOR, PROMETHEUS, Scene};
use crate::artifact::prometheus::Interval;
use crate::plan::{Risk, Stage};
use crate::provider::Scraper;
use crate::provider::docker::{Observed, Operation, Scraped, State, labels};

const COLLECTOR_IMAGE: &str = "otel/opentelemetry-collector-contrib:0.91.0";

#[test]
fn nothing_to_do_after_a_good_apply() {
    assert_eq!(Scene::applied().lines(), Vec::<String>::new());
}

#[test]
fn everything_is_made_in_order_from_nothing() {
    let mut scene = Scene::applied();
    scene.observed = Observed::default();
    assert_eq!(
        scene.lines(),
        [
            "Create image/otel/opentelemetry-collector-contrib:0.155.0",
            "Create image/otel/opentelemetry-collector-contrib:0.91.0",
            "Create network/otel_default",
            "Create volume/otel_prometheus-data",
            "Create container/otel-collector",
            "Create container/otel-prometheus",
        ]
    );
}

#[test]
fn what_stands_still_is_started() {
    for (state, reason) in [
        (State::Exited(137), "it exited with code 137"),
        (State::Created, "it was made and never started"),
        (State::Restarting, "it ends again and again"),
        (State::Unhealthy, "it runs, and its health check does not answer"),
        (State::Paused, "it is paused"),
    ] {
        let mut scene = Scene::applied();
        scene.stop(COLLECTOR, state);
        assert_eq!(scene.lines(), ["Update container/otel-collector state"]);
        let change = &scene.plan()[0];
        assert_eq!(change.reason, reason);
        let fits = match &change.operation {
            Operation::UnpauseContainer { .. } => state == State::Paused,
            Operation::RestartContainer { .. } => {
                matches!(state, State::Restarting | State::Unhealthy)
            }
            Operation::StartContainer { .. } => {
                matches!(state, State::Exited(_) | State::Created)
            }
            _ => false,
        };
        assert!(fits, "{:?}", change.operation);
    }
    let mut scene = Scene::applied();
    scene.stop(COLLECTOR, State::Dead);
    assert_eq!(scene.lines(), ["Replace container/otel-collector"]);
}

#[test]
fn a_missing_image_is_pulled_before_the_swap() {
    let mut scene = Scene::applied();
    scene.observed.images.remove(COLLECTOR_IMAGE);
    assert_eq!(
        scene.lines(),
        [
            "Create image/otel/opentelemetry-collector-contrib:0.91.0",
            "Replace container/otel-collector image"
        ]
    );
}

#[test]
fn a_missing_network_or_volume_is_made() {
    let mut scene = Scene::applied();
    scene.observed.networks.clear();
    scene.observed.volumes.clear();
    let lines = scene.lines();
    assert_eq!(lines[..2], ["Create network/otel_default", "Create volume/otel_prometheus-data"]);
    assert_eq!(lines.len(), 4, "a container cannot join it without being made anew: {lines:?}");
}

#[test]
fn orphans_go_and_people_at_work_stay() {
    let mut scene = Scene::applied();
    scene.file_mut().services.remove("prometheus");
    assert_eq!(scene.lines(), ["Delete container/otel-prometheus"]);

    let one_off = &mut scene.container(PROMETHEUS).configuration.labels;
    one_off.insert(labels::ONE_OFF.into(), "True".into());
    assert_eq!(scene.lines(), Vec::<String>::new(), "somebody is at work in it");
}

#[test]
fn destroy_removes_all_of_ours_and_data_only_when_told() {
    let mut scene = Scene::applied();
    scene.desired.compose = None;
    let gone = [
        "Delete container/otel-collector",
        "Delete container/otel-prometheus",
        "Delete network/otel_default",
    ];
    assert_eq!(scene.lines(), gone);
    let told = |scene: &Scene| remains(&scene.desired, &scene.observed).map(|note| note.message);
    let stays = "recorded data stays in the volume `otel_prometheus-data`";
    assert_eq!(told(&scene).as_deref(), Some(stays));
    let hint = |scene: &Scene| remains(&scene.desired, &scene.observed).and_then(|note| note.hint);
    assert!(hint(&scene).is_some_and(|hint| hint.contains("`otelctl destroy --volumes`")));
    let mut smaller = Scene::applied();
    smaller.desired.compose.as_mut().unwrap().volumes.clear();
    let hint = hint(&smaller).expect("a hint");
    assert_eq!(hint, "`docker volume rm otel_prometheus-data` removes it", "and nothing else");
    scene.desired.remove_volumes = true;
    assert_eq!(told(&scene), None);
    assert_eq!(scene.lines()[3..], ["Delete volume/otel_prometheus-data"]);
    assert_eq!(scene.plan()[3].risk, Risk::Destructive);
    scene.desired.stack = "other".into();
    assert_eq!(scene.lines(), Vec::<String>::new(), "another stack's objects are not ours");
}

#[test]
fn destroy_lets_go_of_what_is_scraped_first_and_right_after_a_scrape() {
    let removed = |by: Result<Scraper, String>, state: State| {
        let mut scene = Scene::applied();
        scene.desired.compose = None;
        scene.desired.scraped = Some(Scraped { container: "otel-collector".into(), by });
        if state != State::Running {
            scene.stop(COLLECTOR, state);
        }
        let collector = scene.plan().into_iter().find(|c| c.address.ends_with("otel-collector"));
        let collector = collector.expect("it goes");
        let Operation::RemoveContainer { after, .. } = collector.operation else {
            panic!("{:?}", collector.operation)
        };
        (after, collector.stage, collector.impact)
    };
    let by = Scraper {
        url: "http://127.0.0.1:9090".into(),
        access: None,
        job: "otel-collector".into(),
        interval: Interval::MINUTE,
    };
    let told = "otel-collector stops, right after a scrape".to_owned();
    let first = (Some(by.clone()), Stage::Counter, Some(told));
    assert_eq!(removed(Ok(by.clone()), State::Running), first);
    assert_eq!(removed(Ok(by), State::Exited(0)), (None, Stage::Container, None));
    let (after, stage, impact) = removed(Err("nobody answers".into()), State::Running);
    assert_eq!((after, stage), (None, Stage::Container));
    assert!(impact.is_some_and(|impact| impact.ends_with("scrape is lost: nobody answers")));
}
