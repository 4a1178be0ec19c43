//! What the settings of a profile mean together.
//!
//! Finds contradictions and what a user would be surprised by. Pure.

use super::{DETAIL_LABELS, Exposure, Port, retention};
use crate::diagnostic::{Diagnostic, Kind};
use crate::profile::Profile;
use ipnet::IpNet;
use std::net::IpAddr;

/// Looks at everything that a single setting cannot show.
pub fn cross_checks(profile: &Profile, ports: &[Port], host: &[IpAddr]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(unnamed(ports));
    found.extend(ports.iter().filter_map(|port| named_in_vain(profile, port)));
    found.extend(ports.iter().filter_map(|port| unfiltered(profile, port)));
    found.extend(subnet(profile, host));
    found.extend(labels(profile));
    found.extend(retention::too_short(&profile.prometheus));
    found
}

/// A label that is constant and comes from clients, too: the exporter would show nothing.
fn labels(profile: &Profile) -> Vec<Diagnostic> {
    let constant = &profile.collector.const_labels;
    let from_clients = profile.labels.value.iter().map(|label| label.label.as_str());
    let of_sessions = DETAIL_LABELS.into_iter().filter(|_| profile.detail.value);
    let twice = from_clients.chain(of_sessions).filter(|it| constant.value.contains_key(*it));
    twice
        .map(|label| {
            let message = format!("`profile::otel_collector::const_labels` names `{label}`, which comes from clients, too");
            Diagnostic::error(Kind::Profile, message)
                .code("stack::label-twice")
                .at(&constant.origin)
                .cause("the exporter shows no counter whose label is there twice")
                .hint(format!("remove `{label}` from it, or from `otelctl::metric_labels`"))
        })
        .collect()
}

/// A rule that nobody enforces: Docker forwards to published ports ahead of INPUT.
fn unfiltered(profile: &Profile, port: &Port) -> Option<Diagnostic> {
    if profile.firewall.manage.value || port.exposure == Exposure::Loopback {
        return None;
    }
    let message = format!(
        "port {} (`{}`) is open to everybody who reaches this host: with `otelctl::firewall::manage: false` otelctl does not enforce its rules",
        port.host.value, port.setting
    );
    let hint = "filter it ahead of Docker, in the chain DOCKER-USER or in prerouting: rules in INPUT do not see it";
    let warning = Diagnostic::warning(message).code("stack::unfiltered");
    Some(warning.at(&profile.firewall.manage.origin).hint(hint))
}

/// The ports that are published for others and that no rule names, in one note.
fn unnamed(ports: &[Port]) -> Option<Diagnostic> {
    let unnamed: Vec<&Port> = ports
        .iter()
        .filter(|port| port.sources.is_empty() && ["grpc", "http", "metrics"].contains(&port.name))
        .collect();
    let first = unnamed.first()?;
    let who = match first.exposure {
        Exposure::Address(_) => "this host only",
        Exposure::Loopback | Exposure::Everywhere => "on loopback only",
    };
    let names: Vec<String> =
        unnamed.iter().map(|port| format!("{} ({})", port.host.value, port.name)).collect();
    let (noun, verb) = if unnamed.len() == 1 { ("port", "answers") } else { ("ports", "answer") };
    let message = format!(
        "{noun} {} {verb} {who}: no rule of `profile::firewall::custom_rules` accepts anybody",
        names.join(", ")
    );
    let hint = "to open one, add a rule with its `port`, a `source` and `jump: accept`";
    let note = Diagnostic::note(message).code("stack::loopback-only").hint(hint);
    Some(note.at(&first.host.origin))
}

/// A rule for a port that stays on loopback whatever the rules say.
fn named_in_vain(profile: &Profile, port: &Port) -> Option<Diagnostic> {
    if !matches!(port.name, "health" | "pprof") {
        return None;
    }
    let rule = profile.firewall.rules.iter().find(|rule| rule.ports.contains(&port.host.value))?;
    let message = format!(
        "rule `{}` has no effect on port {} (`{}`), which is always bound to loopback",
        rule.name, port.host.value, port.setting
    );
    Some(Diagnostic::warning(message).code("stack::loopback-only").at(&rule.origin))
}

/// The containers' subnet must not be a network that somebody else is in.
fn subnet(profile: &Profile, host: &[IpAddr]) -> Vec<Diagnostic> {
    let subnet = profile.subnet.value;
    let net = IpNet::V4(subnet);
    let mut found = Vec::new();
    for rule in &profile.firewall.rules {
        for source in &rule.sources.value {
            if net.contains(source) {
                let message = format!(
                    "rule `{}` accepts `{source}`, which lies in the containers' subnet `{net}` ({})",
                    rule.name, profile.subnet.origin
                );
                let error = Diagnostic::error(Kind::Profile, message).code("stack::subnet-overlap");
                found.push(
                    error.at(&rule.sources.origin).hint("set `otelctl::subnet` to a free network"),
                );
            } else if source.prefix_len() > 0 && source.contains(&net) {
                let message = format!(
                    "rule `{}` accepts `{source}`, of which `{net}` is the containers' own subnet ({})",
                    rule.name, profile.subnet.origin
                );
                let warning = Diagnostic::warning(message).code("stack::subnet-overlap");
                let hint = "clients there are not reached; set `otelctl::subnet` if there are any";
                found.push(warning.at(&rule.sources.origin).hint(hint));
            }
        }
    }
    if let Some(address) = &profile.listen_address
        && net.contains(&address.value)
    {
        let message = format!(
            "`otelctl::listen_address` is `{}`, which lies in the containers' subnet `{net}` ({})",
            address.value, profile.subnet.origin
        );
        let error = Diagnostic::error(Kind::Profile, message).code("stack::subnet-overlap");
        found.push(error.at(&address.origin).hint("set `otelctl::subnet` to a free network"));
    }
    // The bridge itself has the subnet's first address once the stack runs.
    let gateway = subnet.hosts().next().map(IpAddr::V4);
    for address in
        host.iter().filter(|address| net.contains(*address) && Some(**address) != gateway)
    {
        let message =
            format!("this host has the address `{address}` in the containers' subnet `{net}`");
        let warning = Diagnostic::warning(message).code("stack::subnet-overlap");
        found.push(
            warning.at(&profile.subnet.origin).hint("set `otelctl::subnet` to a free network"),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::stack::build::tests::try_build;

    #[test]
    fn a_label_comes_from_one_place() {
        let constant = "profile::otel_collector::const_labels: {team: x}\n";
        let twice = format!("{constant}otelctl::metric_labels: [type, team]");
        let failure = try_build(&twice, &[]).unwrap_err().to_string();
        assert!(failure.contains("names `team`, which comes from clients, too"), "{failure}");
        assert!(try_build(constant, &[]).is_ok());
        let user = "profile::otel_collector::const_labels: {user: x}\n";
        assert!(try_build(user, &[]).is_ok());
        assert!(try_build(&format!("{user}otelctl::detail: true"), &[]).is_err());
    }
}
