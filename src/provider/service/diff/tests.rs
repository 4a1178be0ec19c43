//! Units as they are against units as they should be.

use super::*;
use crate::plan::Shown;
use crate::provider::service::remarks;

const COLLECTOR: &str = "otel-collector.service";
const FIREWALL: &str = "otelctl-firewall.service";
const TEXT: &[u8] = b"# Written by otelctl\n[Unit]\n";

fn unit(name: &str) -> Unit {
    Unit { name: name.into(), bytes: TEXT.to_vec(), calls_docker: name == COLLECTOR }
}

fn desired() -> Desired {
    Desired {
        units: vec![unit(FIREWALL), unit(COLLECTOR)],
        known: vec![FIREWALL.into(), COLLECTOR.into()],
        adopt: Vec::new(),
        rendered: "/opt/otel/systemd".into(),
        ruleset: Some("/opt/otel/firewall/otelctl.nft".into()),
    }
}

fn installed(name: &str) -> Found {
    Found {
        file: Some(UnitFile { ours: true, bytes: TEXT.to_vec(), mode: MODE }),
        load: "loaded".into(),
        fragment: format!("{FOLDER}/{name}"),
        enabled: "enabled".into(),
        active: "active".into(),
        stale: false,
    }
}

fn observed(change: impl FnOnce(&mut Found)) -> Observed {
    let mut collector = installed(COLLECTOR);
    change(&mut collector);
    let units = [(COLLECTOR.into(), collector), (FIREWALL.into(), installed(FIREWALL))];
    Observed { ground: Ground::Systemd, docker_command: true, units: units.into() }
}

fn only(changes: Vec<Change<Operation>>) -> Change<Operation> {
    let [change] = <[_; 1]>::try_from(changes).expect("one change");
    assert_eq!(
        (change.address.as_str(), change.stage),
        ("service/otel-collector.service", Stage::Service)
    );
    change
}

/// `(write, reload, enable, start)` of the only change after this one on the host.
fn steps(change: impl FnOnce(&mut Found)) -> (bool, bool, bool, bool) {
    let change = only(diff(&desired(), &observed(change)).expect("nothing foreign"));
    let Operation::Realise { unit, write, reload, enable, start } = change.operation else {
        panic!("not realised")
    };
    assert_eq!(unit, COLLECTOR);
    if let Some((path, bytes)) = &write {
        assert_eq!((path.as_path(), bytes.as_slice()), (self::path(COLLECTOR).as_path(), TEXT));
    }
    (write.is_some(), reload, enable, start)
}

#[test]
fn what_is_as_it_should_be_makes_no_change() {
    assert_eq!(diff(&desired(), &observed(|_| ())), Ok(Vec::new()));
    assert_eq!(diff(&desired(), &observed(|c| c.active = "activating".into())), Ok(Vec::new()));
    assert_eq!(remarks(&desired(), &observed(|_| ())), None);
}

#[test]
fn each_drift_has_its_cure_and_nothing_more() {
    let edit = |c: &mut Found| c.file.as_mut().expect("there").bytes.push(b'x');
    assert_eq!(steps(edit), (true, true, true, false));
    assert_eq!(steps(|c| c.file.as_mut().expect("there").mode = 0o600), (true, true, true, false));
    assert_eq!(steps(|c| c.file = None), (true, true, true, false));
    assert_eq!(steps(|c| c.enabled = "disabled".into()), (false, false, true, false));
    assert_eq!(steps(|c| c.active = "inactive".into()), (false, false, false, true));
    assert_eq!(steps(|c| c.active = "failed".into()), (false, false, false, true));
    assert_eq!(steps(|c| c.stale = true), (false, true, false, false));
    assert_eq!(steps(|c| *c = Found::default()), (true, true, true, true));
}

#[test]
fn a_change_shows_what_differs() {
    let observed = observed(|c| {
        c.enabled = "disabled".into();
        c.active = "failed".into();
    });
    let change = only(diff(&desired(), &observed).expect("nothing foreign"));
    let fields: Vec<(&str, &Shown)> =
        change.fields.iter().map(|f| (f.field.as_str(), &f.before)).collect();
    assert_eq!(
        fields,
        [("enabled", &Shown::plain("disabled")), ("active", &Shown::plain("failed"))]
    );
}

#[test]
fn a_foreign_unit_is_refused_until_it_is_adopted() {
    let admins = |c: &mut Found| {
        let bytes = b"[Unit]".to_vec();
        c.file = Some(UnitFile { ours: false, bytes, mode: MODE });
    };
    let packages = |c: &mut Found| {
        c.file = None;
        c.fragment = "/lib/systemd/system/otel-collector.service".into();
    };
    let refusals = [observed(admins), observed(packages)];
    for found in refusals {
        let errors = diff(&desired(), &found).expect_err("foreign");
        assert_eq!((errors.len(), errors[0].kind), (1, Kind::Refused));
        assert!(errors[0].hint.as_ref().is_some_and(|hint| hint.contains("--adopt service/otel-")));
        let adopt = vec!["service/otel-collector.service".to_owned()];
        let change = only(diff(&Desired { adopt, ..desired() }, &found).expect("adopted"));
        assert!(matches!(change.operation, Operation::Realise { write: Some(_), .. }));
    }
}

#[test]
fn what_is_not_wanted_goes_the_collectors_unit_first_and_foreign_ones_stay() {
    let nothing = Desired { units: Vec::new(), ..desired() };
    let changes = diff(&nothing, &observed(|_| ())).expect("ours");
    let gone: Vec<&str> = changes.iter().map(|c| c.address.as_str()).collect();
    assert_eq!(gone, ["service/otel-collector.service", "service/otelctl-firewall.service"]);
    let foreign = observed(|c| c.file.as_mut().expect("there").ours = false);
    assert_eq!(diff(&nothing, &foreign).expect("only ours").len(), 1);
    assert_eq!(remarks(&nothing, &foreign), None);
}

#[test]
fn where_units_make_no_sense_it_is_said() {
    for ground in [Ground::NoSystemd, Ground::OtherEngine("tcp://h:1".into())] {
        let found = Observed { ground, docker_command: true, units: [].into() };
        assert_eq!(diff(&desired(), &found), Ok(Vec::new()));
        let told = remarks(&desired(), &found).expect("told");
        assert!(told.message.contains("/opt/otel/systemd"), "{told:?}");
        assert!(told.hint.is_some_and(|hint| hint.contains("nft -f /opt/otel/firewall")));
    }
    let mut found = observed(|c| *c = Found::default());
    found.docker_command = false;
    assert_eq!(diff(&desired(), &found), Ok(Vec::new()), "the firewall's is there");
    assert!(remarks(&desired(), &found).is_some());
}
