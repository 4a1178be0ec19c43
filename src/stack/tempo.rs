//! Grafana Cloud Tempo: the file that opens it to the collector.

use super::secret_file::{Content, SecretFile, TEMPO_AUTHORIZATION};
use crate::profile::TempoSettings;

/// The user id in the collector's image.
pub(super) const COLLECTOR_USER: u32 = 10001;

/// The header that the collector shows at Tempo's door.
pub(super) fn secret_file(tempo: &TempoSettings) -> SecretFile {
    SecretFile {
        path: TEMPO_AUTHORIZATION.to_owned(),
        owner: COLLECTOR_USER,
        content: Content::BasicAuthorization {
            username: tempo.username.value.clone(),
            key: "profile::otel_collector::grafana_cloud_tempo_api_key",
            password: tempo.api_key.clone(),
        },
    }
}
