//! Forwarding: the file that opens its endpoint to the collector.

use super::secret_file::{Content, FORWARD_AUTHORIZATION, SecretFile};
use super::tempo::COLLECTOR_USER;
use crate::profile::ForwardSettings;

/// The header that the collector shows at the endpoint's door, if there is one.
pub(super) fn secret_file(forward: &ForwardSettings) -> Option<SecretFile> {
    Some(SecretFile {
        path: FORWARD_AUTHORIZATION.to_owned(),
        owner: COLLECTOR_USER,
        content: Content::Given {
            key: "otelctl::forward::authorization",
            reference: forward.authorization.clone()?,
        },
    })
}
