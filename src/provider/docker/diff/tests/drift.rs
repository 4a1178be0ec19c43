//! Drift of every field, and what is none.

use super::super::scene::{COLLECTOR, Scene};
use crate::plan::{Risk, Shown};
use crate::provider::docker::{Configuration, labels};

type Spoil = fn(&mut Configuration);

const DRIFTS: &[(&str, Spoil)] = &[
    ("image", |c| c.reference = "other:1".into()),
    ("image id", |c| c.image = "sha256:other".into()),
    ("entrypoint", |c| c.entrypoint.push("x".into())),
    ("command", |c| c.command.push("x".into())),
    ("command", |c| c.command = vec![c.command.join(" ")]),
    ("user", |c| c.user = "0:0".into()),
    ("environment.GOMEMLIMIT", |c| {
        c.environment.remove("GOMEMLIMIT");
    }),
    ("environment.PATH", |c| {
        c.environment.insert("PATH".into(), "/evil".into());
    }),
    ("read-only root", |c| c.read_only = false),
    ("cap_add", |c| {
        c.cap_add.insert("SYS_ADMIN".into());
    }),
    ("cap_drop", |c| c.cap_drop.clear()),
    ("security_opt", |c| c.security_opt.clear()),
    ("memory", |c| c.memory = 0),
    ("restart", |c| c.restart = "no".into()),
    ("ports.4317:4317", |c| {
        c.ports.remove("4317:4317");
    }),
    ("ports.0.0.0.0:13133:13133", |c| {
        c.ports.insert("0.0.0.0:13133:13133".into());
    }),
    ("mounts./etc/otelcol-contrib", |c| {
        c.mounts.insert("/etc/otelcol-contrib".into(), "/opt/otel/config:rw".into());
    }),
    ("mounts./host", |c| {
        c.mounts.insert("/host".into(), "/:rw".into());
    }),
    ("tmpfs./tmp", |c| {
        c.tmpfs.insert("/tmp".into(), String::new());
    }),
    ("log driver", |c| c.log_driver = "none".into()),
    ("log.max-size", |c| {
        c.log_options.remove("max-size");
    }),
    ("labels.io.otelctl.digest", |c| {
        c.labels.insert("io.otelctl.digest".into(), "other".into());
    }),
    ("labels.com.docker.compose.config-hash", |c| {
        c.labels.insert(labels::CONFIG_HASH.into(), "other".into());
    }),
    ("labels.com.docker.compose.project", |c| {
        c.labels.remove(labels::PROJECT);
    }),
    ("network.otel_default", |c| c.networks.clear()),
    ("network.otel_default", |c| {
        c.networks.insert("otel_default".into(), Some("another".into()));
    }),
    ("network.bridge", |c| {
        c.networks.insert("bridge".into(), None);
    }),
    ("alias", |c| c.aliases.clear()),
    ("stop timeout", |c| c.stop_timeout = Some(1)),
    ("setting.privileged", |c| {
        c.beyond.insert("privileged".into(), "true".into());
    }),
];

#[test]
fn drift_of_every_field_is_seen() {
    for (field, spoil) in DRIFTS {
        let mut scene = Scene::applied();
        spoil(&mut scene.container(COLLECTOR).configuration);
        assert_eq!(scene.lines(), [format!("Replace container/otel-collector {field}")], "{field}");
        let change = &scene.plan()[0];
        assert_eq!(change.risk, Risk::Disruptive);
        assert_eq!(change.impact.as_deref(), Some("otel-collector down about 1.5 s"));
    }
}

const NO_DRIFTS: &[(&str, Spoil)] = &[
    ("ten seconds is Docker's default", |c| c.stop_timeout = Some(10)),
    ("an engine adds the short id", |c| {
        c.aliases.insert("aaaaaaaaaaaa".into());
    }),
    ("the id of a network comes with the first start", |c| {
        c.networks.insert("otel_default".into(), None);
    }),
    ("the image's own volume is anonymous", |c| {
        c.mounts.insert("/extra".into(), "4567:rw".into());
    }),
    ("compose v2 has hashes and labels of its own", |c| {
        c.labels.insert(labels::VERSION.into(), "2.40.0".into());
        c.labels.insert(labels::CONFIG_HASH.into(), "other".into());
        c.labels.insert("com.docker.compose.image".into(), "sha256:x".into());
    }),
];

#[test]
fn what_docker_or_another_compose_decides_is_no_drift() {
    for (why, spoil) in NO_DRIFTS {
        let mut scene = Scene::applied();
        spoil(&mut scene.container(COLLECTOR).configuration);
        assert_eq!(scene.lines(), Vec::<String>::new(), "{why}");
    }
}

#[test]
fn the_value_of_an_unknown_variable_is_never_shown() {
    let mut scene = Scene::applied();
    let environment = &mut scene.container(COLLECTOR).configuration.environment;
    environment.insert("TOKEN".into(), "hunter2".into());
    let plan = scene.plan();
    assert_eq!(plan[0].fields[0].before, Shown::Hidden);
    assert!(!format!("{:?}", plan[0].fields).contains("hunter2"));
}
