//! What differs between the collector's releases.
//!
//! The one place where a version decides how the collector's configuration
//! looks. May not know anything else of the stack.

use crate::stack::Version;
use serde::Serialize;

/// How one release wants things written.
// Independent facts about a release, and no state machine.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Quirks {
    /// Own metrics by `telemetry.metrics.readers`, else by `.address`.
    ///
    /// Early releases read `address`: 0.91.0 ignores readers, and 0.98.0 listens at
    /// 8888 besides. 0.122.0 reads readers and calls `address` deprecated, 0.123
    /// ignores it, and 0.128 refuses to start with it.
    pub metrics_readers: bool,
    /// Exported names by `translation_strategy`, else by `add_metric_suffixes`.
    ///
    /// The Prometheus exporter's `config.go` has no `translation_strategy` in
    /// 0.130.0 and has it in 0.136.0, where both keys still work; by 0.155.0
    /// `add_metric_suffixes` is ignored.
    pub translation_strategy: bool,
    /// Leaves `otel_scope_*` labels out by `without_scope_info`.
    ///
    /// The exporter adds those labels from 0.128.0 or a little earlier, and has
    /// the key in 0.145.0 but not in 0.140.0, which takes it for a mistake and
    /// does not start. In between the labels are empty, and to Prometheus an
    /// empty label is none.
    pub without_scope_info: bool,
    /// Calls the processor `metrics_transform`, else `metricstransform`.
    ///
    /// 0.155.0 still takes the old name and warns that it is deprecated; when
    /// the new name came is not known, so only that release and later get it.
    pub metrics_transform: bool,
    /// Calls the exporters `otlp_grpc` and `otlp_http`, else `otlp` and `otlphttp`.
    ///
    /// 0.155.0 still takes the old names and warns that they are deprecated; as
    /// above, only that release and later get the new ones.
    pub otlp_grpc: bool,
    /// Bounds an exporter's queue by bytes, else by requests.
    ///
    /// `sizer` is unknown to 0.91.0 and proved with 0.155.0.
    pub queue_bytes: bool,
}

impl Quirks {
    /// Decides by the release.
    pub fn of(version: Version) -> Self {
        Self {
            metrics_readers: version >= Version::new(0, 122, 0),
            translation_strategy: version >= Version::new(0, 136, 0),
            without_scope_info: version >= Version::new(0, 145, 0),
            metrics_transform: version >= Version::new(0, 155, 0),
            otlp_grpc: version >= Version::new(0, 155, 0),
            queue_bytes: version >= Version::new(0, 155, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Quirks;
    use crate::stack::Version;

    #[test]
    fn the_two_proved_releases_differ_in_everything() {
        let all = |new| Quirks {
            metrics_readers: new,
            translation_strategy: new,
            without_scope_info: new,
            metrics_transform: new,
            otlp_grpc: new,
            queue_bytes: new,
        };
        assert_eq!(Quirks::of(Version::new(0, 91, 0)), all(false));
        assert_eq!(Quirks::of(Version::new(0, 155, 0)), all(true));
    }
}
