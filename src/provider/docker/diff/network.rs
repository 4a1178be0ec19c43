//! The network: made, kept, or made anew with its containers.

use super::{Comparison, obstacle};
use crate::artifact::compose::ComposeFile;
use crate::diagnostic::{Diagnostic, Kind};
use crate::plan::{Action, Change, FieldDiff, Risk, Stage};
use crate::provider::docker::{Network, NetworkSpec, Operation, RetiredNetwork, labels};
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of the network that containers join.
pub(super) struct Joined {
    /// Its id, if it stays.
    pub(super) id: Option<String>,
    /// The ids of containers that lose their network.
    pub(super) cut_off: BTreeSet<String>,
}

const BRIDGE: &str = "com.docker.network.bridge.name";
/// Options that newer engines add by themselves.
const IMPLIED: [&str; 2] = ["com.docker.network.enable_ipv4", "com.docker.network.enable_ipv6"];

impl Comparison<'_> {
    pub(super) fn network(&mut self, file: &ComposeFile) -> Joined {
        let spec = NetworkSpec::new(self.desired, file);
        let mut old = Vec::new();
        let mut fields = Vec::new();
        let mut kept = None;
        for network in &self.observed.networks {
            let ours = self.is_ours(network.stack());
            if network.name == spec.name {
                let differing = compare(network, &spec);
                if !ours {
                    let cure = format!("remove it with `docker network rm {}`", network.name);
                    let refused =
                        obstacle::foreign("network", &network.name, network.stack(), &cure);
                    self.errors.push(refused);
                } else if differing.is_empty() && kept.is_none() {
                    kept = Some(network.id.clone());
                } else {
                    fields.extend(differing);
                    old.push(network);
                }
            } else if let Some(clash) = clash(network, &spec) {
                if ours {
                    fields.extend(FieldDiff::compare(
                        "name",
                        Some(&network.name),
                        Some(&spec.name),
                    ));
                    old.push(network);
                } else {
                    self.errors.push(
                        Diagnostic::error(
                            Kind::Refused,
                            format!("network `{}` is in the way of `{}`", network.name, spec.name),
                        )
                        .code("docker::subnet")
                        .cause(clash)
                        .hint("choose another one with `otelctl::subnet`"),
                    );
                }
            }
        }
        if kept.is_some() && old.is_empty() {
            return Joined { id: kept, cut_off: BTreeSet::new() };
        }
        // A twin of the same name is ambiguous by name, so all of them go.
        if let Some(id) = &kept {
            old.extend(self.observed.networks.iter().filter(|network| network.id == *id));
        }
        self.make_network(spec, &old, fields)
    }

    fn make_network(
        &mut self,
        spec: NetworkSpec,
        old: &[&Network],
        fields: Vec<FieldDiff>,
    ) -> Joined {
        let address = format!("docker/network/{}", spec.name);
        if old.is_empty() {
            let operation = Operation::CreateNetwork(spec);
            self.changes.push(
                Change::new(address, Action::Create, Stage::Network, operation)
                    .because("it does not exist"),
            );
            return Joined { id: None, cut_off: BTreeSet::new() };
        }
        let mut retired = Vec::new();
        let mut cut_off = BTreeSet::new();
        for network in old {
            let containers = self.attached(network);
            cut_off.extend(containers.iter().cloned());
            self.retired.insert(network.id.clone());
            retired.push(RetiredNetwork {
                id: network.id.clone(),
                name: network.name.clone(),
                containers,
            });
        }
        let names = self.names(&cut_off);
        let moment = self.moment(names.split(", ").map(|name| name.trim_matches('`')));
        let change = Change::new(
            address,
            Action::Replace,
            Stage::Network,
            Operation::ReplaceNetwork { network: spec, old: retired, after: moment.after },
        )
        .because("a network cannot be changed in place")
        .risk(Risk::Disruptive)
        .fields(fields);
        let impact = |change: Change<Operation>| {
            change.impact(format!("{names} down until replaced{}", moment.told))
        };
        self.changes.push(if names.is_empty() { change } else { impact(change) });
        Joined { id: None, cut_off }
    }

    /// The containers on a network of ours; a foreign one is refused, since
    /// the network cannot be removed under it.
    pub(super) fn attached(&mut self, network: &Network) -> Vec<String> {
        let mut ids = Vec::new();
        let observed = self.observed;
        for summary in &observed.summaries {
            if !summary.networks.contains(&network.name) {
                continue;
            }
            if self.is_ours(summary.stack.as_deref()) {
                ids.push(summary.id.clone());
            } else {
                self.errors.push(
                    Diagnostic::error(
                        Kind::Refused,
                        format!("network `{}` cannot be removed", network.name),
                    )
                    .code("docker::attached")
                    .cause(format!("container `{}`, which is not ours, is on it", summary.name))
                    .hint(format!("docker network disconnect {} {}", network.name, summary.name)),
                );
            }
        }
        ids
    }

    fn names(&self, ids: &BTreeSet<String>) -> String {
        let running = self
            .observed
            .summaries
            .iter()
            .filter(|summary| summary.running && ids.contains(&summary.id))
            .map(|summary| format!("`{}`", summary.name));
        running.collect::<Vec<_>>().join(", ")
    }
}

