//! A secret that a container has not read yet.

use super::super::scene::{COLLECTOR, Scene};
use crate::artifact::compose::Mount;
use crate::plan::{Risk, Shown};
use crate::provider::docker::{Operation, ReadOnce, State};
use std::time::{Duration, SystemTime};

const STARTED: SystemTime = SystemTime::UNIX_EPOCH;

fn scene(path: &str, written: Option<u64>) -> Scene {
    let mut scene = Scene::applied();
    let mount = Mount::parse("/opt/otel/secrets/collector:/run/secrets/collector:ro");
    let service = scene.file_mut().services.get_mut("otel-collector").expect("a service");
    service.volumes.extend(mount);
    scene.remove(COLLECTOR);
    scene.add("otel-collector", COLLECTOR).started = Some(STARTED + Duration::from_secs(100));
    let written = written.map(|seconds| STARTED + Duration::from_secs(seconds));
    scene.desired.read_once = vec![ReadOnce { path: path.into(), written }];
    scene
}

#[test]
fn a_container_restarts_for_a_secret_that_is_younger_than_its_start() {
    for (path, written, restarts) in [
        ("/opt/otel/secrets/collector/key", Some(99), false),
        ("/opt/otel/secrets/collector/key", Some(101), true),
        ("/opt/otel/secrets/collector/key", None, true),
        ("/opt/otel/secrets/collector-other/key", None, false),
        ("/opt/otel/secrets/grafana/key", None, false),
    ] {
        let plan = scene(path, written).plan();
        assert_eq!(plan.len(), usize::from(restarts), "{path} {written:?}: {plan:#?}");
        let Some(change) = plan.first() else { continue };
        assert_eq!(change.address, "docker/container/otel-collector");
        assert!(matches!(change.operation, Operation::RestartContainer { .. }));
        assert_eq!(change.risk, Risk::Disruptive);
        assert_eq!(change.fields[0].field, "secrets/collector/key");
        assert_eq!(
            (&change.fields[0].before, &change.fields[0].after),
            (&Shown::Hidden, &Shown::Hidden)
        );
    }
}

#[test]
fn a_container_that_is_started_anyway_reads_it_then() {
    for state in [State::Exited(1), State::Restarting, State::Unhealthy] {
        let mut scene = scene("/opt/otel/secrets/collector/key", None);
        scene.container(COLLECTOR).state = state;
        assert_eq!(scene.lines(), ["Update container/otel-collector state"], "{state:?}");
    }
    let mut scene = scene("/opt/otel/secrets/collector/key", None);
    scene.container(COLLECTOR).configuration.user = "0:0".into();
    assert_eq!(scene.lines(), ["Replace container/otel-collector user"]);
}
