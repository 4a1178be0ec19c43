//! What is worth a trial, and what it finds.

use super::{Attempt, Trial, TrialFile, trials};
use crate::artifact::compose::Source;
use crate::artifact::{Artifact, path};
use crate::provider::docker::diff::scene::{NETWORK, Scene};
use crate::provider::docker::{Operation, ReadOnce};
use std::path::Path;

/// A stack whose services mount folders of their own, as rendered ones do.
fn applied() -> Scene {
    let mut scene = Scene::applied();
    let prometheus = scene.file_mut().services.get_mut("prometheus").unwrap();
    prometheus.volumes[0].source = Source::Path("/opt/otel/prometheus".into());
    scene
}

/// The trials of a plan that writes these artifacts.
fn decided(scene: &Scene, written: &[&str]) -> Vec<Trial> {
    let artifact =
        |path: &str| Artifact { path: path.to_owned(), bytes: path.as_bytes().into(), mode: 0o644 };
    let artifacts = [path::COLLECTOR, path::PROMETHEUS, path::RULES, path::OVERVIEW].map(artifact);
    let written = written.iter().map(|path| Path::new("/opt/otel").join(path)).collect();
    let trials = trials(&scene.desired, &scene.observed, &artifacts, &written);
    let trial = |operation| match operation {
        Operation::Try(trial) => *trial,
        other => panic!("{other:?} is no trial"),
    };
    trials.into_iter().map(|change| trial(change.operation)).collect()
}

fn names(trials: &[Trial]) -> Vec<&str> {
    trials.iter().map(|trial| trial.name.as_str()).collect()
}

#[test]
fn only_what_is_new_is_tried() {
    let mut scene = applied();
    assert!(decided(&scene, &[]).is_empty());
    assert!(decided(&scene, &[path::OVERVIEW]).is_empty(), "no container mounts it");
    let collector = ["otel-collector-validate", "otel-collector-trial"];
    assert_eq!(names(&decided(&scene, &[path::COLLECTOR])), collector);
    assert_eq!(names(&decided(&scene, &[path::RULES])), ["otel-prometheus-promtool"]);
    // An image that is pulled or was moved has never run here.
    let image = scene.observed.containers[0].configuration.reference.clone();
    scene.observed.images.remove(&image);
    assert_eq!(names(&decided(&scene, &[])), collector);
    scene.desired.compose = None;
    assert!(decided(&scene, &[]).is_empty(), "nothing is tried to remove all");
}

#[test]
fn a_trial_finds_its_files_where_the_service_mounts_them_and_no_secret() {
    let mut scene = applied();
    let secret = "/opt/otel/config/secret".into();
    scene.desired.read_once.push(ReadOnce { path: secret, written: None });
    let trials = decided(&scene, &[path::COLLECTOR]);
    let file = |name: &str, text: &str| TrialFile {
        path: format!("/etc/otelcol-contrib/{name}"),
        bytes: text.as_bytes().to_vec(),
    };
    let files = [file("otel-collector-config.yaml", path::COLLECTOR), file("secret", "trial")];
    assert_eq!(trials[1].files, files);
    let Attempt::Start { network, health } = &trials[1].attempt else { panic!("{trials:?}") };
    assert_eq!(network.as_deref(), Some(NETWORK));
    assert_eq!(health.as_ref().map(|(port, path)| (*port, path.as_str())), Some((13133, "/")));
    scene.observed.networks.clear();
    let trials = decided(&scene, &[path::COLLECTOR]);
    assert!(matches!(trials[1].attempt, Attempt::Start { network: None, .. }));
}
