//! Grafana's settings: who runs it, where it is, what it shows.

use super::expect::{boolean, one_of, text, text_that};
use super::reader::Reader;
use super::settings::{Access, ExternalGrafana, GrafanaSettings, Mode};
use super::{image, network, secret};
use crate::diagnostic::{Diagnostic, Kind, Origin, Sourced};

const MODE: &str = "otelctl::grafana::mode";
const URL: &str = "otelctl::grafana::url";
const TOKEN: &str = "otelctl::grafana::token";
const USERNAME: &str = "otelctl::grafana::username";
const PASSWORD: &str = "otelctl::grafana::password";
const CA_FILE: &str = "otelctl::grafana::ca_file";
const DATASOURCE_UID: &str = "otelctl::grafana::datasource_uid";

impl GrafanaSettings {
    /// Reads the keys of Grafana.
    ///
    /// Where there is no Prometheus to show, none is the default.
    pub(super) fn read(reader: &mut Reader<'_>, prometheus: Mode) -> Self {
        let default = if prometheus == Mode::None { Mode::None } else { Mode::Managed };
        let mode = reader.setting(MODE, default, |node| one_of(node, &Mode::WORDS));
        let default = image::default("grafana/grafana", "12.1.0");
        let image = reader.setting("otelctl::grafana::image", default, image::image);
        image::warn_unpinned(&image, &mut reader.diagnostics);
        let external = external(reader, &mode);
        let datasource_uid = reader.optional(DATASOURCE_UID, |node| {
            text_that(node, "a uid of up to 40 letters, digits, `-` and `_`", is_uid)
        });
        without_effect(reader, &mode, DATASOURCE_UID, datasource_uid.as_ref().map(|s| &s.origin));
        Self {
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
            datasource_uid,
            datasource_url: reader.optional("otelctl::grafana::datasource_url", network::url),
            folder: reader.setting("otelctl::grafana::folder", "Claude Code".to_owned(), text),
            image,
            external,
        }
    }
}

/// Grafana's own rule for uids.
fn is_uid(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

fn external(reader: &mut Reader<'_>, mode: &Sourced<Mode>) -> Option<ExternalGrafana> {
    let url = reader.optional(URL, network::url);
    let token = secret::optional(reader, TOKEN);
    let login = secret::login(reader, USERNAME, PASSWORD);
    let ca_file = reader.optional(CA_FILE, network::absolute_path);
    let given = [
        (URL, url.as_ref().map(|s| &s.origin)),
        (TOKEN, token.as_ref().map(|s| &s.origin)),
        (USERNAME, login.as_ref().map(|l| &l.username.origin)),
        (CA_FILE, ca_file.as_ref().map(|s| &s.origin)),
    ];
    for (key, origin) in given {
        without_effect(reader, mode, key, origin);
    }
    if mode.value != Mode::External {
        return None;
    }
    if url.is_none() && !reader.is_mistaken(URL) {
        reader.diagnostics.push(needs(mode, &format!("`{URL}`")));
    }
    let mistaken = [TOKEN, USERNAME, PASSWORD].into_iter().any(|key| reader.is_mistaken(key));
    let access = match (token, login) {
        (Some(token), None) => Some(Access::Token(token)),
        (None, Some(login)) => Some(Access::Login(login)),
        (Some(token), Some(_)) => {
            let message = format!("`{TOKEN}` and `{USERNAME}` exclude each other");
            let error = Diagnostic::error(Kind::Profile, message).code("profile::contradiction");
            reader.diagnostics.push(error.at(&token.origin).hint("keep one of them"));
            None
        }
        (None, None) => {
            let half = reader.node(USERNAME).is_some() || reader.node(PASSWORD).is_some();
            if !mistaken && !half {
                let either = format!("`{TOKEN}`, or `{USERNAME}` and `{PASSWORD}`");
                reader.diagnostics.push(needs(mode, &either));
            }
            None
        }
    };
    Some(ExternalGrafana { url: url?, access: access?, ca_file })
}

fn needs(mode: &Sourced<Mode>, what: &str) -> Diagnostic {
    Diagnostic::error(Kind::Profile, format!("`{MODE}: external` needs {what}"))
        .code("profile::missing-key")
        .at(&mode.origin)
        .hint("add it, or let otelctl run Grafana: `mode: managed`")
}

fn without_effect(
    reader: &mut Reader<'_>,
    mode: &Sourced<Mode>,
    key: &str,
    origin: Option<&Origin>,
) {
    let Some(origin) = origin.filter(|_| mode.value != Mode::External) else { return };
    let warning = format!("`{key}` has no effect unless `{MODE}` is `external`");
    reader.diagnostics.push(Diagnostic::warning(warning).code("profile::no-effect").at(origin));
}
