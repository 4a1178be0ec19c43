//! Grafana, its data source and its folder, as the profile asks for them.
//!
//! Pure decisions: where Grafana reaches Prometheus, and what is whose.

use super::build::{GRAFANA, PROMETHEUS};
use super::secret_file::{ADMIN_PASSWORD, Content, SecretFile};
use super::{Container, Datasource, Folder, Grafana, Port};
use crate::diagnostic::{Diagnostic, Kind, Sourced};
use crate::profile::{Access, Login, Mode, Profile};
use crate::secret::Reference;
use std::path::Path;

/// The user id in the official image.
pub(super) const USER: u32 = 472;
/// What an external Prometheus listens on unless the profile says otherwise.
pub(super) const PROMETHEUS_URL: &str = "http://localhost:9090";

/// The ends of the dashboards' uids: `otelctl-otel-overview`.
const DASHBOARDS: [&str; 3] = ["overview", "costs", "session"];

impl Grafana {
    /// The uids of all dashboards that any profile of this stack makes.
    #[must_use]
    pub fn dashboard_uids(&self) -> Vec<String> {
        DASHBOARDS.iter().map(|end| format!("{}-{end}", self.folder.uid)).collect()
    }

    /// The file with the managed one's password.
    #[must_use]
    pub fn password_file(&self) -> Option<&Path> {
        self.container.as_ref()?;
        match &self.access {
            Access::Login(Login { password, .. }) => match &password.value {
                Reference::File(path) => Some(path),
                Reference::Literal(_) | Reference::Environment(_) => None,
            },
            Access::Token(_) => None,
        }
    }
}

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

/// A loopback address means another machine, or another container, over there.
pub(super) fn unreachable_datasource(grafana: &Grafana) -> Option<Diagnostic> {
    let Some(url) = &grafana.datasource.url else {
        grafana.container.as_ref()?;
        let message = "the managed Grafana has no Prometheus to show";
        let error = Diagnostic::error(Kind::Profile, message).code("stack::no-datasource");
        return Some(
            error
                .at(&grafana.url.origin)
                .hint("set `otelctl::grafana::datasource_url`, or `otelctl::grafana::mode: none`"),
        );
    };
    let (who, cause) = match &grafana.container {
        Some(_) => ("the managed Grafana".to_owned(), "in its container that is Grafana itself"),
        None if is_local(&grafana.url.value) || grafana.datasource.theirs => return None,
        None => (format!("Grafana at `{}`", grafana.url.value), "there that is another machine"),
    };
    is_local(&url.value).then(|| {
        let message = format!("{who} cannot reach Prometheus at `{}`: {cause}", url.value);
        let origin = if url.origin.location().is_some() { &url.origin } else { &grafana.url.origin };
        let hint = match &grafana.container {
            Some(_) => "set `otelctl::grafana::datasource_url` to an address of this host that Prometheus listens on",
            None => "set `otelctl::grafana::datasource_url` to an address that Grafana reaches, or `otelctl::grafana::datasource_uid` to a data source that exists",
        };
        Diagnostic::warning(message).code("stack::datasource-loopback").at(origin).hint(hint)
    })
}

fn is_local(url: &str) -> bool {
    let host = url.split("//").nth(1).unwrap_or_default();
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::stack::build::tests::{build, told};

    const EXTERNAL: &str = "otelctl::grafana::mode: external\notelctl::grafana::token: env:T\n";

    #[test]
    fn grafana_finds_prometheus_where_it_stands() {
        let url = |text: &str| {
            let grafana = build(text, &[]).grafana.expect("a Grafana");
            grafana.datasource.url.map(|url| url.value).unwrap_or_default()
        };
        assert_eq!(url("{}"), "http://prometheus:9090");
        let local = format!("{EXTERNAL}otelctl::grafana::url: http://localhost:3000\n");
        assert_eq!(url(&local), "http://127.0.0.1:9090");
        let both = format!(
            "{local}otelctl::prometheus::mode: external\notelctl::prometheus::url: http://p:9090\n"
        );
        assert_eq!(url(&both), "http://p:9090");
        let given = format!("{both}otelctl::grafana::datasource_url: http://q:9090\n");
        assert_eq!(url(&given), "http://q:9090");
        assert_eq!(url(&format!("{local}otelctl::prometheus::mode: none\n")), "");
    }

    #[test]
    fn a_loopback_that_is_somebody_elses_is_warned_of() {
        let warned = |text: &str| {
            let stack = build(text, &[]);
            let warnings = stack.notes.iter().filter(|note| note.severity == Severity::Warning);
            (warnings.count(), told(&stack))
        };
        let (count, text) = warned("otelctl::prometheus::mode: external\n");
        assert!(count == 1 && text.contains("the managed Grafana cannot reach"), "{text}");
        let far = format!("{EXTERNAL}otelctl::grafana::url: https://grafana.lan\n");
        let (count, text) = warned(&far);
        assert!(
            count == 1 && text.contains("Grafana at `https://grafana.lan` cannot reach"),
            "{text}"
        );
        let (count, text) = warned(&format!("{far}otelctl::grafana::datasource_uid: abc\n"));
        assert_eq!(count, 0, "{text}");
        let near = format!("{EXTERNAL}otelctl::grafana::url: http://127.0.0.1:3000\n");
        assert_eq!(warned(&near).0, 0);
    }

    #[test]
    fn a_password_that_is_generated_belongs_to_the_managed_grafana() {
        let stack = build("{}", &[]);
        assert_eq!(stack.secrets.len(), 1);
        assert_eq!(stack.secrets[0].path, super::ADMIN_PASSWORD);
        let far = format!("{EXTERNAL}otelctl::grafana::url: http://127.0.0.1:3000\n");
        assert!(build(&far, &[]).secrets.is_empty());
    }
}
