//! Settings of a container outside the compose file's subset. No calls, no decisions.

use bollard::models;
use std::collections::BTreeMap;

/// Settings that the compose file cannot ask for, where they are not at their default.
pub(super) fn beyond(host: &models::HostConfig) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut note = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            found.insert(key.to_owned(), value);
        }
    };
    let set = |value: Option<bool>| value.filter(|value| *value).map(|value| value.to_string());
    let number =
        |value: Option<i64>| value.filter(|value| *value > 0).map(|value| value.to_string());
    let text = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let list = |value: &Option<Vec<String>>| {
        value.as_ref().filter(|value| !value.is_empty()).map(|value| value.join(" "))
    };
    note("privileged", set(host.privileged));
    note("auto_remove", set(host.auto_remove));
    note("publish_all_ports", set(host.publish_all_ports));
    note("oom_kill_disable", set(host.oom_kill_disable));
    note("init", set(host.init));
    note("pid", text(&host.pid_mode));
    note("uts", text(&host.uts_mode));
    note("userns", text(&host.userns_mode));
    note("cpuset_cpus", text(&host.cpuset_cpus));
    note("nano_cpus", number(host.nano_cpus));
    note("cpu_shares", number(host.cpu_shares));
    note("cpu_quota", number(host.cpu_quota));
    note("memory_reservation", number(host.memory_reservation));
    note("pids_limit", number(host.pids_limit));
    note("dns", list(&host.dns));
    note("dns_search", list(&host.dns_search));
    note("extra_hosts", list(&host.extra_hosts));
    note("group_add", list(&host.group_add));
    note("links", list(&host.links));
    note("volumes_from", list(&host.volumes_from));
    let devices = host.devices.as_ref().map_or(0, Vec::len);
    note("devices", (devices > 0).then(|| devices.to_string()));
    found
}
