//! Prometheus's settings: who runs it, where it is, what it scrapes.

use super::expect::one_of;
use super::reader::Reader;
use super::settings::{Mode, PrometheusSettings};
use super::{duration, image, network};
use crate::diagnostic::Diagnostic;

impl PrometheusSettings {
    /// Reads the keys of Prometheus.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mode = reader
            .setting("otelctl::prometheus::mode", Mode::Managed, |node| one_of(node, &Mode::WORDS));
        let default = image::default("prom/prometheus", "v3.5.0");
        let image = reader.setting("otelctl::prometheus::image", default, image::image);
        image::warn_unpinned(&image, &mut reader.diagnostics);
        let url = reader.optional("otelctl::prometheus::url", network::url);
        if mode.value == Mode::External {
            let note = "the scrape job and the rules are rendered for your Prometheus, which this version does not set up";
            let note = Diagnostic::note(note).code("profile::prometheus-external").at(&mode.origin);
            reader
                .diagnostics
                .push(note.hint("put both files into its configuration and reload it"));
        } else if let Some(url) = &url {
            let warning = "`otelctl::prometheus::url` has no effect unless the mode is `external`";
            reader
                .diagnostics
                .push(Diagnostic::warning(warning).code("profile::no-effect").at(&url.origin));
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
        }
    }
}
