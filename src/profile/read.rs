//! Reads a profile: every key once, every mistake of the file at once.

use super::expect::{boolean, number, one_of, text, text_that};
use super::reader::Reader;
use super::rule::{Reading, rule};
use super::settings::{
    CollectorSettings, FirewallSettings, GrafanaSettings, LogSettings, Mode, PortSettings, Profile,
    PrometheusSettings,
};
use super::{Rule, duration, image, keys, label, network, port, price};
use crate::diagnostic::{Diagnostic, Failure, Kind, Origin, Sourced};
use crate::hiera::{DataFile, Value};
use crate::stack::Image;
use std::collections::BTreeMap;

const MODES: [(&str, Mode); 3] =
    [("managed", Mode::Managed), ("external", Mode::External), ("none", Mode::None)];

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
    let prometheus = prometheus(reader);
    let published = ports.published(prometheus.mode.value == Mode::Managed);
    reader.diagnostics.extend(port::clashes(&published));
    let numbers: Vec<u16> = published.iter().map(|(_, port)| port.value).collect();
    tempo(reader);
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
        subnet: reader.setting("otelctl::subnet", DEFAULT_SUBNET, network::subnet),
        collector: collector(reader),
        grafana: grafana(reader),
        firewall: FirewallSettings {
            manage: reader.setting("otelctl::firewall::manage", true, boolean),
            rules: rules(reader, &numbers),
        },
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

const DEFAULT_SUBNET: ipnet::Ipv4Net =
    ipnet::Ipv4Net::new_assert(std::net::Ipv4Addr::new(172, 31, 250, 0), 24);

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

fn collector(reader: &mut Reader<'_>) -> CollectorSettings {
    let default = default_image("otel/opentelemetry-collector-contrib", "0.91.0");
    let image = reader.optional("profile::otel_collector::otel_collector_image", image::image);
    let version = reader.optional("otelctl::collector_version", image::version);
    let image = image.unwrap_or_else(|| Sourced::default_value(default));
    image::warn_unpinned(&image, &mut reader.diagnostics);
    CollectorSettings {
        version: image::collector_version(&image, version, &mut reader.diagnostics),
        image,
        batch_timeout: reader.setting(
            "profile::otel_collector::batch_timeout",
            "1s".to_owned(),
            duration::go,
        ),
        // Below 128 MiB the collector would refuse what clients send.
        memory_limit_mib: reader.setting(
            "profile::otel_collector::memory_limit_mib",
            512,
            |node| number(node, 128, 1 << 20, "a number of MiB"),
        ),
        const_labels: reader.setting(
            "profile::otel_collector::const_labels",
            BTreeMap::new(),
            label::labels,
        ),
    }
}

fn prometheus(reader: &mut Reader<'_>) -> PrometheusSettings {
    let mode =
        reader.setting("otelctl::prometheus::mode", Mode::Managed, |node| one_of(node, &MODES));
    let default = default_image("prom/prometheus", "v3.5.0");
    let image = reader.setting("otelctl::prometheus::image", default, image::image);
    image::warn_unpinned(&image, &mut reader.diagnostics);
    let url = reader.optional("otelctl::prometheus::url", network::url);
    if mode.value == Mode::External {
        let note = "the scrape job and the rules are rendered for your Prometheus, which this version does not set up";
        let note = Diagnostic::note(note).code("profile::prometheus-external").at(&mode.origin);
        reader.diagnostics.push(note.hint("put both files into its configuration and reload it"));
    } else if let Some(url) = &url {
        let warning = "`otelctl::prometheus::url` has no effect unless the mode is `external`";
        reader
            .diagnostics
            .push(Diagnostic::warning(warning).code("profile::no-effect").at(&url.origin));
    }
    PrometheusSettings {
        mode,
        image,
        retention: reader.setting(
            "otelctl::prometheus::retention",
            "400d".to_owned(),
            duration::prometheus,
        ),
        scrape_interval: reader.setting(
            "profile::otel_collector::prometheus_scrape_interval",
            "15s".to_owned(),
            duration::prometheus,
        ),
        scrape_target: reader.optional("otelctl::prometheus::scrape_target", network::target),
        url,
    }
}

fn default_image(repository: &str, tag: &str) -> Image {
    Image { repository: repository.to_owned(), tag: Some(tag.to_owned()), digest: None }
}