fn compare(network: &Network, spec: &NetworkSpec) -> Vec<FieldDiff> {
    let Network { id: _, name: _, driver, options, subnets, internal, ipv6, labels } = network;
    let mut fields = Vec::new();
    fields.extend(FieldDiff::compare("driver", Some(driver), Some(&spec.driver)));
    fields.extend(FieldDiff::compare("internal", Some(*internal), Some(false)));
    // The subset has no way to ask for IPv6 but by a subnet.
    let wants_ipv6 = spec.subnets.iter().any(|subnet| matches!(subnet, IpNet::V6(_)));
    fields.extend(FieldDiff::compare("ipv6", Some(*ipv6), Some(wants_ipv6)));
    if !spec.subnets.is_empty() {
        fields.extend(FieldDiff::compare("subnet", list(subnets), list(&spec.subnets)));
    }
    let explicit: BTreeMap<&String, &String> =
        options.iter().filter(|(key, _)| !IMPLIED.contains(&key.as_str())).collect();
    fields.extend(maps(&explicit, &spec.options.iter().collect()));
    // docker-compose's own labels say who made it, not what it is.
    let own = |labels: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        let own = labels.iter().filter(|(key, _)| !key.starts_with(labels::PREFIX));
        own.map(|(key, value)| (format!("label {key}"), value.clone())).collect()
    };
    let (before, after) = (own(labels), own(&spec.labels));
    fields.extend(maps(&before.iter().collect(), &after.iter().collect()));
    fields
}

fn maps(before: &BTreeMap<&String, &String>, after: &BTreeMap<&String, &String>) -> Vec<FieldDiff> {
    let keys: BTreeSet<&&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter_map(|key| FieldDiff::compare(*key, before.get(key), after.get(key)))
        .collect()
}

fn list(subnets: &[IpNet]) -> Option<String> {
    (!subnets.is_empty())
        .then(|| subnets.iter().map(IpNet::to_string).collect::<Vec<_>>().join(" "))
}

/// Says why another network and the desired one cannot both exist. Overlay
/// networks have an address space of their own.
fn clash(network: &Network, spec: &NetworkSpec) -> Option<String> {
    if network.driver == "overlay" {
        return None;
    }
    let overlap = |a: &IpNet, b: &IpNet| a.contains(&b.network()) || b.contains(&a.network());
    let subnet =
        network.subnets.iter().find(|subnet| spec.subnets.iter().any(|w| overlap(subnet, w)));
    if let Some(subnet) = subnet {
        return Some(format!("its subnet {subnet} overlaps"));
    }
    let bridge = spec.options.get(BRIDGE)?;
    (network.options.get(BRIDGE) == Some(bridge)).then(|| format!("it has the bridge `{bridge}`"))
}
