//! Prometheus's settings: who runs it, where it is, what it scrapes.

use super::expect::one_of;
use super::reader::Reader;
use super::settings::{Mode, PrometheusSettings};
use super::{duration, image, network, secret};
use crate::diagnostic::{Diagnostic, Origin};

const CONFIG_FILE: &str = "otelctl::prometheus::config_file";

impl PrometheusSettings {
    /// Reads the keys of Prometheus.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mode = reader
            .setting("otelctl::prometheus::mode", Mode::Managed, |node| one_of(node, &Mode::WORDS));
        let default = image::default("prom/prometheus", "v3.5.0");
        let image = reader.setting("otelctl::prometheus::image", default, image::image);
        image::warn_unpinned(&image, &mut reader.diagnostics);
        let url = reader.optional("otelctl::prometheus::url", network::url);
        let config_file = reader.optional(CONFIG_FILE, network::absolute_path);
        let login =
            secret::login(reader, "otelctl::prometheus::username", "otelctl::prometheus::password");
        let given: [(&str, Option<&Origin>); 3] = [
            ("otelctl::prometheus::url", url.as_ref().map(|s| &s.origin)),
            (CONFIG_FILE, config_file.as_ref().map(|s| &s.origin)),
            ("otelctl::prometheus::username", login.as_ref().map(|l| &l.username.origin)),
        ];
        for (key, origin) in given {
            let Some(origin) = origin.filter(|_| mode.value != Mode::External) else { continue };
            let warning = format!("`{key}` has no effect unless the mode is `external`");
            let warning = Diagnostic::warning(warning).code("profile::no-effect").at(origin);
            reader.diagnostics.push(if key == CONFIG_FILE {
                warning.hint("entries that otelctl put there stay: take its marked blocks out, or run `otelctl destroy` under the mode `external` first")
            } else {
                warning
            });
        }
        if mode.value == Mode::External && config_file.is_none() {
            let note = "the scrape job and the rules are rendered for your Prometheus, and not put into its configuration";
            let note = Diagnostic::note(note).code("profile::prometheus-external").at(&mode.origin);
            let hint = format!("set `{CONFIG_FILE}`, or include both files yourself");
            reader.diagnostics.push(note.hint(hint));
        }
        Self {
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
            config_file,
            login,
        }
    }
}
