//! The kinds of failure, each with its documented exit code.

/// Says what sort of failure an error is; each kind has one exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Something asked for could not be done (an image that does not exist, too).
    Failed,
    /// The command line is wrong.
    Usage,
    /// The profile or a template is wrong; nothing was touched.
    Profile,
    /// The host, Docker, Prometheus or Grafana cannot be reached.
    Unreachable,
    /// A bug in otelctl.
    Bug,
    /// Refused: a foreign object, a port held by somebody else, a cap.
    Refused,
    /// Another run holds the lock.
    Locked,
    /// Partly applied, or rolled back.
    Partial,
    /// The operating system or a service denied permission.
    Permission,
    /// An end-to-end check failed.
    Verify,
    /// Interrupted by a signal.
    Interrupted,
}

impl Kind {
    /// Every kind, in the order of the exit codes.
    pub const ALL: [Self; 11] = [
        Self::Failed,
        Self::Usage,
        Self::Profile,
        Self::Unreachable,
        Self::Bug,
        Self::Refused,
        Self::Locked,
        Self::Partial,
        Self::Permission,
        Self::Verify,
        Self::Interrupted,
    ];

    /// Returns the documented exit code.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 64,
            Self::Profile => 65,
            Self::Unreachable => 69,
            Self::Bug => 70,
            Self::Refused => 73,
            Self::Locked => 75,
            Self::Partial => 76,
            Self::Permission => 77,
            Self::Verify => 78,
            Self::Interrupted => 130,
        }
    }

    /// Returns the line of the exit code table in `--help`.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Profile => "profile or template wrong, nothing touched",
            Self::Unreachable => "host, Docker, Prometheus or Grafana unreachable",
            Self::Bug => "bug in otelctl",
            Self::Refused => "refused: foreign object, port held by somebody else, cap",
            Self::Locked => "locked by another run",
            Self::Partial => "partly applied or rolled back",
            Self::Permission => "permission denied",
            Self::Verify => "verify failed",
            Self::Interrupted => "interrupted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use std::collections::BTreeSet;

    #[test]
    fn exit_codes_are_distinct() {
        let codes: BTreeSet<u8> = Kind::ALL.iter().map(|kind| kind.exit_code()).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
        assert!(!codes.contains(&0) && !codes.contains(&2), "0 and 2 mean success");
    }
}
