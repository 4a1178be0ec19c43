//! What counts as well.

use super::*;

pub(crate) fn service(name: &str, state: State) -> Service {
    Service {
        name: name.into(),
        wanted: true,
        container: Some(format!("otel-{name}")),
        state,
        age: Some(std::time::Duration::from_secs(190)),
        restarts: 0,
        image: "prom/prometheus:v3.5.0".into(),
        version: Some("3.5.0".into()),
    }
}

fn status(state: State, firewall: Table) -> Status {
    Status {
        stack: "otel".into(),
        directory: "/opt/otel".into(),
        services: vec![service("prometheus", state)],
        ports: Vec::new(),
        counters: None,
        firewall,
        units: Units::None("systemd does not run here".into()),
        drift: Drift::Pending(3),
    }
}

#[test]
fn all_is_well_when_what_should_run_answers_and_is_filtered() {
    assert!(status(State::Healthy, Table::Loaded("t".into())).is_well());
    assert!(status(State::Healthy, Table::Unmanaged).is_well(), "and drift is no failure");
    assert!(!status(State::Healthy, Table::Missing("t".into())).is_well());
    for state in
        [State::Unhealthy, State::Restarting, State::Paused, State::Stopped(Some(0)), State::Absent]
    {
        assert!(!status(state, Table::Unmanaged).is_well(), "{state}");
    }
    let mut left = status(State::Stopped(Some(1)), Table::Unmanaged);
    left.services[0].wanted = false;
    assert!(left.is_well(), "what nobody asks for may stand still");
}

#[test]
fn states_have_short_names() {
    assert_eq!(State::Stopped(Some(137)).to_string(), "exited 137");
    assert_eq!(State::Stopped(Some(0)).to_string(), "stopped");
    assert_eq!(format!("{:<10}|", State::Healthy), "healthy   |");
}
