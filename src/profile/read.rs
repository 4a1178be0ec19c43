//! Reads a profile: every key once, every mistake of the file at once.

use super::answers::Answers;
use super::expect::{boolean, number, text_that};
use super::judgements::Judgements;
use super::reader::Reader;
use super::settings::{
    Budget, CollectorSettings, FirewallSettings, ForwardSettings, GrafanaSettings, LogSettings,
    Mode, PortSettings, Profile, PrometheusSettings, TempoSettings,
};
use super::{detail, duration, keys, label, network, port, price};
use crate::diagnostic::{Failure, Sourced};
use crate::hiera::{Facts, Hiera, Lookup, Scope};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Small, private, and unlikely to be anybody else's.
const SUBNET: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(172, 31, 250, 0), 24);

impl Profile {
    /// Reads the text of one data file, for a node without facts; `file` names it in messages.
    ///
    /// # Errors
    /// As [`Profile::of`].
    pub fn read(text: &str, file: &str) -> Result<Self, Failure> {
        let scope = Scope::new(Facts::none().root().clone(), "", "production");
        Self::of(&Hiera::plain(text, file)?.scoped(&scope), &Judgements::default())
    }

    /// Reads what a node's hierarchy says.
    ///
    /// # Errors
    /// Every mistake in its files, in the order of files and lines, each with its place.
    pub fn of(lookup: &Lookup<'_>, judgements: &Judgements) -> Result<Self, Failure> {
        let mut answers = Answers::of(lookup, judgements)?;
        let said = std::mem::take(&mut answers.diagnostics);
        let mut reader = Reader::new(&answers);
        reader.diagnostics = said;
        let mut profile = settings(&mut reader);
        let mut diagnostics = reader.diagnostics;
        // What has no place in a file comes last.
        diagnostics.sort_by_key(|diagnostic| {
            let place = diagnostic.origin.location();
            let place = place.map(|at| (at.file.clone(), at.line, at.column));
            (place.is_none(), place)
        });
        profile.notes = Failure::check(diagnostics)?;
        Ok(profile)
    }
}

fn settings(reader: &mut Reader<'_>) -> Profile {
    let ports = PortSettings::read(reader);
    let prometheus = PrometheusSettings::read(reader);
    let grafana = GrafanaSettings::read(reader, prometheus.mode.value);
    let managed_by_us = |mode: &Sourced<Mode>| mode.value == Mode::Managed;
    let published = ports.published(managed_by_us(&prometheus.mode), managed_by_us(&grafana.mode));
    let numbers: Vec<u16> = published.iter().map(|(_, port)| port.value).collect();
    port::clashes(reader, &published);
    Profile {
        managed: managed(reader),
        stack: reader.setting("otelctl::stack", "otel".to_owned(), |node| {
            let expected = "a name of up to 11 letters, digits and `-` (a small letter first)";
            text_that(node, expected, is_stack_name)
        }),
        directory: reader.setting(
            "profile::otel_collector::otel_dir",
            "/opt/otel".to_owned(),
            |node| {
                let expected = "an absolute path without `..` (letters, digits and `/._-+@`)";
                let path = text_that(node, expected, is_directory)?;
                Ok(path.trim_end_matches('/').to_owned())
            },
        ),
        listen_address: reader.optional("otelctl::listen_address", network::address),
        subnet: reader.setting("otelctl::subnet", SUBNET, network::subnet),
        collector: CollectorSettings::read(reader),
        grafana,
        tempo: TempoSettings::read(reader),
        forward: ForwardSettings::read(reader),
        firewall: FirewallSettings::read(reader, &numbers),
        prices: reader.setting("otelctl::model_prices", price::defaults(), price::prices),
        labels: reader.setting("otelctl::metric_labels", label::default_extra(), label::extra),
        detail: detail::read(reader, &prometheus.mode),
        budget: Budget::read(reader),
        log: LogSettings {
            max_size: reader.setting("otelctl::log_max_size", "10m".to_owned(), duration::log_size),
            files: reader.setting("otelctl::log_files", 3, |node| {
                number(node, 1, 1000, "a number of files")
            }),
        },
        ports,
        prometheus,
        notes: Vec::new(),
    }
}

fn is_stack_name(name: &str) -> bool {
    (1..=11).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The path stands in the compose file and in shell commands, hence the alphabet.
fn is_directory(path: &str) -> bool {
    let inner = path.strip_prefix('/').map(|path| path.strip_suffix('/').unwrap_or(path));
    path.len() <= 255
        && path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+@".contains(c))
        && inner.is_some_and(|inner| {
            inner.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
        })
}

/// Either form of the key switches everything off.
fn managed(reader: &mut Reader<'_>) -> Sourced<bool> {
    let plain = reader.setting(keys::MANAGE, true, boolean);
    let class = reader.setting("profile::otel_collector::manage_otel_collector", true, boolean);
    if plain.value { class } else { plain }
}

#[cfg(test)]
mod tests;
