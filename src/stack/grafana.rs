//! Grafana, its data source and its folder, as the profile asks for them.
//!
//! Pure decisions: where Grafana reaches Prometheus, and what is whose.

use super::build::{GRAFANA, PROMETHEUS};
use super::secret_file::{ADMIN_PASSWORD, Content, SecretFile};
use super::{Container, Datasource, Folder, Grafana, Port};
use crate::diagnostic::{Diagnostic, Kind, Sourced};
use crate::profile::{Access, Login, Mode, Profile};
use crate::secret::Reference;

/// The user id in the official image.
pub(super) const USER: u32 = 472;
/// What an external Prometheus listens on unless the profile says otherwise.
pub(super) const PROMETHEUS_URL: &str = "http://localhost:9090";

/// Decides everything about Grafana; none when the profile wants none.
pub(super) fn grafana(profile: &Profile, ports: &[Port]) -> Option<Grafana> {
    let (name, settings) = (&profile.stack.value, &profile.grafana);
    let uid = format!("otelctl-{name}");
    let datasource = Datasource {
        name: settings.datasource.clone(),
        uid: match (&settings.datasource_uid, settings.mode.value) {
            (Some(given), Mode::External) => given.clone(),
            _ => Sourced::default_value(uid.clone()),
        },
        theirs: settings.mode.value == Mode::External && settings.datasource_uid.is_some(),
        url: datasource_url(profile, ports),
        interval: profile.prometheus.scrape_interval.clone(),
    };
    let folder = Folder { uid, title: settings.folder.clone() };
    let published = ports.iter().find(|port| port.service == GRAFANA);
    let (url, access, ca_file, container) = match (&settings.external, published) {
        (Some(external), _) => {
            (external.url.clone(), external.access.clone(), external.ca_file.clone(), None)
        }
        (None, Some(port)) => {
            let url = port.host.clone().map(|_| format!("http://{}", port.local_address()));
            let password = format!("{}/{ADMIN_PASSWORD}", profile.directory.value);
            let login = Login {
                username: Sourced::default_value("admin".to_owned()),
                password: Sourced::default_value(Reference::File(password.into())),
            };
            let container = Container {
                name: format!("{name}-grafana"),
                image: settings.image.clone(),
                volume: format!("{name}_grafana-data"),
            };
            (url, Access::Login(login), None, Some(container))
        }
        (None, None) => return None,
    };
    Some(Grafana { url, access, ca_file, container, folder, datasource })
}

/// The managed Grafana's password, which lives as long as its volume.
pub(super) fn secret_file(grafana: &Grafana) -> Option<SecretFile> {
    let container = grafana.container.as_ref()?;
    Some(SecretFile {
        path: ADMIN_PASSWORD.to_owned(),
        owner: USER,
        content: Content::Generated { volume: container.volume.clone() },
    })
}

/// Where Grafana reaches Prometheus: containers by name, everybody else by address.
fn datasource_url(profile: &Profile, ports: &[Port]) -> Option<Sourced<String>> {
    let settings = &profile.grafana;
    if let Some(url) = &settings.datasource_url {
        return Some(url.clone());
    }
    let port = ports.iter().find(|port| port.service == PROMETHEUS);
    match (profile.prometheus.mode.value, settings.mode.value) {
        (Mode::Managed, Mode::Managed) => {
            Some(Sourced::default_value(format!("http://{PROMETHEUS}:9090")))
        }
        (Mode::Managed, _) => {
            port.map(|port| port.host.clone().map(|_| format!("http://{}", port.local_address())))
        }
        (Mode::External, _) => {
            let default = || Sourced::default_value(PROMETHEUS_URL.to_owned());
            Some(profile.prometheus.url.clone().unwrap_or_else(default))
        }
        (Mode::None, _) => None,
    }
}

/// A container's loopback is its own: it cannot reach the host's.
pub(super) fn unreachable_datasource(grafana: &Grafana) -> Option<Diagnostic> {
    grafana.container.as_ref()?;
    let Some(url) = &grafana.datasource.url else {
        let message = "the managed Grafana has no Prometheus to show";
        let error = Diagnostic::error(Kind::Profile, message).code("stack::no-datasource");
        return Some(
            error
                .at(&grafana.url.origin)
                .hint("set `otelctl::grafana::datasource_url`, or `otelctl::grafana::mode: none`"),
        );
    };
    let host = url.value.split("//").nth(1)?.trim_start_matches('[');
    let local = ["localhost", "127.", "::1]"].iter().any(|local| host.starts_with(local));
    local.then(|| {
        let message = format!(
            "the managed Grafana cannot reach Prometheus at `{}`: in its container that is Grafana itself",
            url.value
        );
        let warning = Diagnostic::warning(message).code("stack::datasource-loopback");
        warning.at(&url.origin).hint(
            "set `otelctl::grafana::datasource_url` to an address of this host that Prometheus listens on",
        )
    })
}
