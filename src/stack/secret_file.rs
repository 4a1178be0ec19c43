//! A file that holds a secret for one container.

use crate::diagnostic::Sourced;
use crate::secret::Reference;

/// The paths of all secret files that any profile makes.
pub const SECRET_PATHS: [&str; 3] = [ADMIN_PASSWORD, TEMPO_AUTHORIZATION, FORWARD_AUTHORIZATION];
/// Those among them that otelctl makes itself.
pub const GENERATED_SECRETS: [&str; 1] = [ADMIN_PASSWORD];
/// The managed Grafana's password.
pub(super) const ADMIN_PASSWORD: &str = "secrets/grafana/admin-password";
/// The header that opens Grafana Cloud Tempo to the collector.
pub(super) const TEMPO_AUTHORIZATION: &str = "secrets/collector/tempo-authorization";

/// The header that opens the endpoint of forwarding to the collector.
pub(super) const FORWARD_AUTHORIZATION: &str = "secrets/collector/forward-authorization";

/// A file below the stack's directory, mode 0400, that only its container's user reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFile {
    /// The path below the stack's directory: `secrets/SERVICE/NAME`.
    pub path: String,
    /// The user id that the container runs as.
    pub owner: u32,
    /// What stands in it.
    pub content: Content,
}

/// Where a secret file's content comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Made once at random; it lives exactly as long as the volume that it opens.
    Generated {
        /// Docker's name of that volume.
        volume: String,
    },
    /// An HTTP header for a user name and a password: `Basic BASE64`.
    BasicAuthorization {
        /// The user's name.
        username: String,
        /// The setting of the password, for messages.
        key: &'static str,
        /// Where the password is.
        password: Sourced<Reference>,
    },
    /// What the profile refers to.
    Given {
        /// The setting, for messages.
        key: &'static str,
        /// Where the secret is.
        reference: Sourced<Reference>,
    },
}
