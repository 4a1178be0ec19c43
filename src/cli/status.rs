//! `status`: what runs, who may reach it, what it counted, and drift; writes
//! nothing and takes no lock.

use super::arguments::{Arguments, Format, Status as Options};
use super::{connection, exit::Outcome, selection, source, terminal::Terminal};
use crate::diagnostic::{Diagnostic, Failure, Kind};
use crate::pipeline::{self, Target};
use crate::provider::docker::{Runtime, State as Found};
use crate::provider::{Observe as _, Readers, Wanted, firewall, service};
use crate::report;
use crate::status::{Drift, Service, State, Status, Table, Unit, Units};
use crate::verify;

/// Runs the command.
pub async fn run(
    arguments: &Arguments,
    options: &Options,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let Some(target) = source::managed(arguments, terminal)? else {
        return Ok(Outcome::Done);
    };
    let readers = connection::readers(arguments, &target.stack).await?;
    let status = Box::pin(look(&target, &readers)).await?;
    match options.format {
        Format::Human => terminal.data(&report::status_text(&status, terminal.data_style)),
        Format::Json => terminal.data(&format!("{:#}\n", report::status_json(&status))),
    }
    if status.is_well() {
        return Ok(Outcome::Done);
    }
    Err(Diagnostic::error(Kind::Failed, "not everything runs that should")
        .code("status::not-well")
        .hint("`otelctl start` starts what is stopped, `otelctl apply` makes what is missing")
        .into())
}

/// Asks everybody at the same time.
async fn look(target: &Target, readers: &Readers) -> Result<Status, Failure> {
    let stack = &target.stack;
    let (runtimes, firewall, units, drift, counters, prometheus, grafana) = tokio::join!(
        readers.docker.runtimes(&stack.name.value),
        table(target, readers),
        units(target, readers),
        drift(target, readers),
        verify::totals(stack),
        verify::prometheus_version(stack),
        verify::grafana_version(stack),
    );
    let versions = [
        ("otel-collector", Some(stack.collector.version.value.to_string())),
        ("prometheus", prometheus),
        ("grafana", grafana),
    ];
    Ok(Status {
        stack: stack.name.value.clone(),
        directory: stack.directory.value.clone(),
        services: services(&selection::services(target)?, runtimes?, &versions),
        ports: stack.ports.clone(),
        counters,
        firewall,
        units,
        drift,
    })
}

fn services(
    wanted: &[String],
    runtimes: Vec<Runtime>,
    versions: &[(&str, Option<String>)],
) -> Vec<Service> {
    let absent = wanted.iter().filter(|name| runtimes.iter().all(|r| r.service != **name));
    let absent: Vec<Service> = absent
        .map(|name| Service {
            name: name.clone(),
            wanted: true,
            container: None,
            state: State::Absent,
            age: None,
            restarts: 0,
            image: String::new(),
            version: None,
        })
        .collect();
    let present = runtimes.into_iter().map(|runtime| {
        let Runtime { id: _, name, service, image, state, age, restarts, health: _ } = runtime;
        let state = match state {
            Found::Running => State::Healthy,
            Found::Unhealthy => State::Unhealthy,
            Found::Paused => State::Paused,
            Found::Restarting => State::Restarting,
            Found::Exited(code) => State::Stopped(Some(code)),
            Found::Created | Found::Dead => State::Stopped(None),
        };
        let version = versions.iter().find(|(of, _)| *of == service && state.is_well());
        Service {
            wanted: wanted.contains(&service),
            version: version.and_then(|(_, version)| version.clone()),
            name: service,
            container: Some(name),
            state,
            age,
            restarts,
            image,
        }
    });
    let mut all: Vec<Service> = present.chain(absent).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

async fn table(target: &Target, readers: &Readers) -> Table {
    let firewall = &target.stack.firewall;
    if !firewall.managed {
        return Table::Unmanaged;
    }
    let table = firewall.table.clone();
    let desired = firewall::Desired { table: table.clone(), ruleset: None };
    match readers.firewall.observe(&desired).await {
        Ok(firewall::Observed::Present(_)) => Table::Loaded(table),
        Ok(firewall::Observed::Absent) => Table::Missing(table),
        Err(error) => Table::Unknown(error),
    }
}

async fn units(target: &Target, readers: &Readers) -> Units {
    let desired = service::Desired::of(&target.stack, &target.artifacts, &[]);
    let observed = match readers.service.observe(&desired).await {
        Ok(observed) => observed,
        Err(error) => return Units::Unknown(error),
    };
    if let Some(remark) =
        service::remarks(&desired, &observed).filter(|_| observed.units.is_empty())
    {
        // The reason alone; `plan` tells the rest.
        let reason = remark.message.split(": ").next().unwrap_or_default();
        return Units::None(reason.to_owned());
    }
    let unit = |unit: &service::Unit| {
        let found = observed.units.get(&unit.name).cloned().unwrap_or_default();
        Unit { name: unit.name.clone(), active: found.active, enabled: found.enabled }
    };
    Units::Known(desired.units.iter().map(unit).collect())
}

async fn drift(target: &Target, readers: &Readers) -> Drift {
    let look = async {
        let wanted = Wanted::stack(&target.stack, &target.artifacts, &[], &source::environment)?;
        pipeline::plan(&wanted, readers).await
    };
    match look.await {
        Ok(plan) => Drift::Pending(plan.changes().len()),
        Err(failure) => Drift::Unknown(match failure.diagnostics() {
            [] => Diagnostic::error(failure.kind(), failure.to_string()),
            [first, ..] => first.clone(),
        }),
    }
}
