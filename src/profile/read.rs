//! Reads a profile: every key once, every mistake of the file at once.

use super::expect::{boolean, number, text_that};
use super::reader::Reader;
use super::settings::{
    CollectorSettings, FirewallSettings, GrafanaSettings, LogSettings, Mode, PortSettings, Profile,
    PrometheusSettings,
};
use super::{duration, keys, network, port, price};
use crate::diagnostic::{Diagnostic, Failure, Kind, Sourced};
use crate::hiera::DataFile;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Small, private, and unlikely to be anybody else's.
const SUBNET: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(172, 31, 250, 0), 24);

impl Profile {
    /// Reads the text of one data file; `file` names it in messages.
    ///
    /// # Errors
    /// Every mistake in the file, in its order, each with its place.
    pub fn read(text: &str, file: &str) -> Result<Self, Failure> {
        let file = match DataFile::parse(text, file) {
            Ok(file) => file,
            Err(errors) => {
                Failure::check(errors)?;
                return Err(
                    Diagnostic::error(Kind::Bug, "a file was refused without an error").into()
                );
            }
        };
        let mut reader = Reader::new(&file);
        reader.diagnostics.extend(file.entries().iter().filter_map(keys::judge));
        let mut profile = settings(&mut reader);
        let mut diagnostics = reader.diagnostics;
        diagnostics.sort_by_key(|diagnostic| {
            diagnostic.origin.location().map(|location| (location.line, location.column))
        });
        profile.notes = Failure::check(diagnostics)?;
        Ok(profile)
    }
}

fn settings(reader: &mut Reader<'_>) -> Profile {
    let ports = PortSettings::read(reader);
    let prometheus = PrometheusSettings::read(reader);
    let published = ports.published(prometheus.mode.value == Mode::Managed);
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
        grafana: GrafanaSettings::read(reader),
        firewall: FirewallSettings::read(reader, &numbers),
        prices: reader.setting("otelctl::model_prices", price::defaults(), price::prices),
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
