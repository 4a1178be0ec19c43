//! What runs, for programs; `format_version` grows when a field changes its meaning.

use crate::stack::{Exposure, Port};
use crate::status::{Drift, Service, State, Status, Table, Unit, Units};
use serde_json::{Value, json};

/// Makes the JSON form of a status. What is unknown is `null`.
#[must_use]
pub fn status_json(status: &Status) -> Value {
    let Status { stack, directory, services, ports, counters, firewall, units, drift } = status;
    let counters = counters.as_ref().map(|counters| {
        let pair =
            |(metric, total): &(crate::stack::Metric, f64)| (metric.name.to_owned(), json!(total));
        counters.iter().map(pair).collect::<serde_json::Map<String, Value>>()
    });
    json!({
        "format_version": 1,
        "stack": stack,
        "directory": directory,
        "well": status.is_well(),
        "services": services.iter().map(service).collect::<Vec<_>>(),
        "ports": ports.iter().map(port).collect::<Vec<_>>(),
        "counters": counters,
        "firewall": table(firewall),
        "units": match units {
            Units::Known(units) => json!(units.iter().map(unit).collect::<Vec<_>>()),
            Units::None(_) => json!([]),
            Units::Unknown(_) => Value::Null,
        },
        "pending_changes": match drift {
            Drift::Pending(count) => json!(count),
            Drift::Unknown(_) => Value::Null,
        },
    })
}

fn service(service: &Service) -> Value {
    let Service { name, wanted, container, state, age, restarts, image, version } = service;
    let (state, exit_code) = match state {
        State::Healthy => ("healthy", None),
        State::Unhealthy => ("unhealthy", None),
        State::Restarting => ("restarting", None),
        State::Paused => ("paused", None),
        State::Stopped(code) => ("stopped", *code),
        State::Absent => ("absent", None),
    };
    json!({
        "name": name,
        "wanted": wanted,
        "container": container,
        "state": state,
        "exit_code": exit_code,
        "seconds": age.map(|age| age.as_secs()),
        "restarts": restarts,
        "image": image,
        "version": version,
    })
}

fn port(port: &Port) -> Value {
    let Port { name, service, setting: _, host, container, exposure, sources, decided_by: _ } =
        port;
    json!({
        "name": name,
        "service": service,
        "port": host.value,
        "container_port": container,
        "address": match exposure {
            Exposure::Loopback => "127.0.0.1".to_owned(),
            Exposure::Everywhere => "*".to_owned(),
            Exposure::Address(address) => address.to_string(),
        },
        "sources": sources.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn table(table: &Table) -> Value {
    match table {
        Table::Unmanaged => json!({ "managed": false, "table": null, "loaded": null }),
        Table::Loaded(name) => json!({ "managed": true, "table": name, "loaded": true }),
        Table::Missing(name) => json!({ "managed": true, "table": name, "loaded": false }),
        Table::Unknown(_) => json!({ "managed": true, "table": null, "loaded": null }),
    }
}

fn unit(unit: &Unit) -> Value {
    let Unit { name, active, enabled } = unit;
    json!({ "name": name, "active": active, "enabled": enabled })
}
