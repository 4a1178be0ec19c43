//! The compose file against the stack: ports, memory, mounts.

use super::{Findings, Readings};
use crate::artifact::compose::{ComposeFile, PublishedPort, Service, Source};
use crate::artifact::{Artifact, path};
use crate::render::compose::COLLECTOR;
use crate::stack::Stack;

pub(super) fn check(
    stack: &Stack,
    file: &ComposeFile,
    artifacts: &[Artifact],
    readings: &Readings,
    findings: &mut Findings,
) {
    let mut taken: Vec<PublishedPort> = Vec::new();
    for service in file.services.values() {
        for port in &service.ports {
            findings.holds(
                !taken.iter().any(|other| other.clashes(port.host_ip, port.host_port)),
                || format!("port {} of the host is published twice", port.host_port),
            );
            taken.push(*port);
            published(stack, service, port, (artifacts, readings), findings);
        }
        mounts(stack, service, artifacts, findings);
    }
    let wanted = stack.ports.len();
    findings.holds(taken.len() == wanted, || {
        format!("{} ports are published, and the stack has {wanted}", taken.len())
    });
    if let Some(collector) = file.services.get(COLLECTOR) {
        memory(stack, collector, findings);
    }
}

/// A port that is reachable from other hosts must be one the firewall filters.
fn published(
    stack: &Stack,
    service: &Service,
    port: &PublishedPort,
    (artifacts, readings): (&[Artifact], &Readings),
    findings: &mut Findings,
) {
    findings.holds(
        stack.ports.iter().any(|wanted| {
            wanted.service == service.name
                && wanted.host.value == port.host_port
                && wanted.container == port.container_port
        }),
        || format!("service `{}` publishes `{port}`, which the stack does not", service.name),
    );
    let on_loopback = port.host_ip.is_some_and(|address| address.is_loopback());
    if on_loopback || !stack.firewall.managed {
        return;
    }
    let rules = artifacts.iter().find(|artifact| artifact.path == path::FIREWALL);
    let filtered = rules
        .and_then(|rules| readings.ruleset(rules).ok())
        .is_some_and(|rules| rules.ports().contains(&port.host_port));
    findings.holds(filtered, || {
        format!("port {} is open to other hosts, and no firewall rule names it", port.host_port)
    });
}

/// What is mounted, and named on the command line, must be what was rendered.
fn mounts(stack: &Stack, service: &Service, artifacts: &[Artifact], findings: &mut Findings) {
    for mount in &service.volumes {
        let Source::Path(source) = &mount.source else { continue };
        let Some(folder) = source
            .strip_prefix(stack.directory.value.as_str())
            .and_then(|below| below.strip_prefix('/'))
        else {
            findings.add(format!("`{source}` is mounted, and lies outside the stack's directory"));
            continue;
        };
        for argument in &service.command {
            let inside = argument
                .split('=')
                .next_back()
                .and_then(|value| value.strip_prefix(mount.target.as_str())?.strip_prefix('/'));
            let Some(inside) = inside else { continue };
            let rendered = format!("{folder}/{inside}");
            findings.holds(artifacts.iter().any(|artifact| artifact.path == rendered), || {
                format!("service `{}` reads `{rendered}`, which is not rendered", service.name)
            });
        }
    }
}

/// The limiter refuses before Go runs out, and Go collects before the kernel kills.
fn memory(stack: &Stack, collector: &Service, findings: &mut Findings) {
    let Some(limit) = &collector.mem_limit else {
        findings.add("the collector has no memory limit");
        return;
    };
    let container_mib = limit.bytes / (1024 * 1024);
    let limiter_mib = stack.collector.memory_limit_mib.value;
    findings.holds(limiter_mib < container_mib, || {
        format!("memory_limiter allows {limiter_mib} MiB of the container's {container_mib} MiB")
    });
    let wanted = format!("{}MiB", container_mib * 4 / 5);
    let found = collector.environment.get("GOMEMLIMIT");
    findings.holds(found == Some(&wanted), || {
        let found = found.map_or("not set", String::as_str);
        format!("GOMEMLIMIT is `{found}`, and 80 % of the container's memory is {wanted}")
    });
}
