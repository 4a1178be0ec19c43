//! What runs of a stack, since when and how well: for `status` and the commands
//! that start and stop. Sends only requests that read.

use super::reader::{Reader, asked};
use super::{Container, State, failure, inspect, labels, moment};
use crate::artifact::compose::label;
use crate::diagnostic::Diagnostic;
use bollard::query_parameters::ListContainersOptionsBuilder;
use std::collections::HashMap;
use std::time::Duration;

/// The container of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// Docker's id.
    pub id: String,
    /// The container's name.
    pub name: String,
    /// The compose service: `otel-collector`, `prometheus`, `grafana`.
    pub service: String,
    /// The image as the compose file names it.
    pub image: String,
    /// Whether it runs, and answers.
    pub state: State,
    /// How long it has been in that state: since it started, or since it ended.
    pub age: Option<Duration>,
    /// How often its restart policy has started it again.
    pub restarts: i64,
    /// The URL that answers 200 when it works.
    pub health: Option<String>,
}

impl Reader {
    /// Looks at the containers of a stack, by its label, in the order of their services.
    ///
    /// # Errors
    /// When Docker does not answer.
    pub async fn runtimes(&self, stack: &str) -> Result<Vec<Runtime>, Diagnostic> {
        let filters = HashMap::from([("label", vec![format!("{}={stack}", label::STACK)])]);
        let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
        let list = self.client().docker.list_containers(Some(options)).await;
        let list = list.map_err(|error| {
            failure::failed("cannot read Docker's containers", "GET /containers/json", &error)
        })?;
        let (mut containers, mut more) = (Vec::new(), HashMap::new());
        for id in list.into_iter().filter_map(|summary| summary.id) {
            // A container may go away between the list and its inspection.
            let found = failure::present(self.client().docker.inspect_container(&id, None).await);
            let found = found.map_err(|error| {
                let call = format!("GET /containers/{id}/json");
                failure::failed("cannot read Docker's containers", &call, &error)
            })?;
            if let Some(answer) = found {
                let state = answer.state.clone().unwrap_or_default();
                let restarts = answer.restart_count.unwrap_or_default();
                more.insert(id, (state.started_at, state.finished_at, restarts));
                containers.push(inspect::container(answer));
            }
        }
        // Health URLs name this machine: they say something of an engine here only.
        if self.client().daemon.is_some() {
            containers = asked(containers).await?;
        }
        let runtime = |container: Container| {
            let (started, finished, restarts) = more.remove(&container.id).unwrap_or_default();
            let at = if is_up(container.state) { started } else { finished };
            let own = |key: &str| container.label(key).map(str::to_owned);
            Runtime {
                service: own(labels::SERVICE).unwrap_or_default(),
                health: own(label::HEALTH),
                age: at.as_deref().and_then(moment::age),
                restarts,
                state: container.state,
                image: container.configuration.reference,
                name: container.name,
                id: container.id,
            }
        };
        let mut runtimes: Vec<Runtime> = containers.into_iter().map(runtime).collect();
        runtimes.sort_by(|a, b| (&a.service, &a.name).cmp(&(&b.service, &b.name)));
        Ok(runtimes)
    }
}

const fn is_up(state: State) -> bool {
    match state {
        State::Running | State::Unhealthy | State::Paused | State::Restarting => true,
        State::Created | State::Exited(_) | State::Dead => false,
    }
}
