//! A replacement of a container: which ones go, which one comes back, why.

use super::Comparison;
use super::network::Joined;
use crate::artifact::compose::{Source, label};
use crate::plan::{Action, Change, FieldDiff, Risk, Stage};
use crate::provider::docker::{
    Container, ContainerSpec, Operation, PreviousFile, PutBack, RetiredContainer, State, labels,
};

/// About how long a swap takes, measured with a collector.
const GAP: &str = "about 1.5 s";

impl Comparison<'_> {
    /// Lets a new container take the place of those that go.
    pub(super) fn replace(
        &mut self,
        spec: ContainerSpec,
        going: &[&Container],
        fields: Vec<FieldDiff>,
        network: &Joined,
    ) {
        let name = spec.container_name().to_owned();
        let reason = reason(&name, going, &fields);
        let old = going.iter().map(|container| RetiredContainer {
            id: container.id.clone(),
            name: container.name.clone(),
            aside: (container.name == name).then(|| aside(&name, &container.id)),
            running: is_up(container.state) && !network.cut_off.contains(&container.id),
        });
        let old: Vec<RetiredContainer> = old.collect();
        let down = going.iter().any(|container| is_up(container.state));
        let stopped = old.iter().filter(|container| container.running);
        let moment = self.moment(stopped.map(|container| container.name.as_str()));
        let impact = format!("{name} down {GAP}{}", moment.told);
        let operation = Operation::ReplaceContainer {
            old,
            put_back: put_back(&name, going, &spec, network, &self.desired.previous),
            container: Box::new(spec),
            after: moment.after,
        };
        let change = Change::new(
            format!("docker/container/{name}"),
            Action::Replace,
            Stage::Container,
            operation,
        )
        .because(reason)
        .risk(Risk::Disruptive)
        .fields(fields);
        self.changes.push(if down { change.impact(impact) } else { change });
    }
}

/// Says in few words why a container is replaced.
fn reason(name: &str, going: &[&Container], fields: &[FieldDiff]) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.field.as_str()).collect();
    let digest = format!("labels.{}", label::DIGEST);
    match names.as_slice() {
        [] => match going.iter().find(|container| container.name != name) {
            Some(container) => format!("it takes the place of `{}`", container.name),
            None => "it is half removed".to_owned(),
        },
        [only] if *only == digest => {
            "a file that it reads only when it starts has changed".to_owned()
        }
        [only] => format!("`{only}` differs"),
        [first, second] => format!("`{first}` and `{second}` differ"),
        [first, rest @ ..] => format!("`{first}` and {} other fields differ", rest.len()),
    }
}

/// The container that comes back when the new one fails: the one that ran,
/// else the last good one that a killed run had set aside.
fn put_back(
    name: &str,
    going: &[&Container],
    spec: &ContainerSpec,
    network: &Joined,
    previous: &[PreviousFile],
) -> Option<PutBack> {
    let of_service = |container: &&&Container| {
        container.name == name
            || container.label(labels::SERVICE) == Some(spec.service.name.as_str())
    };
    let best = going
        .iter()
        .filter(of_service)
        .filter(|container| container.ever_started)
        .max_by_key(|container| (is_up(container.state), container.name != name))?;
    let is_mounted = |file: &&PreviousFile| {
        spec.service.volumes.iter().any(|mount| match &mount.source {
            Source::Path(folder) => file.path.starts_with(folder),
            Source::Volume(_) => false,
        })
    };
    Some(PutBack {
        files: previous.iter().filter(is_mounted).cloned().collect(),
        id: best.id.clone(),
        start: is_up(best.state) || best.name != name,
        reconnect: network.id.is_none().then(|| spec.network.clone()),
    })
}

fn aside(name: &str, id: &str) -> String {
    let short: String = id.chars().take(12).collect();
    format!("{name}-replaced-{short}")
}

pub(super) const fn is_up(state: State) -> bool {
    matches!(state, State::Running | State::Unhealthy | State::Paused | State::Restarting)
}