fn grafana(reader: &mut Reader<'_>) -> GrafanaSettings {
    let mode = reader.setting("otelctl::grafana::mode", Mode::Managed, |node| one_of(node, &MODES));
    if mode.value != Mode::None {
        let note = "Grafana is left out: this version neither runs it nor pushes dashboards";
        let note = Diagnostic::note(note).code("profile::grafana-later").at(&mode.origin);
        reader.diagnostics.push(note.hint("set `otelctl::grafana::mode: none` to silence this"));
    }
    GrafanaSettings {
        mode,
        dashboards: reader.setting(
            "profile::otel_collector::enable_grafana_dashboards",
            true,
            boolean,
        ),
        datasource: reader.setting(
            "profile::otel_collector::grafana_datasource_name",
            "Prometheus".to_owned(),
            text,
        ),
    }
}

/// Grafana Cloud Tempo: checked, not supported yet; the secret is not kept.
fn tempo(reader: &mut Reader<'_>) {
    const ENABLE: &str = "profile::otel_collector::enable_grafana_cloud_tempo";
    const API_KEY: &str = "profile::otel_collector::grafana_cloud_tempo_api_key";
    let enabled = reader.setting(ENABLE, false, boolean);
    if enabled.value {
        let message = format!("`{ENABLE}: true` is not supported by this version");
        let error = Diagnostic::error(Kind::Profile, message).code("profile::unsupported");
        reader.diagnostics.push(error.at(&enabled.origin).hint("set it to `false`"));
    }
    for key in ["grafana_cloud_tempo_endpoint", "grafana_cloud_tempo_username"] {
        reader.optional(&format!("profile::otel_collector::{key}"), |node| match node.value {
            // User names of Grafana Cloud are numbers.
            Value::Integer(number) => Ok(number.to_string()),
            _ => text(node),
        });
    }
    let protocols = [("otlp", ()), ("otlphttp", ())];
    reader.optional("profile::otel_collector::tempo_protocol", |node| one_of(node, &protocols));
    if let Some(node) = reader.node(API_KEY)
        && !matches!(node.value, Value::Text(_))
    {
        // What stands there may be the secret itself, so only its type is told.
        let message = format!("`{API_KEY}` is {}, expected text", node.value.kind());
        let error = Diagnostic::error(Kind::Profile, message).code("profile::wrong-type");
        reader.diagnostics.push(error.at(&node.origin()));
    }
}

/// Sorts the custom rules into ours and others, and tells of the others.
fn rules(reader: &mut Reader<'_>, published: &[u16]) -> Vec<Rule> {
    let Some(node) = reader.node(keys::RULES) else { return Vec::new() };
    let entries = match &node.value {
        Value::Mapping(entries) => entries.as_slice(),
        Value::Null => &[],
        _ => {
            let expected = "a mapping of rule names to rules";
            reader.mistakes(keys::RULES, vec![super::expect::Mistake::wrong_type(node, expected)]);
            &[]
        }
    };
    let (mut ours, mut foreign) = (Vec::new(), Vec::new());
    for (key, value) in entries {
        let name =
            key.value.as_text().map_or_else(|| super::expect::found(&key.value), str::to_owned);
        match rule(&name, key, value, published) {
            Ok(Reading::Ours(rule)) => {
                warn_open(reader, &rule, &key.origin());
                ours.push(rule);
            }
            Ok(Reading::Foreign) => foreign.push(format!("`{name}`")),
            Ok(Reading::Unreadable(at)) => {
                let message = format!(
                    "rule `{name}` names no port that can be read, so it opens none of this stack"
                );
                let warning = Diagnostic::warning(message).code("profile::firewall-rule");
                reader.diagnostics.push(warning.at(&at));
            }
            Err(mistakes) => reader.mistakes(keys::RULES, mistakes),
        }
    }
    if !foreign.is_empty() {
        let message = format!(
            "rules that name no port of this stack are left to their owner: {}",
            foreign.join(", ")
        );
        let note = Diagnostic::note(message).code("profile::foreign-rules");
        reader.diagnostics.push(note.at(&node.origin()));
    }
    ours
}

fn warn_open(reader: &mut Reader<'_>, rule: &Rule, at: &Origin) {
    if rule.sources.value == super::rule::anywhere() {
        let message = format!("rule `{}` has no `source`, so everybody gets in", rule.name);
        let warning = Diagnostic::warning(message).code("profile::firewall-rule");
        reader.diagnostics.push(warning.at(at).hint("add `source`"));
    }
}
