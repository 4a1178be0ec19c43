//! Whether single sessions have counters, and whether they can.

use super::expect::boolean;
use super::reader::Reader;
use super::settings::Mode;
use crate::diagnostic::{Diagnostic, Kind, Sourced};

const DETAIL: &str = "otelctl::detail";

/// Counters of sessions have a port inside the stack's network alone.
pub(super) fn read(reader: &mut Reader<'_>, prometheus: &Sourced<Mode>) -> Sourced<bool> {
    let detail = reader.setting(DETAIL, false, boolean);
    if detail.value && prometheus.value != Mode::Managed {
        let message = format!("`{DETAIL}: true` needs a managed Prometheus");
        let error = Diagnostic::error(Kind::Profile, message).code("profile::contradiction");
        let cause = "the exporter of sessions is reached inside the stack's network alone";
        let hint = "remove it, or set `otelctl::prometheus::mode: managed`";
        reader.diagnostics.push(error.at(&detail.origin).cause(cause).hint(hint));
    }
    detail
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    #[test]
    fn sessions_need_a_managed_prometheus() {
        let read = |mode: &str| {
            let text = format!("otelctl::detail: true\notelctl::prometheus::mode: {mode}\n");
            Profile::read(&text, "p.yaml")
        };
        assert!(read("managed").is_ok_and(|profile| profile.detail.value));
        for mode in ["external", "none"] {
            let failure = read(mode).expect_err(mode);
            assert!(failure.to_string().contains("needs a managed Prometheus"), "{failure}");
        }
    }
}
