//! The collector's settings: image, version, memory, batches, labels.

use super::expect::number;
use super::reader::Reader;
use super::settings::CollectorSettings;
use super::value::Version;
use super::{duration, image, label};
use crate::diagnostic::Sourced;
use std::collections::BTreeMap;

impl CollectorSettings {
    /// Reads the keys of the collector.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        const VERSION: &str = "otelctl::collector_version";
        let default = image::default("otel/opentelemetry-collector-contrib", "0.91.0");
        let image =
            reader.setting("profile::otel_collector::otel_collector_image", default, image::image);
        image::warn_unpinned(&image, &mut reader.diagnostics);
        let version = reader.optional(VERSION, image::version);
        let version = version.or_else(|| image::version_of(&image));
        if version.is_none() && !reader.is_mistaken(VERSION) {
            reader.diagnostics.push(image::no_version(&image));
        }
        Self {
            // Stands in for a version that was just refused.
            version: version.unwrap_or(Sourced::default_value(Version::new(0, 91, 0))),
            image,
            // The processor's own default: what waits goes with a collector that stops.
            batch_timeout: reader.setting(
                "profile::otel_collector::batch_timeout",
                "200ms".to_owned(),
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
}
